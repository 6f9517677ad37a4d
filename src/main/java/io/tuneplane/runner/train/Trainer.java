package io.tuneplane.runner.train;

import io.tuneplane.runner.RunnerException.WrongInput;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The optimiser's loop: steps, validation, events and checkpoints, until the last step or until it
/// is asked to stop. For one thread.
final class Trainer<T extends TrainingExample> {

  /// Keeps the scale of clipped gradients finite, as torch's `clip_grad_norm_` does.
  private static final double CLIP_EPSILON = 1e-6;

  private final Setup<T> setup;
  private final Order order;
  private final LearningRate rate;
  private final long total;
  private long step;
  private long tokens;
  private final double secondsBefore;
  private final long startNanos = System.nanoTime();
  private long lastCheckpointNanos = startNanos;

  /// What a trainer works with.
  ///
  /// @param job the work
  /// @param adapter what is trained
  /// @param objective what is made small
  /// @param train the training set
  /// @param validation the validation set; empty for none
  /// @param passes how batches are cut
  /// @param precision of the passes
  /// @param events where figures go
  /// @param checkpoints where checkpoints go
  /// @param stop asked between passes
  record Setup<T extends TrainingExample>(
      TrainingJob job,
      Adapter adapter,
      Objective<T> objective,
      List<T> train,
      List<T> validation,
      Passes passes,
      Precision precision,
      EventLog events,
      Checkpoints checkpoints,
      StopRequest stop) {}

  /// What a whole run came to, over all attempts.
  ///
  /// @param steps optimiser steps
  /// @param tokens tokens passed through the model
  /// @param seconds time at work
  record Totals(long steps, long tokens, double seconds) {}

  /// @param from the state to go on from; absent at the beginning
  Trainer(Setup<T> setup, @Nullable CheckpointState from) {
    this.setup = setup;
    Hyperparameters h = setup.job().hyperparameters();
    order = new Order(setup.job().seed(), setup.train().size(), h.batchSize());
    total = Math.multiplyExact(order.stepsPerEpoch(), h.nEpochs());
    rate = LearningRate.of(h, total);
    step = from == null ? 0 : from.step();
    tokens = from == null ? 0 : from.tokens();
    secondsBefore = from == null ? 0 : from.seconds();
  }

  /// Time at work over all attempts, in seconds.
  private double seconds() {
    return secondsBefore + (System.nanoTime() - startNanos) / 1e9;
  }

  /// Trains to the end.
  ///
  /// @return empty if it was asked to stop first; then a checkpoint holds every whole step
  /// @throws WrongInput if the loss is no longer a number
  Optional<Totals> run() throws IOException {
    while (step < total) {
      if (!step()) {
        checkpoint(null);
        return Optional.empty();
      }
    }
    return Optional.of(new Totals(total, tokens, seconds()));
  }

  private boolean step() throws IOException {
    long start = System.nanoTime();
    Figures figures = learn(step + 1);
    if (figures == null) {
      return false;
    }
    step++;
    update(figures);
    tokens += figures.tokens();
    double seconds = (System.nanoTime() - start) / 1e9;
    Figures some = validationDue() ? validate(validationBatch()) : null;
    Figures full = order.endsEpoch(step) ? validate(setup.validation()) : null;
    setup.events().append(metrics(figures, some, full, figures.tokens() / seconds));
    if (checkpointDue()) {
      checkpoint(full);
    }
    return true;
  }

  /// Adds up the gradient of a step's batch; null if asked to stop before the last pass.
  private @Nullable Figures learn(long number) {
    List<T> batch = pick(setup.train(), order.batch(number));
    long count = setup.objective().count(batch);
    Figures sum = Figures.NONE;
    int pass = 0;
    try (Llama.Adapted adapted = adapted()) {
      for (List<T> part : setup.passes().of(batch)) {
        if (setup.stop().requested()) {
          return null;
        }
        long draw = order.seed(number, pass++);
        sum = sum.plus(setup.objective().learn(adapted, part, count, draw));
      }
    }
    return sum;
  }

