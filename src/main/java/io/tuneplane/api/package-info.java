/// What a caller can ask of Tuneplane: Api and its records, with OpenAI's field names. The commands
/// and the server are clients of this one interface.
@NullMarked
package io.tuneplane.api;

import org.jspecify.annotations.NullMarked;
