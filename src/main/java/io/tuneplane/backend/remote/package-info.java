/// Lets runners on other machines work on a run (`docs/runner-http.md`): hands out tokens, gives
/// inputs, and takes what runners send into the run's folder, from the newest attempt alone.
@NullMarked
package io.tuneplane.backend.remote;

import org.jspecify.annotations.NullMarked;
