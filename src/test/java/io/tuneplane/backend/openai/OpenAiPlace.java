package io.tuneplane.backend.openai;

import io.tuneplane.backend.Hyperparameters;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.TestSpecs;
import io.tuneplane.backend.TrainingSpec;
import io.tuneplane.cost.PriceBook;
import io.tuneplane.job.PriceBookLibrary;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A [FakeOpenAi] and what is needed to open backends on it.
final class OpenAiPlace implements AutoCloseable {

  static final String MODEL = "gpt-4o-mini-2024-07-18";
  static final String DIGEST = "d".repeat(64);
  static final Duration WINDOW = Duration.ofMinutes(10);

  final FakeOpenAi host;
  final Path directory;

  OpenAiPlace(Path directory) throws IOException {
    this.directory = directory;
    this.host = new FakeOpenAi(Instant.parse("2026-11-24T00:00:00Z"));
  }

  OpenAiTraining training() {
    return new OpenAiTraining(
        settings(), () -> Optional.of(FakeOpenAi.KEY), OpenAiPlace::book, host);
  }

  OpenAiServing serving() {
    return new OpenAiServing(
        settings(), () -> Optional.of(FakeOpenAi.KEY), OpenAiPlace::book, host);
  }

  OpenAiSettings settings() {
    return new OpenAiSettings(
        host.url(),
        Optional.of("org-fake"),
        Optional.empty(),
        List.of(MODEL, "gpt-4.1-mini-2025-04-14", "gone-2024-01-01"),
        Set.of(InetAddress.getLoopbackAddress()),
        WINDOW,
        directory.resolve("openai"));
  }

  static PriceBook book() {
    return new PriceBookLibrary(Optional.empty(), Optional.empty())
        .book(PriceBookLibrary.TODAY, LocalDate.parse("2026-11-24"));
  }

  TrainingSpec spec() throws IOException {
    return spec(Method.SUPERVISED, TestSpecs.hyperparameters(3));
  }

  TrainingSpec spec(Method method, Hyperparameters hyperparameters) throws IOException {
    return new TrainingSpec(
        MODEL,
        method,
        data(method, 12),
        DIGEST,
        Optional.of(data(method, 3)),
        hyperparameters,
        7,
        Optional.of("support"),
        Optional.empty(),
        Set.of("batch_size"),
        Map.of("team", "support"));
  }

  Path data(Method method, int examples) throws IOException {
    String line =
        switch (method) {
          case SUPERVISED ->
              "{\"messages\":[{\"role\":\"user\",\"content\":\"q%d\"},{\"role\":\"assistant\",\"content\":\"a\"}]}\n";
          case DPO ->
              "{\"input\":{\"messages\":[{\"role\":\"user\",\"content\":\"q%d\"}]},\"preferred_output\":[{\"role\":\"assistant\",\"content\":\"a\"}],\"non_preferred_output\":[{\"role\":\"assistant\",\"content\":\"b\"}]}\n";
        };
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < examples; i++) {
      lines.append(line.formatted(i));
    }
    return Files.writeString(
        directory.resolve(method.wireName() + "-" + examples + ".jsonl"), lines);
  }

  @Override
  public void close() {
    host.close();
  }
}
