package io.tuneplane.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.api.HostileFields;
import io.tuneplane.api.JobBodies;
import io.tuneplane.backend.ChatRequest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.StreamSupport;

/// A chat request, read and checked.
///
/// @param model as the request names it
/// @param request what is asked of it
/// @param stream whether the answer comes piece by piece
/// @param includeUsage whether a stream ends with what was used
record ChatBody(String model, ChatRequest request, boolean stream, boolean includeUsage) {

  private static final int MOST_TOKENS = 1_000_000;
  private static final int MOST_ALTERNATIVES = 20;
  private static final String TOP = "top_logprobs";
  private static final int MOST_STOPS = 4;
  private static final int LONGEST_STOP = 256;
  private static final double HOTTEST = 2;
  private static final String UNSUPPORTED = JobBodies.UNSUPPORTED;

  /// Fields that ask for something that isn't done here: not the same as unknown ones, since an
  /// answer without it would look like one with it.
  private static final List<String> NOT_DONE =
      List.of(
          "audio",
          "function_call",
          "functions",
          "logit_bias",
          "prediction",
          "tools",
          "web_search_options");

  /// @param mostMessages how many turns a conversation may have
  /// @throws Refusal naming the first field that is wrong
  static ChatBody read(JsonNode body, int mostMessages) {
    HostileFields.refuse(body);
    refuseWhatIsNotDone(body);
    String model =
        text(body, "model")
            .filter(name -> !name.isBlank())
            .orElseThrow(() -> wrong("model", "is required"));
    boolean stream = flag(body, "stream");
    JsonNode options = body.path("stream_options");
    if (options.isObject() && !stream) {
      throw wrong("stream_options", "is for stream: true only");
    }
    ChatRequest request =
        new ChatRequest(
            ChatMessages.read(body.path("messages"), mostMessages),
            tokens(body),
            number(body, "temperature", HOTTEST),
            number(body, "top_p", 1),
            seed(body),
            stops(body.path("stop")),
            alternatives(body));
    return new ChatBody(model, request, stream, options.path("include_usage").asBoolean(false));
  }

  private static void refuseWhatIsNotDone(JsonNode body) {
    for (String name : NOT_DONE) {
      JsonNode value = body.path(name);
      boolean empty = value.isContainerNode() && value.isEmpty();
      if (!value.isMissingNode() && !value.isNull() && !empty) {
        throw unsupported(name, "is not offered");
      }
    }
    if (!body.path("n").isMissingNode() && !body.path("n").isNull() && !isNumber(body, "n", 1)) {
      throw unsupported("n", "must be 1: one request, one answer");
    }
    for (String penalty : List.of("presence_penalty", "frequency_penalty")) {
      if (!isNumber(body, penalty, 0)) {
        throw unsupported(penalty, "must be 0: penalties are not offered");
      }
    }
    JsonNode format = body.path("response_format");
    if (format.isObject() && !format.path("type").asText().equals("text")) {
      throw unsupported("response_format", "must be text");
    }
    for (JsonNode modality : body.path("modalities")) {
      if (!modality.asText().equals("text")) {
        throw unsupported("modalities", "must be text");
      }
    }
  }

  /// Whether a field is absent, or this number.
  private static boolean isNumber(JsonNode body, String name, double value) {
    JsonNode node = body.path(name);
    return node.isMissingNode()
        || node.isNull()
        || (node.isNumber() && node.doubleValue() == value);
  }

  private static OptionalInt tokens(JsonNode body) {
    String name = body.hasNonNull("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
    JsonNode node = body.path(name);
    if (node.isMissingNode() || node.isNull()) {
      return OptionalInt.empty();
    }
    if (!node.isIntegralNumber()
        || !node.canConvertToInt()
        || node.intValue() < 1
        || node.intValue() > MOST_TOKENS) {
      throw wrong(name, "must be a whole number from 1 to " + MOST_TOKENS);
    }
    return OptionalInt.of(node.intValue());
  }

  /// How many alternatives are wanted per token; empty for no log-probabilities.
  private static OptionalInt alternatives(JsonNode body) {
    boolean wanted = flag(body, "logprobs");
    JsonNode node = body.path(TOP);
    if (node.isMissingNode() || node.isNull()) {
      return wanted ? OptionalInt.of(0) : OptionalInt.empty();
    }
    if (!node.isIntegralNumber() || !node.canConvertToInt() || !isAlternatives(node.intValue())) {
      throw wrong(TOP, "must be a whole number from 0 to " + MOST_ALTERNATIVES);
    }
    if (!wanted) {
      throw wrong(TOP, "is for logprobs: true only");
    }
    return OptionalInt.of(node.intValue());
  }

  private static boolean isAlternatives(int n) {
    return n >= 0 && n <= MOST_ALTERNATIVES;
  }

  private static OptionalDouble number(JsonNode body, String name, double most) {
    JsonNode node = body.path(name);
    if (node.isMissingNode() || node.isNull()) {
      return OptionalDouble.empty();
    }
    double value = node.isNumber() ? node.doubleValue() : Double.NaN;
    if (!(value >= 0 && value <= most)) {
      throw wrong(name, "must be a number from 0 to %s".formatted(most));
    }
    return OptionalDouble.of(value);
  }

  private static OptionalLong seed(JsonNode body) {
    JsonNode node = body.path("seed");
    if (node.isMissingNode() || node.isNull()) {
      return OptionalLong.empty();
    }
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw wrong("seed", "must be a whole number of 64 bits");
    }
    return OptionalLong.of(node.longValue());
  }

  private static List<String> stops(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return List.of();
    }
    List<JsonNode> all =
        node.isArray() ? StreamSupport.stream(node.spliterator(), false).toList() : List.of(node);
    boolean good =
        all.size() <= MOST_STOPS
            && all.stream()
                .allMatch(stop ->
                    stop.isTextual()
                        && !stop.textValue().isEmpty()
                        && stop.textValue().length() <= LONGEST_STOP);
    if (!good) {
      throw wrong(
          "stop",
          "must be a text, or up to %d, of 1 to %d characters".formatted(MOST_STOPS, LONGEST_STOP));
    }
    return all.stream().map(JsonNode::textValue).toList();
  }

  private static boolean flag(JsonNode body, String name) {
    JsonNode node = body.path(name);
    if (!node.isMissingNode() && !node.isNull() && !node.isBoolean()) {
      throw wrong(name, "must be true or false");
    }
    return node.asBoolean(false);
  }

  private static Optional<String> text(JsonNode body, String name) {
    JsonNode node = body.path(name);
    if (!node.isMissingNode() && !node.isNull() && !node.isTextual()) {
      throw wrong(name, "must be a string");
    }
    return Optional.ofNullable(node.textValue());
  }

  static Refusal wrong(String field, String message) {
    return Refusal.field(field, "invalid_value", field + ": " + message);
  }

  static Refusal unsupported(String field, String message) {
    return Refusal.field(field, UNSUPPORTED, field + ": " + message);
  }
}
