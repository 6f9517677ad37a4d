package io.tuneplane.backend.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A [FakeOpenAi] as a process of its own, whose time goes by as ours does: for trying the commands
/// by hand, and for `.ci/managed`. Prints its address; ends with its standard input.
///
/// `java -cp 'target/classes:target/lib/*'
/// src/test/java/io/tuneplane/backend/openai/FakeOpenAiMain.java [account]`
///
/// With `account` it holds what an account has after some time: two files, and three jobs, of which
/// one has succeeded on a model that will stop, one has failed, and one is running.
final class FakeOpenAiMain {

  private static final Duration TICK = Duration.ofMillis(200);
  private static final String BASE = "gpt-4o-mini-2024-07-18";

  private FakeOpenAiMain() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    try (FakeOpenAi host = new FakeOpenAi(Instant.now().minus(Duration.ofMinutes(1)))) {
      if (args.length > 0 && args[0].equals("account")) {
        fill(host);
      }
      host.advance(Duration.between(host.instant(), Instant.now()));
      System.out.println(host.url() + " " + FakeOpenAi.KEY);
      Thread.ofVirtual().start(() -> run(host));
      while (System.in.read() >= 0) {
        // Until whoever started it goes away.
      }
    }
  }

  private static void run(FakeOpenAi host) {
    try {
      while (true) {
        Thread.sleep(TICK);
        host.advance(Duration.between(host.instant(), Instant.now()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void fill(FakeOpenAi host) throws IOException {
    String training = host.addFile("support.jsonl", lines(24));
    String validation = host.addFile("held-out.jsonl", lines(6));
    host.addJob(request(training, validation, "support", 2), 6, Optional.empty());
    host.addJob(request(training, validation, "broken", 3), 4, Optional.of("server_error"));
    host.advance(Duration.ofSeconds(20));
    host.addJob(request(training, validation, "long", 4), 100_000, Optional.empty());
  }

  private static JsonNode request(String training, String validation, String suffix, int epochs)
      throws IOException {
    return FakeAnswer.JSON.readTree(
        """
        {"model": "%s", "training_file": "%s", "validation_file": "%s", "suffix": "%s",
         "seed": 11, "metadata": {"team": "support"},
         "method": {"type": "supervised", "supervised": {"hyperparameters":
           {"n_epochs": %d, "batch_size": 4, "learning_rate_multiplier": 1.8}}}}
        """
            .formatted(BASE, training, validation, suffix, epochs));
  }

  private static byte[] lines(int count) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append(
          "{\"messages\":[{\"role\":\"user\",\"content\":\"Where is order %d?\"},{\"role\":\"assistant\",\"content\":\"Order %d is on its way.\"}]}\n"
              .formatted(i, i));
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }
}
