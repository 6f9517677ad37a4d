package io.tuneplane.migration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tuneplane.access.Secrets;
import io.tuneplane.backend.openai.FakeOpenAi;
import io.tuneplane.backend.openai.OpenAiHistory;
import io.tuneplane.backend.openai.OpenAiSettings;
import io.tuneplane.backend.openai.OpenAiTraining;
import io.tuneplane.job.PriceBookLibrary;
import io.tuneplane.store.Database;
import io.tuneplane.store.SqlAudit;
import io.tuneplane.store.SqlFiles;
import io.tuneplane.store.SqlJobs;
import io.tuneplane.store.SqlTunedModels;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// An account at OpenAI with three jobs (one has succeeded on a base model that will stop, one has
/// failed, one is running) and two files, and a Tuneplane that imports it.
final class OldAccount implements AutoCloseable {

  static final String BASE = "gpt-4o-mini-2024-07-18";
  static final String ORGANISATION = "default";

  final FakeOpenAi host;
  final Database database;
  final SqlJobs jobs;
  final SqlFiles files;
  final SqlTunedModels models;
  final OpenAiHistory history;
  final OpenAiTraining backend;
  final String training;
  final String validation;
  final String succeeded;
  final String failed;
  final String running;

  OldAccount(Path directory) throws IOException {
    host = new FakeOpenAi(Instant.parse("2026-11-24T00:00:00Z"));
    host.pageCap(1);
    training = host.addFile("support.jsonl", lines(12));
    validation = host.addFile("held-out.jsonl", lines(3));
    succeeded = host.addJob(request("support", 3), 6, Optional.empty());
    failed = host.addJob(request("broken", 2), 4, Optional.of("invalid_training_file"));
    host.advance(Duration.ofSeconds(30));
    running = host.addJob(request("long", 4), 1000, Optional.empty());
    host.advance(Duration.ofSeconds(10));

    OpenAiSettings settings =
        new OpenAiSettings(
            host.url(),
            Optional.empty(),
            Optional.empty(),
            List.of(BASE),
            Set.of(InetAddress.getLoopbackAddress()),
            Duration.ofMinutes(10),
            directory.resolve("openai"));
    history = new OpenAiHistory(settings, () -> Optional.of(FakeOpenAi.KEY));
    backend =
        new OpenAiTraining(
            settings,
            () -> Optional.of(FakeOpenAi.KEY),
            () ->
                new PriceBookLibrary(Optional.empty(), Optional.empty())
                    .book(PriceBookLibrary.TODAY, LocalDate.parse("2026-11-24")),
            host);
    database = Database.open(directory, Optional.empty());
    models = new SqlTunedModels(database, directory.resolve("artifacts"));
    jobs =
        new SqlJobs(
            database, SqlAudit.open(database, Secrets.open(directory, Optional.empty())), models);
    files = new SqlFiles(database, directory.resolve("artifacts"), new Random(1), host);
  }

  ImportReport run() throws IOException {
    return new AccountImport(history, backend, jobs, files, host).run(ORGANISATION);
  }

  private JsonNode request(String suffix, int epochs) throws IOException {
    return JsonMapper.builder()
        .build()
        .readTree(
            """
            {"model": "%s", "training_file": "%s", "validation_file": "%s", "suffix": "%s",
             "seed": 11, "metadata": {"team": "support"},
             "method": {"type": "supervised", "supervised": {"hyperparameters":
               {"n_epochs": %d, "batch_size": 2, "learning_rate_multiplier": 1.8}}}}
            """
                .formatted(BASE, training, validation, suffix, epochs));
  }

  private static byte[] lines(int count) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append(
          "{\"messages\":[{\"role\":\"user\",\"content\":\"question %d\"},{\"role\":\"assistant\",\"content\":\"answer %d\"}]}\n"
              .formatted(i, i));
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    history.close();
    backend.close();
    database.close();
    host.close();
  }
}
