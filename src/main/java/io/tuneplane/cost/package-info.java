/// The price book and the cost model: what training and serving cost in each place, and where the
/// cheaper place changes. Pure: no I/O, no clock.
@NullMarked
package io.tuneplane.cost;

import org.jspecify.annotations.NullMarked;
