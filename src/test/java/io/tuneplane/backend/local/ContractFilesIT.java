package io.tuneplane.backend.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.RunState;
import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.backend.TrainingSpec;
import io.tuneplane.policy.TestClearances;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What this backend writes, and what its scripted runner says, against the runner's schemas: so
/// the tests above it are held to the same contract as the real runner.
class ContractFilesIT {

  private static final Path SCHEMAS = Path.of("docs/schemas/runner");

  @TempDir private Path directory;

  @Test
  void theScriptedRunnersEventsAreTheRealOnes() throws Exception {
    LocalPlace place = LocalPlace.create(directory);
    LocalTraining backend = place.scripted("1:5:20 2:6:21");
    RunState end =
        new Watch(
                backend,
                backend.submit(
                    place.spec(1),
                    new SubmissionKey("events"),
                    TestClearances.onHardware(LocalTraining.NAME)))
            .untilEnd();
    RunDirectory run = place.run("events");

    assertThat(end).isInstanceOf(RunState.Succeeded.class);
    assertValid("job", Files.readString(run.path().resolve("job.json")));
    for (String line : Files.readAllLines(run.path().resolve("events.jsonl"))) {
      assertValid("event", line);
    }
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void everyJobIsAsTheSchemaSays(Method method) throws IOException {
    LocalPlace place = LocalPlace.create(directory);
    TrainingSpec usual = place.spec(1);
    TrainingSpec spec =
        new TrainingSpec(
            usual.baseModel(),
            method,
            usual.trainingFile(),
            usual.trainingDigest(),
            Optional.of(usual.trainingFile()),
            usual.hyperparameters(),
            usual.seed(),
            usual.suffix(),
            usual.startFrom(),
            java.util.Set.of(),
            java.util.Map.of());
    JobFile.Base base = new JobFile.Base("tiny", "/models/tiny", "a".repeat(64));

    JobFile.StartAdapter start = new JobFile.StartAdapter("/models/adapter", "b".repeat(64));
    JobFile job = JobFile.of("mark-1", spec, base, start, 2048, 2);

    assertValid("job", text(job.again(1, new Threading(2, true), null)));
    assertValid("job", text(job.again(2, new Threading(2, false), 1L << 30)));
    assertValid("job", text(JobFile.toMeasure(base, 2)));
  }

  private static String text(JobFile job) throws IOException {
    return LocalJson.MAPPER.writeValueAsString(job);
  }

  private static void assertValid(String schema, String json) throws IOException {
    Schema read =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Files.readString(SCHEMAS.resolve(schema + ".schema.json")));
    assertThat(read.validate(json, InputFormat.JSON)).as(json).isEmpty();
  }
}
