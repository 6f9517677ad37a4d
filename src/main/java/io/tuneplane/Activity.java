package io.tuneplane;

import io.tuneplane.api.DeploymentCard;
import io.tuneplane.api.ModelCard;
import io.tuneplane.api.ModelsApi;
import io.tuneplane.backend.ChatRequest;
import io.tuneplane.backend.ChatSink;
import io.tuneplane.backend.ChatSummary;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/// Tells how long a server has had nothing to do. Safe for many threads.
final class Activity {

  private final LongSupplier nanos;
  private final AtomicLong last;
  private final AtomicInteger answering = new AtomicInteger();

  /// @param nanos the monotonic clock
  Activity(LongSupplier nanos) {
    this.nanos = nanos;
    this.last = new AtomicLong(nanos.getAsLong());
  }

  /// Something was asked.
  void touch() {
    last.set(nanos.getAsLong());
  }

  /// Whether nothing was asked for so long, and nothing is under way.
  ///
  /// @param jobs whether there is work on jobs; asked only where nothing else is going on
  boolean idleFor(Duration time, BooleanSupplier jobs) {
    if (nanos.getAsLong() - last.get() < time.toNanos()) {
      return false;
    }
    if (answering.get() > 0 || jobs.getAsBoolean()) {
      touch();
      return false;
    }
    return true;
  }

  /// The same models; an answer counts as activity for as long as it takes, which may be minutes
  /// where the model is fetched first.
  ModelsApi watching(ModelsApi models) {
    return new ModelsApi() {
      @Override
      public List<ModelCard> list() {
        return models.list();
      }

      @Override
      public ModelCard get(String model) {
        return models.get(model);
      }

      @Override
      public Optional<LocalDate> end(String model) {
        return models.end(model);
      }

      @Override
      public void delete(String model) {
        models.delete(model);
      }

      @Override
      public List<DeploymentCard> deployments() {
        return models.deployments();
      }

      @Override
      public ChatSummary chat(String model, ChatRequest request, ChatSink sink) {
        answering.incrementAndGet();
        try {
          return models.chat(model, request, sink);
        } finally {
          touch();
          answering.decrementAndGet();
        }
      }
    };
  }
}
