/// `runner remote`: does a run's work in a pod, over HTTP (`docs/runner-http.md`).
@NullMarked
package io.tuneplane.runner.remote;

import org.jspecify.annotations.NullMarked;