  private void update(Figures figures) {
    Hyperparameters h = setup.job().hyperparameters();
    double norm = setup.adapter().gradientNorm();
    if (!Double.isFinite(norm) || !Double.isFinite(figures.loss())) {
      throw new WrongInput(
          "step %d: the loss or its gradient is no longer a finite number. Lower the learning rate."
              .formatted(step));
    }
    double factor = h.maxGradNorm() > 0 ? Math.min(1, h.maxGradNorm() / (norm + CLIP_EPSILON)) : 1;
    setup.adapter().update(factor, step, rate.at(step), h.weightDecay());
  }

  private Llama.Adapted adapted() {
    return Llama.Adapted.of(setup.adapter(), setup.job().hyperparameters().lora().scale());
  }

  private boolean validationDue() {
    int every = setup.job().limits().validateEverySteps();
    return every > 0 && step % every == 0;
  }

  /// The validation set's batches in turn.
  private List<T> validationBatch() {
    List<T> all = setup.validation();
    if (all.isEmpty()) {
      return all;
    }
    int size = Math.min(all.size(), setup.job().hyperparameters().batchSize());
    long turn = step / setup.job().limits().validateEverySteps() - 1;
    int[] picked = new int[size];
    for (int i = 0; i < size; i++) {
      picked[i] = (int) ((turn * size + i) % all.size());
    }
    return pick(all, picked);
  }

  private @Nullable Figures validate(List<T> examples) {
    if (examples.isEmpty()) {
      return null;
    }
    Figures sum = Figures.NONE;
    try (Llama.Adapted adapted = adapted()) {
      for (List<T> part : setup.passes().of(examples)) {
        sum = sum.plus(setup.objective().evaluate(adapted, part));
      }
    }
    return sum;
  }

  private RunEvent.Metrics metrics(
      Figures train, @Nullable Figures some, @Nullable Figures full, double tokensPerSecond) {
    OptionalLong memory = ProcessMemory.resident();
    return new RunEvent.Metrics(
        step,
        total,
        order.epochsDone(step),
        train.meanLoss(),
        train.accuracy(),
        some == null ? null : some.meanLoss(),
        some == null ? null : some.accuracy(),
        full == null ? null : full.meanLoss(),
        full == null ? null : full.accuracy(),
        rate.at(step),
        tokens,
        tokensPerSecond,
        memory.isPresent() ? memory.getAsLong() : null);
  }

  private boolean checkpointDue() {
    Limits limits = setup.job().limits();
    long since = System.nanoTime() - lastCheckpointNanos;
    return order.endsEpoch(step)
        || (limits.checkpointEverySteps() > 0 && step % limits.checkpointEverySteps() == 0)
        || (limits.checkpointEverySeconds() > 0
            && since >= limits.checkpointEverySeconds() * 1_000_000_000L);
  }

  private void checkpoint(@Nullable Figures full) throws IOException {
    CheckpointState state =
        new CheckpointState(
            step,
            total,
            order.epoch(step + 1),
            step % order.stepsPerEpoch(),
            setup.job().seed(),
            step == 0 ? 0 : rate.at(step),
            tokens,
            seconds(),
            setup.precision().label(),
            setup.passes().tokens(),
            setup.job().limits().threads());
    String digest = setup.checkpoints().write(state, setup.adapter().state());
    lastCheckpointNanos = System.nanoTime();
    setup
        .events()
        .append(
            new RunEvent.Checkpoint(
                step,
                order.endsEpoch(step) ? order.epoch(step) + 1 : null,
                "checkpoints/step-" + step,
                digest,
                full == null ? null : full.meanLoss(),
                full == null ? null : full.accuracy()));
  }

  private static <T> List<T> pick(List<T> from, int[] indices) {
    return java.util.Arrays.stream(indices).mapToObj(from::get).toList();
  }
}
