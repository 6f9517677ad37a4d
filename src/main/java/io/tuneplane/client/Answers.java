package io.tuneplane.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.api.Json;
import io.tuneplane.api.NotFoundException;
import io.tuneplane.api.RequestException;
import io.tuneplane.backend.Problem;
import io.tuneplane.client.ServerException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Reads what a server answers, and turns its errors back into the exceptions that it made them
/// from.
final class Answers {

  private static final Set<String> REFUSALS =
      Set.of("policy_refused", "budget_exceeded", "backend_closed");
  private static final int LONGEST_ERROR = 64 * 1024;

  private Answers() {}

  static JsonNode json(byte[] body) {
    try {
      return Json.mapper().readTree(body);
    } catch (IOException e) {
      throw notOurs(e);
    }
  }

  static JsonNode json(String text) {
    try {
      return Json.mapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw notOurs(e);
    }
  }

  static <T> T as(JsonNode json, Class<T> type) {
    try {
      return Json.mapper().treeToValue(json, type);
    } catch (JsonProcessingException e) {
      throw notOurs(e);
    }
  }

  /// The elements of a list, in OpenAI's shape or bare.
  static <T> List<T> list(JsonNode json, Class<T> type) {
    List<T> all = new ArrayList<>();
    (json.isArray() ? json : json.path("data")).forEach(element -> all.add(as(element, type)));
    return all;
  }

  private static ServerException notOurs(IOException cause) {
    return new ServerException(
        Kind.FAILED,
        "the server answered something that this version can't read; is it a Tuneplane of another"
            + " version, or something else?",
        cause);
  }

  /// What an answer of 400 and above means.
  ///
  /// @param sent says which key the question had
  static RuntimeException error(int status, InputStream body, String sent) throws IOException {
    String text = new String(body.readNBytes(LONGEST_ERROR), StandardCharsets.UTF_8);
    RuntimeException error = error(status, text);
    return error instanceof ServerException known && known.kind() == Kind.KEY_NEEDED
        ? new ServerException(Kind.KEY_NEEDED, known.getMessage() + " " + sent)
        : error;
  }

  static RuntimeException error(int status, String body) {
    JsonNode error = tree(body).path("error");
    String message = error.path("message").asText("");
    if (message.isEmpty()) {
      return new ServerException(
          Kind.FAILED, "the server answered " + status + ", and not as Tuneplane does");
    }
    return error(status, error.path("code").asText(""), error.path("param").asText(""), message);
  }

  private static JsonNode tree(String body) {
    try {
      return Json.mapper().readTree(body);
    } catch (JsonProcessingException _) {
      return Json.mapper().missingNode(); // no error of ours: said by its status alone
    }
  }

  private static RuntimeException error(int status, String code, String param, String message) {
    if (status == 404) {
      return NotFoundException.saying(message);
    }
    if (status == 401) {
      return new ServerException(Kind.KEY_NEEDED, message);
    }
    if (REFUSALS.contains(code)) {
      return new ServerException(Kind.REFUSED, message);
    }
    if (status == 403) {
      return new ServerException(Kind.KEY_NEEDED, message);
    }
    if (status == 429 || status >= 500) {
      return new ServerException(Kind.FAILED, message);
    }
    return param.isEmpty() || param.equals("null")
        ? new ServerException(status == 400 ? Kind.WRONG : Kind.FAILED, message)
        : new RequestException(List.of(new Problem(param, without(param, message))), code);
  }

  private static String without(String param, String message) {
    return message.startsWith(param + ": ") ? message.substring(param.length() + 2) : message;
  }
}
