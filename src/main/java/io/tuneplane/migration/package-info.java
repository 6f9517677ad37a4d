/// Moves what was tuned in one place to another: takes over an account's jobs and files while they
/// exist, asks for a job like an old one elsewhere, and keeps what a model that will stop answers.
@NullMarked
package io.tuneplane.migration;

import org.jspecify.annotations.NullMarked;
