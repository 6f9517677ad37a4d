/// Organisations, keys and roles: who may ask, and for whom.
@NullMarked
package io.tuneplane.access;

import org.jspecify.annotations.NullMarked;
