/// `runner serve` and `runner gate`: the command lines and the HTTP server around the engine. The
/// contract is `docs/runner-serve.md`.
@NullMarked
package io.tuneplane.runner.serve;

import org.jspecify.annotations.NullMarked;
