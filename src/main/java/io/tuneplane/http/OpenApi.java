package io.tuneplane.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.access.Role;
import io.tuneplane.api.Json;
import java.util.Locale;

/// `/openapi.json`: the table of routes, and the records that they answer with.
final class OpenApi {

  private OpenApi() {}

  static ObjectNode of(String version) {
    ObjectNode root = Json.mapper().createObjectNode();
    root.put("openapi", "3.1.0");
    root.putObject("info")
        .put("title", "Tuneplane")
        .put("version", version)
        .put(
            "description", "OpenAI's fine-tuning API for every place, and what is ours beside it.");
    ObjectNode paths = root.putObject("paths");
    Schemas schemas = new Schemas();
    for (Route route : Route.values()) {
      String path = route.template().toString().replace("...}", "}");
      ObjectNode item = paths.has(path) ? (ObjectNode) paths.get(path) : paths.putObject(path);
      operation(item.putObject(route.method().toLowerCase(Locale.ROOT)), route, schemas);
    }
    ObjectNode components = root.putObject("components");
    components.set("schemas", schemas.all());
    components
        .putObject("securitySchemes")
        .putObject("key")
        .put("type", "http")
        .put("scheme", "bearer");
    return root;
  }

  private static void operation(ObjectNode operation, Route route, Schemas schemas) {
    operation.put("operationId", route.operationId()).put("summary", route.summary());
    if (!route.isOpen()) {
      operation.putArray("security").addObject().putArray("key");
      ArrayNode roles = operation.putArray("x-roles");
      for (Role role : Role.values()) {
        if (route.allows(role)) {
          roles.add(role.wireName());
        }
      }
    }
    parameters(operation, route);
    Shapes.body(route)
        .ifPresent(body -> {
          ObjectNode content = operation.putObject("requestBody").put("required", true);
          media(content, body.type()).set("schema", schemas.of(body.schema()));
        });
    ObjectNode responses = operation.putObject("responses");
    ObjectNode ok = responses.putObject("200").put("description", route.summary());
    Shapes.Shape answer = Shapes.answer(route);
    media(ok, answer.type()).set("schema", schemas.of(answer.schema()));
    if (!route.isOpen()) {
      ObjectNode error = responses.putObject("default").put("description", "Why not");
      media(error, Shapes.JSON).set("schema", schemas.of(Shapes.ErrorBody.class));
    }
  }

  private static ObjectNode media(ObjectNode parent, String type) {
    return parent.putObject("content").putObject(type);
  }

  private static void parameters(ObjectNode operation, Route route) {
    ArrayNode parameters = operation.putArray("parameters");
    route
        .template()
        .names()
        .forEach(name -> {
          ObjectNode parameter = parameters.addObject().put("name", name).put("in", "path");
          parameter.put("required", true).putObject("schema").put("type", "string");
        });
    Shapes.query(route)
        .forEach((name, type) -> {
          ObjectNode parameter = parameters.addObject().put("name", name).put("in", "query");
          parameter.putObject("schema").put("type", type);
        });
  }
}
