package io.tuneplane.backend.vertex;

import io.tuneplane.backend.Hyperparameters;
import io.tuneplane.backend.Hyperparameters.Lora;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.Problem;
import io.tuneplane.backend.TrainingSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Finds what in a spec Vertex AI would refuse, before a byte is uploaded or paid for.
final class SpecCheck {

  /// Google, tune-text-models-supervised: 1, 2, 4, 8, 16. The client's list has 32 too, the
  /// documentation hasn't.
  static final List<Integer> ADAPTER_SIZES = List.of(1, 2, 4, 8, 16);

  /// The name under which a spec says that the adapter's size was left to the place.
  static final String RANK = "lora_rank";

  private static final int LONGEST_NAME = 128;

  private final VertexFacts facts;
  private final TrainingSpec spec;
  private final List<Problem> problems = new ArrayList<>();

  private SpecCheck(VertexFacts facts, TrainingSpec spec) {
    this.facts = facts;
    this.spec = spec;
  }

  static List<Problem> of(VertexFacts facts, TrainingSpec spec) {
    SpecCheck check = new SpecCheck(facts, spec);
    check.model();
    check.hyperparameters(spec.hyperparameters(), spec.automatic());
    check.name();
    check.start();
    if (check.problems.isEmpty()) {
      check.data();
    }
    return List.copyOf(check.problems);
  }

  private void model() {
    String model = spec.baseModel();
    if (!facts.knows(model)) {
      add(
          "model",
          "Vertex AI does not tune %s; it tunes %s"
              .formatted(model, String.join(", ", facts.alive())));
      return;
    }
    facts
        .stopped(model)
        .ifPresent(end ->
            add(
                "model",
                "%s stopped on %s (%s); Vertex AI tunes %s"
                    .formatted(
                        model, end.date(), end.source().text(), String.join(", ", facts.alive()))));
  }

  private void hyperparameters(Hyperparameters h, Set<String> automatic) {
    expect("n_epochs", h.epochs() >= 1, "at least 1", h.epochs());
    expect(
        "learning_rate_multiplier",
        h.learningRateMultiplier() > 0 && Double.isFinite(h.learningRateMultiplier()),
        "above 0",
        h.learningRateMultiplier());
    if (spec.method() == Method.DPO) {
      expect("beta", h.beta() > 0 && Double.isFinite(h.beta()), "above 0", h.beta());
    }
    if (!automatic.contains(RANK)) {
      h.lora().map(Lora::rank).ifPresent(this::adapterSize);
    }
    if (h.lora().isEmpty()) {
      add("method", "Vertex AI tunes adapters of Gemini models, not all weights");
    }
    if (!automatic.contains("batch_size")) {
      add("hyperparameters.batch_size", "Vertex AI chooses it: leave it out, or say auto");
    }
    h.quantization()
        .ifPresent(q ->
            add("hyperparameters.quantization", "Vertex AI offers none; leave out \"" + q + "\""));
  }

  private void adapterSize(int rank) {
    expect("adapter_size", ADAPTER_SIZES.contains(rank), "one of 1, 2, 4, 8, 16", rank);
  }

  private void name() {
    spec.suffix()
        .filter(suffix -> suffix.length() > LONGEST_NAME)
        .ifPresent(suffix ->
            add("suffix", "is %d characters; %d fit".formatted(suffix.length(), LONGEST_NAME)));
  }

  private void start() {
    spec.startFrom()
        .filter(start -> TunedName.parse(start.remoteName()).flatMap(TunedName::model).isEmpty())
        .ifPresent(start ->
            add(
                "model",
                "Vertex AI goes on from models that it tuned itself, which "
                    + start.remoteName()
                    + " is not"));
  }

  private void data() {
    DataCheck data = new DataCheck(facts.limits(), spec.method());
    problems.addAll(data.training(spec.trainingFile()));
    spec.validationFile().ifPresent(file -> problems.addAll(data.validation(file)));
  }

  private void expect(String field, boolean holds, String expected, Object found) {
    if (!holds) {
      add("hyperparameters." + field, "must be " + expected + ", not " + found);
    }
  }

  private void add(String field, String message) {
    problems.add(new Problem(field, message));
  }
}
