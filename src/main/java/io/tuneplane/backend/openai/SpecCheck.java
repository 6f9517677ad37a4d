package io.tuneplane.backend.openai;

import io.tuneplane.backend.Hyperparameters;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.Problem;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.backend.TrainingSpec;
import io.tuneplane.cost.EndDate;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds what in a spec OpenAI would not take, before a byte leaves. Ranges: OpenAI's API
/// description of 2026-08-21; the fewest examples: its guide on supervised fine-tuning.
final class SpecCheck {

  static final long FEWEST_EXAMPLES = 10;
  static final long MOST_FILE_BYTES = 512L << 20;

  /// Of the 16 pairs that a job's metadata may hold, one is our mark.
  static final int MOST_LABELS = 15;

  private static final int MOST_EPOCHS = 50;
  private static final int MOST_BATCH = 256;
  private static final double MOST_BETA = 2;
  private static final int LONGEST_SUFFIX = 64;
  private static final int LONGEST_KEY = 64;
  private static final int LONGEST_VALUE = 512;
  private static final long LARGEST_SEED = Integer.MAX_VALUE;

  private final List<Problem> problems = new ArrayList<>();
  private final Facts facts;
  private final LocalDate today;

  private SpecCheck(Facts facts, LocalDate today) {
    this.facts = facts;
    this.today = today;
  }

  static List<Problem> of(TrainingSpec spec, Facts facts, LocalDate today) {
    SpecCheck check = new SpecCheck(facts, today);
    check.model(spec);
    check.trainingFile(spec.trainingFile());
    spec.validationFile().ifPresent(file -> check.size("validation_file", file));
    check.hyperparameters(spec.method(), spec.hyperparameters());
    check.labels(spec.labels());
    check.expect(
        "seed",
        spec.seed() >= 0 && spec.seed() <= LARGEST_SEED,
        "0 to " + LARGEST_SEED,
        spec.seed());
    spec.suffix()
        .ifPresent(suffix ->
            check.expect(
                "suffix",
                !suffix.isEmpty() && suffix.length() <= LONGEST_SUFFIX,
                "1 to " + LONGEST_SUFFIX + " characters",
                suffix.length()));
    return List.copyOf(check.problems);
  }

  private void model(TrainingSpec spec) {
    List<String> models = facts.models();
    if (!models.contains(facts.id(spec.baseModel()))) {
      add(
          "model",
          "%s is not tuned here; %s"
              .formatted(
                  spec.baseModel(),
                  models.isEmpty()
                      ? "name the host's models in the setting openai.models"
                      : "these are: " + String.join(", ", models)));
    }
    Optional<EndDate> end = facts.end(spec.baseModel());
    end.filter(e -> !today.isBefore(e.date()))
        .ifPresent(e ->
            add(
                "model",
                "%s stopped on %s (%s)".formatted(spec.baseModel(), e.date(), e.source().text())));
    spec.startFrom()
        .flatMap(TrainedModel::adapter)
        .ifPresent(_ -> add("model", "an adapter that was trained elsewhere can't be sent here"));
  }

  private void trainingFile(Path file) {
    if (!size("training_file", file)) {
      return;
    }
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      long examples = lines.lines().filter(line -> !line.isBlank()).limit(FEWEST_EXAMPLES).count();
      if (examples < FEWEST_EXAMPLES) {
        add(
            "training_file",
            "has %d examples; OpenAI takes no fewer than %d".formatted(examples, FEWEST_EXAMPLES));
      }
    } catch (IOException e) {
      add("training_file", file + " can't be read: " + e.getMessage());
    }
  }

  private boolean size(String field, Path file) {
    try {
      long bytes = Files.size(file);
      if (bytes > MOST_FILE_BYTES) {
        add(
            field,
            "has %,d bytes; OpenAI takes no more than %,d (512 MB)"
                .formatted(bytes, MOST_FILE_BYTES));
      }
      return bytes <= MOST_FILE_BYTES;
    } catch (IOException e) {
      add(field, file + " is not there or can't be read: " + e.getMessage());
      return false;
    }
  }

  private void hyperparameters(Method method, Hyperparameters h) {
    range("hyperparameters.n_epochs", h.epochs(), MOST_EPOCHS);
    range("hyperparameters.batch_size", h.batchSize(), MOST_BATCH);
    double multiplier = h.learningRateMultiplier();
    expect(
        "hyperparameters.learning_rate_multiplier",
        multiplier > 0 && Double.isFinite(multiplier),
        "above 0",
        multiplier);
    if (method == Method.DPO) {
      expect(
          "hyperparameters.beta",
          h.beta() > 0 && h.beta() <= MOST_BETA,
          "above 0 and at most 2",
          h.beta());
    }
    h.quantization()
        .ifPresent(q ->
            add(
                "hyperparameters.quantization",
                "OpenAI does not let one choose it; leave out \"" + q + "\""));
  }

  private void labels(Map<String, String> labels) {
    if (labels.size() > MOST_LABELS) {
      add(
          "metadata",
          "has %d labels; at most %d go to OpenAI, whose 16th place is ours"
              .formatted(labels.size(), MOST_LABELS));
    }
    labels.forEach((key, value) -> {
      if (key.length() > LONGEST_KEY || value.length() > LONGEST_VALUE) {
        add(
            "metadata." + key,
            "is too long; OpenAI takes %d characters of key and %d of value"
                .formatted(LONGEST_KEY, LONGEST_VALUE));
      }
    });
  }

  private void range(String field, int value, int most) {
    expect(field, value >= 1 && value <= most, "1 to " + most, value);
  }

  private void expect(String field, boolean holds, String expected, Object found) {
    if (!holds) {
      add(field, "must be " + expected + ", not " + found);
    }
  }

  private void add(String field, String message) {
    problems.add(new Problem(field, message));
  }
}
