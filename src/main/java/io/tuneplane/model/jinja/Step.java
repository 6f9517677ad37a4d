package io.tuneplane.model.jinja;

/// A compiled statement.
interface Step {

  /// Runs it and says how to go on.
  Flow run(Activation activation);

  enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  /// Several statements as one.
  static Step sequence(Step[] steps) {
    return steps.length == 1 ? steps[0] : a -> all(steps, a);
  }

  private static Flow all(Step[] steps, Activation activation) {
    for (Step step : steps) {
      Flow flow = step.run(activation);
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }

  /// The same, with its line added to what goes wrong.
  default Step at(int line) {
    return a -> {
      try {
        return run(a);
      } catch (Fault fault) {
        throw fault.at(line);
      }
    };
  }
}
