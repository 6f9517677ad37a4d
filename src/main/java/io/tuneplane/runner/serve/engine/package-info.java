/// Generates answers: the decoder's session, the cache of keys and values, adapters, sampling, and
/// the loop in which sequences join and leave a batch between steps. Knows nothing of HTTP.
@NullMarked
package io.tuneplane.runner.serve.engine;

import org.jspecify.annotations.NullMarked;
