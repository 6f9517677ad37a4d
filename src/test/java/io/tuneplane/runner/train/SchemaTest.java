package io.tuneplane.runner.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.tuneplane.runner.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `docs/schemas/runner` against what the trainer really reads and writes.
class SchemaTest {

  private static final Path SCHEMAS = Path.of("docs/schemas/runner");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"supervised", "dpo"})
  void everyFileIsAsItsSchemaSays(String method) throws IOException {
    JobFolder job = JobFolder.tiny(folder);
    if (method.equals("dpo")) {
      job.dpo();
    }
    assertThat(job.train()).isEqualTo(ExitCode.DONE);
    assertFile("job", job.path.resolve("job.json"));
    for (String line : Files.readAllLines(job.path.resolve("events.jsonl"))) {
      assertValid("event", line);
    }
    for (String line : Files.readAllLines(job.path.resolve("golden.jsonl"))) {
      assertValid("golden", line);
    }
    Path checkpoint = job.path.resolve(job.events("checkpoint").getLast().path("path").asText());
    for (Path adapter : List.of(job.path.resolve("adapter"), checkpoint.resolve("adapter"))) {
      assertFile("adapter-config", adapter.resolve("adapter_config.json"));
      assertFile("adapter-origin", adapter.resolve("tuneplane.json"));
    }
    assertFile("checkpoint-manifest", checkpoint.resolve("manifest.json"));
    assertFile("checkpoint-state", checkpoint.resolve("state.json"));
  }

  @Test
  void calibrationIsAsItsSchemaSays() throws IOException {
    JobFolder job = JobFolder.tiny(folder).write();
    assertValid("calibration", new CalibrateCommand(job.path).run().json());
  }

  @Test
  void everySchemaRefusesAnEmptyObject() throws IOException {
    try (Stream<Path> files = Files.list(SCHEMAS)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString().replace(".schema.json", "");
        assertThat(schema(name).validate("{}", InputFormat.JSON)).as(name).isNotEmpty();
      }
    }
  }

  private static void assertFile(String schema, Path file) throws IOException {
    assertValid(schema, Files.readString(file));
  }

  private static void assertValid(String schema, String json) throws IOException {
    assertThat(schema(schema).validate(json, InputFormat.JSON)).as(json).isEmpty();
  }

  private static Schema schema(String name) throws IOException {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(Files.readString(SCHEMAS.resolve(name + ".schema.json")));
  }
}
