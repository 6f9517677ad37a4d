package io.tuneplane.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A route's path: fixed parts, and `{named}` ones that stand for one part each. A last part
/// `{named...}` stands for the rest, slashes included.
///
/// @param parts between the slashes
record PathTemplate(List<String> parts) {

  static PathTemplate of(String path) {
    return new PathTemplate(List.of(path.substring(1).split("/", -1)));
  }

  /// Holds a path against the template. Each part is decoded once, after the path was taken apart:
  /// an encoded slash stays within its part.
  ///
  /// @param rawPath as it was sent
  /// @return what the named parts stand for; empty if the path is another one
  Optional<Map<String, String>> match(String rawPath) {
    if (!rawPath.startsWith("/")) {
      return Optional.empty();
    }
    boolean rest = parts.getLast().endsWith("...}");
    String[] given = rawPath.substring(1).split("/", rest ? parts.size() : -1);
    if (given.length != parts.size()) {
      return Optional.empty();
    }
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < given.length; i++) {
      String part = parts.get(i);
      if (part.startsWith("{")) {
        Optional<String> value = decode(given[i]).filter(text -> !text.isEmpty());
        if (value.isEmpty()) {
          return Optional.empty();
        }
        values.put(name(part), value.get());
      } else if (!part.equals(given[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(values);
  }

  /// The names of the parts that are named, in order.
  List<String> names() {
    return parts.stream().filter(part -> part.startsWith("{")).map(PathTemplate::name).toList();
  }

  private static String name(String part) {
    return part.replaceAll("[{}.]", "");
  }

  private static Optional<String> decode(String part) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(part.length());
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c != '%') {
        bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
        continue;
      }
      if (i + 2 >= part.length() || !part.substring(i + 1, i + 3).matches("[0-9A-Fa-f]{2}")) {
        return Optional.empty();
      }
      bytes.write(Integer.parseInt(part.substring(i + 1, i + 3), 16));
      i += 2;
    }
    return text(bytes.toByteArray());
  }

  private static Optional<String> text(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "/" + String.join("/", parts);
  }
}
