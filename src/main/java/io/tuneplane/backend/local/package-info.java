/// This machine as a backend: starts the runner as a child process, adopts one that outlived its
/// parent, and serves the result.
@NullMarked
package io.tuneplane.backend.local;

import org.jspecify.annotations.NullMarked;
