package io.tuneplane.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.tuneplane.api.Json;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Holds the server's answers to OpenAI's own description. The description is not part of the
/// project: `TUNEPLANE_OPENAI_SPEC` says where it is; without it, the test is skipped.
class OpenAiSpecTest {

  private static final Path REPORT = Path.of("target", "openai-conformance.txt");

  @TempDir Path folder;

  private static Optional<Path> description() {
    return Stream.of(
            Optional.ofNullable(System.getenv("TUNEPLANE_OPENAI_SPEC")).orElse(""),
            "../shared/contracts/openai-openapi.json")
        .filter(name -> !name.isEmpty())
        .map(Path::of)
        .filter(Files::isRegularFile)
        .findFirst();
  }

  @Test
  void whatIsOfferedConforms() throws IOException {
    Optional<Path> path = description();
    Assumptions.assumeTrue(
        path.isPresent(), "TUNEPLANE_OPENAI_SPEC does not say where OpenAI's description is");
    JsonNode description = Json.mapper().readTree(path.get().toFile());
    Map<String, List<String>> found = new LinkedHashMap<>();
    try (TestServer server = TestServer.start(folder)) {
      answers(server)
          .forEach((operation, answer) ->
              found.put(operation, problems(description, operation, answer)));
    }
    long good = found.values().stream().filter(List::isEmpty).count();
    report(description, found, good);

    assertThat(found.values()).allSatisfy(problems -> assertThat(problems).isEmpty());
    assertThat(found).hasSizeGreaterThan(15);
  }

  /// Every operation that is offered, with an answer to it.
  private static Map<String, JsonNode> answers(TestServer server) {
    String key = TestServer.trainer();
    String file = server.upload();
    String job = server.job();
    Map<String, JsonNode> all = new LinkedHashMap<>();
    all.put("post /files", server.upload(key, "a.jsonl", new byte[] {'{', '}'}).json());
    all.put("get /files", server.get("/v1/files", key).json());
    all.put("get /files/{file_id}", server.get("/v1/files/" + file, key).json());
    String jobs = "/v1/fine_tuning/jobs";
    String ask = "{\"model\":\"m\",\"training_file\":\"" + file + "\",\"suffix\":\"s\",\"seed\":1}";
    all.put("post /fine_tuning/jobs", server.post(jobs, key, ask).json());
    all.put("get /fine_tuning/jobs", server.get(jobs, key).json());
    String one = "/fine_tuning/jobs/{fine_tuning_job_id}";
    for (String act : List.of("pause", "resume", "cancel")) {
      all.put("post " + one + "/" + act, server.post(jobs + "/" + job + "/" + act, key, "").json());
    }
    server.jobs.succeed(job);
    all.put("get " + one, server.get(jobs + "/" + job, key).json());
    all.put("get " + one + "/events", server.get(jobs + "/" + job + "/events", key).json());
    all.put(
        "get " + one + "/checkpoints", server.get(jobs + "/" + job + "/checkpoints", key).json());
    all.put("get /models", server.get("/v1/models", key).json());
    all.put("get /models/{model}", server.get("/v1/models/" + ScriptedModels.OWN, key).json());
    String chat = "{\"model\":\"echo\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    all.put("post /chat/completions", server.post("/v1/chat/completions", key, chat).json());
    all.put("stream /chat/completions", chunks(server, key, chat));
    String likely = chat.replace("]}", "],\"logprobs\":true,\"top_logprobs\":2}");
    all.put(
        "post /chat/completions with logprobs",
        server.post("/v1/chat/completions", key, likely).json());
    all.put("stream /chat/completions with logprobs", chunks(server, key, likely));
    all.put(
        "delete /models/{model}",
        server
            .send(
                server
                    .request("/v1/models/" + ScriptedModels.OWN, key)
                    .method("DELETE", BodyPublishers.noBody()))
            .json());
    all.put(
        "delete /files/{file_id}",
        server
            .send(
                server.request("/v1/files/" + file, key).method("DELETE", BodyPublishers.noBody()))
            .json());
    all.put("error", server.get("/v1/files/none", key).json());
    return all;
  }

