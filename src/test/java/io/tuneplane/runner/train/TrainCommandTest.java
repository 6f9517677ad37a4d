package io.tuneplane.runner.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.runner.ExitCode;
import io.tuneplane.runner.RunnerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {

  @TempDir Path folder;

  @Test
  void aJobLearnsAndLeavesItsResult() throws IOException {
    JobFolder job = JobFolder.tiny(folder);
    job.hyperparameters().put("n_epochs", 6).put("learning_rate", 0.02);
    assertThat(job.train()).isEqualTo(ExitCode.DONE);
    List<JsonNode> metrics = job.events("metrics");
    assertThat(metrics).hasSize(36);
    assertThat(metrics.getLast().path("train_loss").asDouble())
        .isLessThan(0.7 * metrics.getFirst().path("train_loss").asDouble());
    assertThat(metrics.get(2).has("valid_loss")).isTrue();
    assertThat(metrics.get(3).has("valid_loss")).isFalse();
    assertThat(metrics.get(5).has("full_valid_loss")).isTrue();
    JsonNode result = job.lastEvent();
    assertThat(result.path("type").asText()).isEqualTo("result");
    for (JsonNode file : result.path("files")) {
      assertThat(DurableFiles.sha256(job.path.resolve(file.path("path").asText())))
          .isEqualTo(file.path("sha256").asText());
    }
    assertThat(job.events().stream().mapToLong(e -> e.path("seq").asLong()))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, job.events().size()).boxed().toList());
    assertThat(Files.readAllLines(job.path.resolve("metrics.csv")))
        .hasSize(37)
        .startsWith("step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy");
    // The last two to go on from, and the last three ends of an epoch to choose from.
    assertThat(checkpoints(job))
        .containsExactlyInAnyOrder("step-34", "step-36", "step-30", "step-24");
    List<JsonNode> told = job.events("checkpoint");
    assertThat(told.stream().filter(c -> c.has("epoch")).map(c -> c.path("step").asInt()))
        .containsExactly(6, 12, 18, 24, 30, 36);
    assertThat(told.getLast().path("epoch").asInt()).isEqualTo(6);
  }

  @Test
  void preferencesAreLearnt() throws IOException {
    JobFolder job = JobFolder.tiny(folder).dpo();
    job.hyperparameters().put("n_epochs", 8);
    assertThat(job.train()).isEqualTo(ExitCode.DONE);
    List<JsonNode> metrics = job.events("metrics");
    assertThat(metrics.getFirst().path("train_loss").asDouble())
        .isCloseTo(Math.log(2), org.assertj.core.api.Assertions.within(1e-6));
    assertThat(metrics.getLast().path("full_valid_loss").asDouble()).isLessThan(0.6);
    assertThat(metrics.getLast().path("full_valid_mean_token_accuracy").asDouble()).isEqualTo(1);
  }

  @Test
  void aDpoRunGoesOnFromAnAdapterAndHoldsOnToIt() throws IOException {
    JobFolder first = JobFolder.tiny(folder);
    assertThat(first.train()).isEqualTo(ExitCode.DONE);
    JobFolder second = new JobFolder(folder.resolve("second"), folder.resolve("model")).dpo();
    second
        .job
        .putObject("start_adapter")
        .put("path", first.path.resolve("adapter").toString())
        .put("digest", first.adapterDigest());
    assertThat(second.train()).isEqualTo(ExitCode.DONE);
    assertThat(second.events("metrics").getFirst().path("train_loss").asDouble())
        .isCloseTo(Math.log(2), org.assertj.core.api.Assertions.within(1e-6));
    second.job.withObject("/start_adapter").put("digest", "0".repeat(64));
    Files.delete(second.path.resolve("events.jsonl"));
    DurableFiles.delete(second.path.resolve("checkpoints"));
    assertThat(second.train()).isEqualTo(ExitCode.WRONG_INPUT);
  }

  @Test
  void stoppedAndResumedItEndsWhereAnUnbrokenRunDoes() throws IOException {
    JobFolder whole = JobFolder.tiny(folder);
    whole.hyperparameters().withObject("/lora").put("dropout", 0.2);
    assertThat(whole.train()).isEqualTo(ExitCode.DONE);
    JobFolder broken = new JobFolder(folder.resolve("broken"), folder.resolve("model"));
    broken.hyperparameters().withObject("/lora").put("dropout", 0.2);
    StopRequest stop = new StopRequest();
    stop.request("test");
    assertThat(broken.train(stop)).isEqualTo(ExitCode.STOPPED);
    assertThat(broken.events("checkpoint")).singleElement().matches(c -> !c.has("epoch"));
    assertThat(broken.lastEvent().path("text").asText()).contains("test");
    broken.job.put("attempt", 2);
    assertThat(broken.train()).isEqualTo(ExitCode.DONE);
    assertThat(broken.adapterDigest()).isEqualTo(whole.adapterDigest());
    assertThat(Files.readString(broken.path.resolve("golden.jsonl")))
        .isEqualTo(Files.readString(whole.path.resolve("golden.jsonl")));
  }

  @Test
  void aBrokenCheckpointIsPassedOverAndSaid() throws IOException {
    JobFolder job = JobFolder.tiny(folder);
    assertThat(job.train()).isEqualTo(ExitCode.DONE);
    String digest = job.adapterDigest();
    Path newest = job.path.resolve("checkpoints/step-12/optimizer.safetensors");
    byte[] bytes = Files.readAllBytes(newest);
    bytes[bytes.length / 2] ^= 1;
    Files.write(newest, bytes);
    forgetResult(job);
    job.job.put("attempt", 2);
    assertThat(job.train()).isEqualTo(ExitCode.DONE);
    assertThat(job.adapterDigest()).isEqualTo(digest);
    assertThat(texts(job)).anyMatch(t -> t.contains("step-12 is passed over: optimizer"));
    assertThat(texts(job)).anyMatch(t -> t.contains("goes on from checkpoints/step-10"));
    // The steps that were done twice are in the file once.
    assertThat(Files.readAllLines(job.path.resolve("metrics.csv"))).hasSize(13);
  }

  @Test
  void aLineThatACrashCutShortIsTakenAway() throws IOException {
    JobFolder job = JobFolder.tiny(folder);
    assertThat(job.train()).isEqualTo(ExitCode.DONE);
    forgetResult(job);
    Files.writeString(
        job.path.resolve("events.jsonl"), "{\"seq\":99,\"att", StandardOpenOption.APPEND);
    int before = job.path.resolve("events.jsonl").toFile().length() > 0 ? 1 : 0;
    assertThat(before).isOne();
    assertThat(job.train()).isEqualTo(ExitCode.DONE);
    assertThat(job.events().stream().mapToLong(e -> e.path("seq").asLong()))
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void aDoneRunIsNotRepeated() throws IOException {
    JobFolder job = JobFolder.tiny(folder);
    assertThat(job.train()).isEqualTo(ExitCode.DONE);
    int events = job.events().size();
    assertThat(job.train()).isEqualTo(ExitCode.DONE);
    assertThat(job.events()).hasSize(events);
  }

  @Test
  void anotherBaseIsRefused() throws IOException {
    JobFolder job = JobFolder.tiny(folder);
    job.job.withObject("/base_model").put("digest", "0".repeat(64));
    assertThat(job.train()).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(job.lastEvent().path("code").asText()).isEqualTo("invalid_input");
    assertThat(job.lastEvent().path("text").asText()).contains("0".repeat(64));
  }

  @Test
  void tooLittleMemoryIsSaidBeforeTheStartWithTheNumber() throws IOException {
    JobFolder job = JobFolder.tiny(folder);
    job.limits().put("memory_bytes", 1 << 20);
    assertThat(job.train()).isEqualTo(ExitCode.OUT_OF_MEMORY);
    assertThat(job.lastEvent().path("text").asText()).contains("may use 1 MiB", "max_length");
    assertThat(job.events("metrics")).isEmpty();
  }

  @Test
  void anExplodingLossEndsTheRunWithAdvice() throws IOException {
    JobFolder job = JobFolder.tiny(folder);
    job.hyperparameters().put("learning_rate", 1e30).put("max_grad_norm", 0);
    assertThat(job.train()).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(job.lastEvent().path("text").asText()).contains("Lower the learning rate");
  }

  @Test
  void examplesWithNothingToLearnAreLeftOutAndCounted() throws IOException {
    JobFolder job = JobFolder.tiny(folder);
    Files.writeString(
        job.path.resolve("train.jsonl"),
        """
        {"messages":[{"role":"user","content":"%s"},{"role":"assistant","content":"x"}]}
        """
            .formatted("long ".repeat(200)),
        StandardOpenOption.APPEND);
    assertThat(job.train()).isEqualTo(ExitCode.DONE);
    assertThat(texts(job)).anyMatch(t -> t.contains("1 examples have no token to learn"));
  }

  @Test
  void aBrokenLineIsNamed() throws IOException {
    JobFolder job = JobFolder.tiny(folder);
    Files.writeString(job.path.resolve("train.jsonl"), "\n{\"messages\": 3}\n");
    assertThat(job.train()).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(job.lastEvent().path("text").asText()).contains("train.jsonl line 2", "messages");
  }

  @Test
  void twoRunnersDoNotWorkInOneFolder() throws IOException {
    JobFolder job = JobFolder.tiny(folder);
    try (var channel =
            java.nio.channels.FileChannel.open(
                job.path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var _ = channel.lock()) {
      assertThatThrownBy(job::train)
          .isInstanceOf(RunnerException.TryAgain.class)
          .hasMessageContaining("another runner");
    }
  }

  private static List<String> checkpoints(JobFolder job) throws IOException {
    try (Stream<Path> kept = Files.list(job.path.resolve("checkpoints"))) {
      return kept.map(p -> p.getFileName().toString()).toList();
    }
  }

  private static void forgetResult(JobFolder job) throws IOException {
    Path events = job.path.resolve("events.jsonl");
    List<String> lines = Files.readAllLines(events);
    Files.write(events, lines.subList(0, lines.size() - 1));
  }

  private static List<String> texts(JobFolder job) throws IOException {
    return job.events("message").stream().map(e -> e.path("text").asText()).toList();
  }
}
