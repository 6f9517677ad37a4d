package io.tuneplane.backend.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.tuneplane.backend.Hyperparameters;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.TestSpecs;
import io.tuneplane.backend.TrainingSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The work as runners read it, held to the runner's schema.
class JobFileTest {

  private static final Path SCHEMA = Path.of("docs/schemas/runner/job.schema.json");

  static Stream<TrainingSpec> specs() {
    Hyperparameters usual = TestSpecs.hyperparameters(3);
    return Stream.of(
        spec(Method.SUPERVISED, usual),
        spec(Method.DPO, usual),
        spec(Method.SUPERVISED, with(usual, usual.lora(), Optional.of("4bit"))),
        spec(Method.SUPERVISED, with(usual, Optional.empty(), Optional.empty())));
  }

  private static Hyperparameters with(
      Hyperparameters usual, Optional<Hyperparameters.Lora> lora, Optional<String> quantization) {
    return new Hyperparameters(
        usual.epochs(),
        usual.batchSize(),
        usual.learningRate(),
        usual.learningRateMultiplier(),
        usual.beta(),
        lora,
        quantization);
  }

  private static TrainingSpec spec(Method method, Hyperparameters hyperparameters) {
    return new TrainingSpec(
        "tiny",
        method,
        Path.of("train.jsonl"),
        "0".repeat(64),
        Optional.of(Path.of("validation.jsonl")),
        hyperparameters,
        7,
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        Map.of());
  }

  private static JobFile job(TrainingSpec spec) {
    JobFile.Base base = new JobFile.Base("tiny", "/models/tiny", "a".repeat(64));
    JobFile.StartAdapter start = new JobFile.StartAdapter("/models/adapter", "b".repeat(64));
    return JobFile.of("mark-1", spec, base, start, 2048, 4, 8192L);
  }

  @ParameterizedTest
  @MethodSource("specs")
  void everyJobIsAsTheSchemaSays(TrainingSpec spec) throws IOException {
    assertValid(job(spec));
    assertValid(job(spec).withLessMemory());
  }

  @Test
  void lessMemoryIsHalfThePassAndTheSameStep() {
    JobFile before = job(spec(Method.SUPERVISED, TestSpecs.hyperparameters(3)));
    JobFile after = before.withLessMemory();

    assertThat(Objects.requireNonNull(after.limits().passTokens())).isEqualTo(4096);
    assertThat(after.hyperparameters()).isEqualTo(before.hyperparameters());
    assertThat(after.seed()).isEqualTo(before.seed());
  }

  private static void assertValid(JobFile job) throws IOException {
    String json = new String(Json.bytes(job), StandardCharsets.UTF_8);
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Files.readString(SCHEMA));
    assertThat(schema.validate(json, InputFormat.JSON)).as(json).isEmpty();
  }
}
