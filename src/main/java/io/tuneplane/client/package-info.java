/// [io.tuneplane.api.Api] of a server, over HTTP; finds the server of a data directory, or starts
/// it.
@NullMarked
package io.tuneplane.client;

import org.jspecify.annotations.NullMarked;
