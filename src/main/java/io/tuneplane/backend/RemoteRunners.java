package io.tuneplane.backend;

import java.nio.file.Path;

/// Lets runners on other machines work on a run: they fetch what they need from its folder, and
/// what they send lands there, as if they had worked in it (`docs/runner.md` has its files,
/// `docs/runner-http.md` how they travel). Safe for many threads.
public interface RemoteRunners {

  /// What a runner is let in to.
  ///
  /// @param mark the run's mark
  /// @param round counts the Jobs, or whatever a place starts runners by, of one run; from 1
  /// @param folder the run's folder, with `job.json` and its data
  /// @param baseModel the base model's folder or file, for a runner that has no copy of its own
  record Admission(String mark, int round, Path folder, Path baseModel) {}

  /// What is wanted of runners.
  enum Wish {
    /// Go on.
    RUN,
    /// Leave a checkpoint, send it, and go.
    STOP,
    /// Go at once.
    CANCEL
  }

  /// Lets a runner in.
  ///
  /// @return a token that is good for this run alone; the same for the same mark and round, and
  ///   void once a later round was let in
  String admit(Admission admission);

  /// Tells a run's runners what is wanted of them. They hear it within seconds, where they can
  /// reach us; it holds until something else is asked or a later round is let in. Nothing happens
  /// where no runner is let in. Idempotent.
  void ask(String mark, Wish wish);

  /// Shuts a run's runners out: no token of it is good any more. Idempotent.
  void dismiss(String mark);
}
