package io.tuneplane.backend.kubernetes;

import io.tuneplane.backend.Hyperparameters;
import io.tuneplane.backend.Hyperparameters.Lora;
import io.tuneplane.backend.Problem;
import io.tuneplane.backend.TrainingSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Finds what in a spec can't be trained, the model and the cluster apart. The ranges are those of
/// OpenAI's published API description (2026-08-21); ranks those that vLLM serves.
final class SpecCheck {

  private static final int MOST_EPOCHS = 50;
  private static final int MOST_BATCH = 256;
  private static final int MOST_RANK = 512;
  private static final double MOST_BETA = 2;

  private final List<Problem> problems = new ArrayList<>();

  private SpecCheck() {}

  static List<Problem> of(TrainingSpec spec) {
    SpecCheck check = new SpecCheck();
    check.file("training_file", spec.trainingFile());
    spec.validationFile().ifPresent(f -> check.file("validation_file", f));
    check.hyperparameters(spec.hyperparameters());
    return check.problems;
  }

  private void file(String field, Path file) {
    if (!Files.isReadable(file)) {
      problems.add(new Problem(field, file + " is not there or can't be read"));
    }
  }

  private void hyperparameters(Hyperparameters h) {
    range("n_epochs", h.epochs(), 1, MOST_EPOCHS);
    range("batch_size", h.batchSize(), 1, MOST_BATCH);
    positive("learning_rate_multiplier", h.learningRateMultiplier());
    positive("learning_rate", h.learningRate());
    expect("beta", h.beta() > 0 && h.beta() <= MOST_BETA, "above 0 and at most 2", h.beta());
    h.lora().ifPresent(this::lora);
    h.quantization()
        .ifPresent(q -> {
          expect("quantization", q.equals("4bit"), "4bit", q);
          expect("quantization", h.lora().isPresent(), "left out where all weights are trained", q);
        });
  }

  private void lora(Lora lora) {
    range("lora_rank", lora.rank(), 1, MOST_RANK);
    positive("lora_alpha", lora.alpha());
    expect(
        "lora_dropout", lora.dropout() >= 0 && lora.dropout() < 1, "0 to below 1", lora.dropout());
    expect(
        "target_modules",
        !lora.targetModules().isEmpty() && Lora.ALL_LINEAR.containsAll(lora.targetModules()),
        "some of " + Lora.ALL_LINEAR,
        lora.targetModules());
  }

  private void range(String field, int value, int least, int most) {
    expect(field, value >= least && value <= most, least + " to " + most, value);
  }

  private void positive(String field, double value) {
    expect(field, value > 0 && Double.isFinite(value), "above 0", value);
  }

  private void expect(String field, boolean holds, String expected, Object found) {
    if (!holds) {
      problems.add(
          new Problem("hyperparameters." + field, "must be " + expected + ", not " + found));
    }
  }
}
