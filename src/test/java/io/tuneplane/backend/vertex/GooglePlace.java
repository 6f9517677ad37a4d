package io.tuneplane.backend.vertex;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import io.tuneplane.backend.Hyperparameters;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.TrainingSpec;
import io.tuneplane.config.Settings;
import io.tuneplane.cost.PriceBook;
import io.tuneplane.cost.PriceBooks;
import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.TestClearances;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Vertex AI and Cloud Storage on this machine, and what opens our backend on them.
public final class GooglePlace implements AutoCloseable {

  static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  static final String MODEL = "gemini-3.5-flash";
  static final String DIGEST = "d".repeat(64);

  final VertexFake vertex = new VertexFake();
  final GcsFake gcs = new GcsFake();
  private final Path directory;

  public GooglePlace(Path directory) throws IOException {
    this.directory = directory;
  }

  Settings.Vertex google() {
    return new Settings.Vertex(
        Optional.of("p"),
        Optional.of("us-central1"),
        Optional.of("bucket"),
        "data",
        Optional.of(vertex.address()),
        Optional.of(gcs.address()));
  }

  VertexSettings settings() {
    return VertexSettings.of(google(), directory.resolve("vertex"));
  }

  public VertexTraining training() {
    return training(settings());
  }

  VertexTraining training(VertexSettings settings) {
    return new VertexTraining(settings, GooglePlace::book, clock(), GooglePlace::credentials);
  }

  public VertexServing serving() {
    return new VertexServing(settings(), GooglePlace::book, clock(), GooglePlace::credentials);
  }

  /// Lets time pass for its jobs.
  public void tick() {
    vertex.tick();
  }

  /// How many tuning jobs were asked for.
  public int jobs() {
    return vertex.jobs();
  }

  /// How many requests have reached either of the two.
  public int requests() {
    return vertex.requests().size() + gcs.requests();
  }

  /// How many objects lie in the bucket.
  public int objects() {
    return gcs.objects().size();
  }

  static InstantSource clock() {
    return InstantSource.fixed(NOW);
  }

  static GoogleCredentials credentials() {
    Date later = Date.from(java.time.Instant.now().plus(Duration.ofHours(2)));
    return GoogleCredentials.create(new AccessToken(VertexFake.TOKEN, later));
  }

  static PriceBook book() {
    try (InputStream in = PriceBook.class.getResourceAsStream("book.yaml")) {
      String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return PriceBooks.parse(new PriceBooks.Text("book.yaml", yaml), List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A file of conversations.
  Path conversations(int examples) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < examples; i++) {
      lines.append(
          """
          {"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Where is order %d?"},{"role":"assistant","content":"On its way."}]}
          """
              .formatted(i));
    }
    return write("train.jsonl", lines.toString());
  }

  Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  TrainingSpec spec() throws IOException {
    return spec(Method.SUPERVISED, conversations(12));
  }

  TrainingSpec spec(Method method, Path file) {
    return new TrainingSpec(
        MODEL,
        method,
        file,
        DIGEST,
        Optional.empty(),
        hyperparameters(3, 8),
        7,
        Optional.of("support"),
        Optional.empty(),
        Set.of("batch_size", "learning_rate_multiplier", "beta", SpecCheck.RANK),
        Map.of());
  }

  static Hyperparameters hyperparameters(int epochs, int rank) {
    return new Hyperparameters(
        epochs,
        4,
        2e-4,
        0.5,
        0.2,
        Optional.of(new Hyperparameters.Lora(rank, 16, 0, Hyperparameters.Lora.ALL_LINEAR, false)),
        Optional.empty());
  }

  static Clearance leave(String destination, String subject, String purpose) {
    return TestClearances.egress(destination, subject, purpose, NOW.plusSeconds(60));
  }

  @Override
  public void close() {
    vertex.close();
    gcs.close();
  }
}
