/// Google Vertex AI as a place: training data goes to a bucket of the operator's, Gemini models are
/// tuned there (supervised and by preferences), and tuned endpoints answer. Only this package knows
/// Google's clients and addresses. What is sent where is told in `docs/vertex.md`.
@NullMarked
package io.tuneplane.backend.vertex;

import org.jspecify.annotations.NullMarked;
