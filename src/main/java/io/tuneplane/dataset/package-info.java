/// Training data: formats, checks, conversions, splits, token counts and the PII scan. Everything
/// streams, in bounded memory.
@NullMarked
package io.tuneplane.dataset;

import org.jspecify.annotations.NullMarked;
