package io.tuneplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.access.Role;
import io.tuneplane.api.KeysApi.Wanted;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/// Wishes for keys: JSON to [KeysApi.Wanted] and back. Unknown fields are refused.
public final class KeyBodies {

  private static final long LONGEST_SECONDS = 10L * 366 * 24 * 3600;
  private static final int MOST_FLAGS = 32;
  private static final List<String> KNOWN =
      List.of("expires_in_seconds", "flags", "name", "organisation", "role");

  private KeyBodies() {}

  /// Reads a request's body.
  ///
  /// @throws RequestException naming every field that is wrong
  public static Wanted read(JsonNode body) {
    Fields fields = Fields.of(body);
    fields.onlyKnown(KNOWN);
    String role = fields.required("role");
    if (!role.isEmpty()) {
      ForecastBodies.word(fields, "role", Role.VIEWER);
    }
    Wanted wanted =
        new Wanted(
            fields.required("name"),
            role.toLowerCase(Locale.ROOT),
            new TreeSet<>(ForecastBodies.texts(fields, "flags", MOST_FLAGS)),
            fields.whole("expires_in_seconds", 1, LONGEST_SECONDS),
            fields.text("organisation"));
    fields.done();
    return wanted;
  }

  /// Writes a wish as a body that [#read] reads as the same.
  public static ObjectNode write(Wanted wanted) {
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("name", wanted.name());
    body.put("role", wanted.role());
    body.set("flags", Json.tree(wanted.flags()));
    wanted.expiresInSeconds().ifPresent(seconds -> body.put("expires_in_seconds", seconds));
    wanted.organisation().ifPresent(name -> body.put("organisation", name));
    return body;
  }
}
