package io.tuneplane.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.tuneplane.access.Role;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `/openapi.json` says what the server does.
class OpenApiTest {

  @TempDir Path folder;
  private TestServer server;

  @BeforeEach
  void start() {
    server = TestServer.start(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void everyRouteIsDescribedWithItsRolesAndNoOther() {
    JsonNode paths = server.get("/openapi.json", "none").json().path("paths");

    assertThat(Route.values())
        .allSatisfy(route -> {
          JsonNode operation =
              paths
                  .path(route.template().toString().replace("...}", "}"))
                  .path(route.method().toLowerCase(java.util.Locale.ROOT));
          assertThat(operation.path("operationId").asText()).isEqualTo(route.operationId());
          assertThat(operation.path("x-roles").size())
              .isEqualTo((int) Arrays.stream(Role.values()).filter(route::allows).count());
        });
    int operations = 0;
    for (JsonNode path : paths) {
      operations += path.size();
    }
    assertThat(operations).isEqualTo(Route.values().length);
  }

  @Test
  void answersAreAsDescribed() {
    JsonNode description = server.get("/openapi.json", "none").json();
    String file = server.upload();
    String job = server.job();
    String admin = TestServer.key(Role.ADMIN, "default");

    for (String path :
        new String[] {
          "/v1/files",
          "/v1/files/" + file,
          "/v1/fine_tuning/jobs",
          "/v1/fine_tuning/jobs/" + job,
          "/v1/fine_tuning/jobs/" + job + "/events",
          "/v1/fine_tuning/jobs/" + job + "/checkpoints",
          "/v1/models",
          "/v1/models/echo",
          "/api/v1/keys",
          "/api/v1/backends",
          "/api/v1/backends/compare",
          "/api/v1/audit/verify"
        }) {
      JsonNode answer = server.get(path, admin).json();
      assertThat(schema(description, path).validate(answer.toString(), InputFormat.JSON))
          .describedAs(path)
          .isEmpty();
    }
  }

  private static Schema schema(JsonNode description, String path) {
    Route route =
        Arrays.stream(Route.values())
            .filter(r -> r.method().equals("GET") && r.template().match(path).isPresent())
            .findFirst()
            .orElseThrow();
    JsonNode of =
        description
            .path("paths")
            .path(route.template().toString().replace("...}", "}"))
            .path("get")
            .path("responses")
            .path("200")
            .path("content")
            .path("application/json")
            .path("schema");
    var whole = (com.fasterxml.jackson.databind.node.ObjectNode) of.deepCopy();
    whole.set("components", description.path("components"));
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(whole.toString());
  }
}