  private static JsonNode chunks(TestServer server, String key, String chat) {
    String stream =
        chat.replaceFirst("\\{", "{\"stream\":true,\"stream_options\":{\"include_usage\":true},");
    var chunks = Json.mapper().createArrayNode();
    server
        .post("/v1/chat/completions", key, stream)
        .text()
        .lines()
        .filter(line -> line.startsWith("data: {"))
        .forEach(line -> {
          try {
            chunks.add(Json.mapper().readTree(line.substring(6)));
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
    return chunks;
  }

  private static List<String> problems(JsonNode description, String operation, JsonNode answer) {
    ObjectNode schema = schema(description, operation);
    schema.set("components", nullable(description.path("components")));
    Schema whole =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(schema.toString());
    List<String> problems = new ArrayList<>();
    for (JsonNode one : operation.startsWith("stream") ? answer : List.of(answer)) {
      whole.validate(one.toString(), InputFormat.JSON).stream()
          .map(Error::toString)
          .forEach(problems::add);
    }
    return problems;
  }

  private static ObjectNode schema(JsonNode description, String operation) {
    ObjectNode reference = Json.mapper().createObjectNode();
    if (operation.startsWith("stream")) {
      return reference.put("$ref", "#/components/schemas/CreateChatCompletionStreamResponse");
    }
    if (operation.equals("error")) {
      return reference.put("$ref", "#/components/schemas/ErrorResponse");
    }
    String[] parts = operation.replaceFirst(" with .*", "").split(" ", 2);
    JsonNode schema =
        description
            .path("paths")
            .path(parts[1])
            .path(parts[0])
            .path("responses")
            .path("200")
            .path("content")
            .path("application/json")
            .path("schema");
    assertThat(schema.isObject()).describedAs(operation).isTrue();
    return schema.deepCopy();
  }

  /// OpenAPI 3.0's `nullable` and boolean `exclusiveMinimum`, which the description still has here
  /// and there, as JSON Schema.
  private static JsonNode nullable(JsonNode node) {
    if (node.isArray()) {
      var array = Json.mapper().createArrayNode();
      node.forEach(element -> array.add(nullable(element)));
      return array;
    }
    if (!node.isObject()) {
      return node;
    }
    ObjectNode object = Json.mapper().createObjectNode();
    node.properties().forEach(e -> object.set(e.getKey(), nullable(e.getValue())));
    if (object.path("exclusiveMinimum").isBoolean()) {
      object.set("exclusiveMinimum", object.remove("minimum"));
    }
    if (!node.path("nullable").isBoolean()) {
      return object;
    }
    object.remove("nullable");
    ObjectNode either = Json.mapper().createObjectNode();
    either.putArray("anyOf").add(object).addObject().put("type", "null");
    return either;
  }

  private static void report(JsonNode description, Map<String, List<String>> found, long good)
      throws IOException {
    List<String> notOffered = new ArrayList<>();
    description
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .fieldNames()
                .forEachRemaining(method -> notOffered.add(method + " " + path.getKey())));
    int described = notOffered.size();
    notOffered.removeAll(found.keySet());
    // Its content has no schema to hold it to: what was uploaded comes back.
    notOffered.remove("get /files/{file_id}/content");
    List<String> lines = new ArrayList<>();
    lines.add(
        "operations offered: %d of %d described (%d %%)"
            .formatted(
                described - notOffered.size(),
                described,
                100 * (described - notOffered.size()) / described));
    lines.add(
        "answers that conform: %d of %d (%d %%)"
            .formatted(good, found.size(), 100 * good / found.size()));
    found.forEach((operation, problems) ->
        problems.forEach(problem -> lines.add("  " + operation + ": " + problem)));
    notOffered.forEach(operation -> lines.add("  not offered: " + operation));
    Files.createDirectories(REPORT.toAbsolutePath().getParent());
    Files.write(REPORT, lines);
  }
}
