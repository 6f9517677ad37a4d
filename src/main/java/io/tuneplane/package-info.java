/// The composition root: Main starts a command, Wiring builds the object graph by plain
/// constructors. The only package that knows every other one.
@NullMarked
package io.tuneplane;

import org.jspecify.annotations.NullMarked;
