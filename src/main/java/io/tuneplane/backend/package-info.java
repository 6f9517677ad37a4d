/// The SPI of a place that trains and serves: [TrainingBackend], [ServingBackend], and the values
/// and errors that they exchange with their callers.
@NullMarked
package io.tuneplane.backend;

import org.jspecify.annotations.NullMarked;
