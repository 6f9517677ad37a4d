/// Tuneplane over HTTP: the [io.tuneplane.api.Api] of a server, the server of a data directory, and
/// how one is started where none runs.
@NullMarked
package io.tuneplane.client;

import org.jspecify.annotations.NullMarked;
