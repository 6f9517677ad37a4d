/// Trains and serves on hardware we hold. Runs as a process of its own and speaks the contract in
/// `docs/runner.md`; started by the local backend, or as a pod.
@NullMarked
package io.tuneplane.runner;

import org.jspecify.annotations.NullMarked;
