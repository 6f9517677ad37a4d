/// OpenAI, and other hosts that speak its API, as a place: files, tuning jobs and chat through the
/// official Java SDK, over connections that reach the configured host and nothing else.
@NullMarked
package io.tuneplane.backend.openai;

import org.jspecify.annotations.NullMarked;
