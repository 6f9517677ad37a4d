/// Where data may go: flags, attestations, rules and the clearances without which no byte moves.
/// Fails closed. Pure: no I/O, no clock.
@NullMarked
package io.tuneplane.policy;

import org.jspecify.annotations.NullMarked;
