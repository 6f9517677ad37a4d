/// Writes a decoder as an ONNX graph without weights, and prepares the weights that ONNX Runtime is
/// handed beside it. Knows nothing of requests.
@NullMarked
package io.tuneplane.runner.serve.onnx;

import org.jspecify.annotations.NullMarked;
