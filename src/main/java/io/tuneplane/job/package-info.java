/// The life of a job: from the checked file through the decision and the run to a tuned model that
/// answers.
@NullMarked
package io.tuneplane.job;

import org.jspecify.annotations.NullMarked;
