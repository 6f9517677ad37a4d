/// Commands: parse, call [io.tuneplane.api.Api], print.
@NullMarked
package io.tuneplane.cli;

import org.jspecify.annotations.NullMarked;
