package io.tuneplane.job;

import io.tuneplane.backend.ServingBackend;
import io.tuneplane.backend.TrainingBackend;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The backends that are set up, by name. Immutable.
public final class Places implements AutoCloseable {

  /// The backend whose runs are on this machine, and on no other.
  static final String HERE = "local";

  private final Map<String, TrainingBackend> training;
  private final Map<String, ServingBackend> serving;

  /// Takes the backends over: closing this closes them.
  public Places(List<TrainingBackend> training, List<ServingBackend> serving) {
    this.training =
        training.stream()
            .collect(Collectors.toUnmodifiableMap(TrainingBackend::name, Function.identity()));
    this.serving =
        serving.stream()
            .collect(Collectors.toUnmodifiableMap(ServingBackend::name, Function.identity()));
  }

  /// Where a job can be trained.
  public Optional<TrainingBackend> training(String name) {
    return Optional.ofNullable(training.get(name));
  }

  /// Where a model can answer.
  public Optional<ServingBackend> serving(String name) {
    return Optional.ofNullable(serving.get(name));
  }

  /// Every training backend, by name.
  public List<TrainingBackend> training() {
    return training.values().stream()
        .sorted(java.util.Comparator.comparing(TrainingBackend::name))
        .toList();
  }

  @Override
  public void close() {
    serving.values().forEach(ServingBackend::close);
    training.values().forEach(TrainingBackend::close);
  }
}
