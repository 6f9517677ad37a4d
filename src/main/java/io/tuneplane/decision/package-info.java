/// The choice of a place: (request, capabilities, price book, policy, time) to a decision with
/// reasons. Pure and deterministic.
@NullMarked
package io.tuneplane.decision;

import org.jspecify.annotations.NullMarked;
