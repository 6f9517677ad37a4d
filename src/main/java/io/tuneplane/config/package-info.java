/// Settings: records, parsed and checked once, every problem reported at once. Knows no other
/// package.
@NullMarked
package io.tuneplane.config;

import org.jspecify.annotations.NullMarked;
