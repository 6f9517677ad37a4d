/// The OpenAI-compatible API and our own, over HTTP: translates, and decides nothing.
@NullMarked
package io.tuneplane.http;

import org.jspecify.annotations.NullMarked;
