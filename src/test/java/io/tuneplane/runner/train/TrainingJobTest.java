package io.tuneplane.runner.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.runner.RunnerException.WrongInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A `job.json` that someone wrote by hand, or that means harm.
class TrainingJobTest {

  @TempDir Path folder;

  static Stream<Arguments> faults() {
    return Stream.of(
        fault("mark", j -> j.put("mark", "../../etc")),
        fault("attempt", j -> j.put("attempt", 0)),
        fault("digest", j -> j.withObject("/base_model").put("digest", "x")),
        fault("base_model", j -> j.putNull("base_model")),
        fault("method", j -> j.put("method", "reinforcement")),
        fault("method", j -> j.putNull("method")),
        fault("n_epochs", j -> hyper(j).put("n_epochs", 1_000_000_000)),
        fault("batch_size", j -> hyper(j).put("batch_size", -1)),
        fault("learning_rate", j -> hyper(j).put("learning_rate", Double.NaN)),
        fault("learning_rate", j -> hyper(j).put("learning_rate", 0)),
        fault("lora.r", j -> hyper(j).withObject("/lora").put("r", 0)),
        fault("dropout", j -> hyper(j).withObject("/lora").put("dropout", 1)),
        fault("target_modules", j -> hyper(j).withObject("/lora").putArray("target_modules")),
        fault(
            "lm_head", j -> hyper(j).withObject("/lora").putArray("target_modules").add("lm_head")),
        fault("schedule", j -> hyper(j).put("schedule", "polynomial")),
        fault("train", j -> j.withObject("/data").put("train", "../secret.jsonl")),
        fault("train", j -> j.withObject("/data").put("train", "/etc/passwd")),
        fault("validation", j -> j.withObject("/data").put("validation", ".hidden")),
        fault("threads", j -> j.withObject("/limits").put("threads", 0)),
        fault("memory_bytes", j -> j.withObject("/limits").put("memory_bytes", -5)),
        fault("extra", j -> j.put("extra", 1)),
        fault("limits", j -> j.remove("limits")));
  }

  private static Arguments fault(String field, Consumer<ObjectNode> change) {
    return Arguments.of(field, change);
  }

  private static ObjectNode hyper(ObjectNode job) {
    return job.withObject("/hyperparameters");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void aFaultIsNamed(String field, Consumer<ObjectNode> change) throws IOException {
    JobFolder job = JobFolder.tiny(folder);
    change.accept(job.job);
    job.write();
    assertThatThrownBy(() -> TrainingJob.read(job.path.resolve("job.json")))
        .isInstanceOf(WrongInput.class)
        .hasMessageContaining(field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "null", "{", "{\"mark\":\"a\",\"mark\":\"b\"}", "\u0000", "7", "{} {}"})
  void whatIsNoJobIsRefused(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("job.json"), text);
    assertThatThrownBy(() -> TrainingJob.read(file)).isInstanceOf(WrongInput.class);
  }

  @Test
  void deepNestingIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("job.json"), "[".repeat(100_000));
    assertThatThrownBy(() -> TrainingJob.read(file)).isInstanceOf(WrongInput.class);
  }

  @Test
  void aGoodJobIsRead() throws IOException {
    JobFolder job = JobFolder.tiny(folder).write();
    TrainingJob read = TrainingJob.read(job.path.resolve("job.json"));
    assertThat(read.hyperparameters().lora().scale()).isEqualTo(2);
    assertThat(read.limits().memoryBytes()).isNull();
  }
}
