/// The server: OpenAI's routes and our own over [io.tuneplane.api.Api]. It checks who asks, reads
/// and bounds what was sent, and translates; it decides nothing.
@NullMarked
package io.tuneplane.http;

import org.jspecify.annotations.NullMarked;
