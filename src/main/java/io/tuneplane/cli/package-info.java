/// Commands: parse, call `Api`, print.
@NullMarked
package io.tuneplane.cli;

import org.jspecify.annotations.NullMarked;
