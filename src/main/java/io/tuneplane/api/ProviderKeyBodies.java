package io.tuneplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// A provider's key to be kept: JSON to [Wanted] and back. Unknown fields are refused.
public final class ProviderKeyBodies {

  private ProviderKeyBodies() {}

  /// A key to be kept.
  ///
  /// @param name the place it is for
  public record Wanted(String name, String key) {

    /// Tells nothing of the key.
    @Override
    public String toString() {
      return "Wanted[name=" + name + "]";
    }
  }

  /// Reads a request's body.
  ///
  /// @throws RequestException naming every field that is wrong
  public static Wanted read(JsonNode body) {
    Fields fields = Fields.of(body);
    fields.onlyKnown(List.of("key", "name"));
    Wanted wanted = new Wanted(fields.required("name"), fields.required("key"));
    fields.done();
    return wanted;
  }

  /// Writes a wish as a body that [#read] reads as the same.
  public static ObjectNode write(Wanted wanted) {
    return Json.mapper().createObjectNode().put("name", wanted.name()).put("key", wanted.key());
  }
}
