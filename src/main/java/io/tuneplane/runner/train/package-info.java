/// Trains LoRA adapters for models of the Llama family on this machine's CPU. Forward and backward
/// passes are written out by hand (`kernels.torchscript`) and run by libtorch through DJL; nothing
/// here uses automatic differentiation.
@NullMarked
package io.tuneplane.runner.train;

import org.jspecify.annotations.NullMarked;
