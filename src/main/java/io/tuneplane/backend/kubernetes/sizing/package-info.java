/// How much GPU memory training and serving need, and which GPUs follow from it. Pure: nothing here
/// asks a cluster, a disk or a clock.
@NullMarked
package io.tuneplane.backend.kubernetes.sizing;

import org.jspecify.annotations.NullMarked;
