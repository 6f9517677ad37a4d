package io.tuneplane.runner.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/// `/v1/models` and the routes that load and unload adapters. The wording of the answers is vLLM's.
final class ModelRoutes {

  private final ServedModel model;
  private final Instant started;

  ModelRoutes(ServedModel model, Instant started) {
    this.model = model;
    this.started = started;
  }

  void routes(HttpRules rules) {
    rules.get("/v1/models", this::list);
    rules.post("/v1/load_lora_adapter", this::load);
    rules.post("/v1/unload_lora_adapter", this::unload);
  }

  private void list(ServerRequest request, ServerResponse response) {
    ObjectNode json = ApiJson.object().put("object", "list");
    ArrayNode data = json.putArray("data");
    describe(data.addObject(), model.name(), model.base().path(), Optional.empty());
    model
        .adapters()
        .all()
        .forEach((name, shelved) ->
            describe(data.addObject(), name, shelved.folder(), Optional.of(model.name())));
    Bodies.send(response, 200, json);
  }

  private void describe(ObjectNode entry, String id, Path root, Optional<String> parent) {
    entry.put("id", id).put("object", "model").put("created", started.getEpochSecond());
    entry.put("owned_by", "tuneplane").put("root", root.toString());
    entry.put("parent", parent.orElse(null));
    entry.put("max_model_len", model.engine().maxContext());
  }

  private void load(ServerRequest request, ServerResponse response) {
    RequestFields body = new RequestFields(ApiJson.read(Bodies.read(request)));
    String name = body.requiredText("lora_name");
    Path folder = path(body.requiredText("lora_path"));
    model.adapters().load(name, folder, body.flag("load_inplace"));
    Bodies.sendText(response, "Success: LoRA adapter '%s' added successfully.".formatted(name));
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw ApiException.bad("lora_path", "'lora_path' is no path: " + e.getReason());
    }
  }

  private void unload(ServerRequest request, ServerResponse response) {
    String name = new RequestFields(ApiJson.read(Bodies.read(request))).requiredText("lora_name");
    model.adapters().unload(name);
    Bodies.sendText(response, "Success: LoRA adapter '%s' removed successfully.".formatted(name));
  }
}
