package io.tuneplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.job.JobRequest.Placement;
import io.tuneplane.migration.Likeness;
import io.tuneplane.migration.Likeness.Wish;
import io.tuneplane.migration.ParityRecorder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The bodies of migrations: JSON to what is asked, and back. Unknown fields are refused.
public final class MigrationBodies {

  private MigrationBodies() {}

  /// A job, and how the new one is to differ.
  public record LikeWanted(
      String job, String backend, Optional<String> model, Optional<String> suffix) {

    /// How it is to differ.
    public Wish wish() {
      return new Wish(backend, model, suffix);
    }
  }

  /// A job, how many prompts are sent, and whether the terms were confirmed.
  public record ParityWanted(String job, int prompts, boolean termsConfirmed) {}

  /// Reads where to import from: `{"from": "openai"}`.
  ///
  /// @throws RequestException naming every field that is wrong
  public static String from(JsonNode body) {
    Fields fields = Fields.of(body);
    fields.onlyKnown(List.of("from"));
    String from = fields.required("from");
    fields.done();
    return from;
  }

  /// Writes it.
  public static ObjectNode from(String backend) {
    return Json.mapper().createObjectNode().put("from", backend);
  }

  /// Reads which job the new one is to be like, and how it is to differ.
  ///
  /// @throws RequestException naming every field that is wrong
  public static LikeWanted like(JsonNode body) {
    Fields fields = Fields.of(body);
    fields.onlyKnown(List.of("backend", "job", "model", "suffix"));
    LikeWanted wanted =
        new LikeWanted(
            fields.required("job"),
            fields.text("backend").orElse(Placement.AUTO),
            fields.text("model"),
            fields.text("suffix"));
    fields.done();
    return wanted;
  }

  /// Writes it.
  public static ObjectNode like(String job, Wish wish) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("job", job).put("backend", wish.backend());
    wish.model().ifPresent(model -> body.put("model", model));
    wish.suffix().ifPresent(suffix -> body.put("suffix", suffix));
    return body;
  }

  /// Reads how many answers are to be kept.
  ///
  /// @throws RequestException naming every field that is wrong
  public static ParityWanted parity(JsonNode body) {
    Fields fields = Fields.of(body);
    fields.onlyKnown(List.of("job", "prompts", "terms_confirmed"));
    String job = fields.required("job");
    long prompts = fields.whole("prompts", 1, ParityRecorder.MOST_PROMPTS).orElse(0L);
    if (fields.field("prompts").isEmpty()) {
      fields.problem("prompts", "is required: how many prompts are sent");
    }
    boolean confirmed = fields.field("terms_confirmed").map(JsonNode::asBoolean).orElse(false);
    fields.done();
    return new ParityWanted(job, Math.toIntExact(prompts), confirmed);
  }

  /// Writes it.
  public static ObjectNode parity(String job, int prompts, boolean termsConfirmed) {
    return Json.mapper()
        .createObjectNode()
        .put("job", job)
        .put("prompts", prompts)
        .put("terms_confirmed", termsConfirmed);
  }

  /// Writes a request like an old job's: the body that creates it, and the explanation.
  public static ObjectNode likeness(Likeness likeness) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.set("request", JobBodies.write(likeness.request()));
    likeness.explanation().forEach(body.putArray("explanation")::add);
    return body;
  }

  /// Reads it.
  public static Likeness likeness(JsonNode body) {
    List<String> explanation = new ArrayList<>();
    body.path("explanation").forEach(line -> explanation.add(line.asText()));
    return new Likeness(JobBodies.read(body.path("request")), explanation);
  }
}
