/// A Kubernetes cluster as a place: training runs as `batch/v1` Jobs (queued by Kueue where it is
/// there), models served by vLLM. Only this package knows the Kubernetes client.
@NullMarked
package io.tuneplane.backend.kubernetes;

import org.jspecify.annotations.NullMarked;
