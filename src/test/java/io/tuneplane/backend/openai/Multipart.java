package io.tuneplane.backend.openai;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a `multipart/form-data` body that a test holds in memory.
final class Multipart {

  private static final Pattern NAME = Pattern.compile("[; ]name=\"([^\"]*)\"");
  private static final Pattern FILENAME = Pattern.compile("filename=\"([^\"]*)\"");

  private Multipart() {}

  /// @param latin its bytes, a character each
  record Part(String filename, String latin) {
    byte[] content() {
      return latin.getBytes(StandardCharsets.ISO_8859_1);
    }

    String text() {
      return new String(content(), StandardCharsets.UTF_8);
    }
  }

  static Map<String, Part> parse(String contentType, byte[] body) {
    String boundary = "--" + contentType.replaceFirst(".*boundary=\"?([^\";]+)\"?.*", "$1");
    String text = new String(body, StandardCharsets.ISO_8859_1);
    Map<String, Part> parts = new LinkedHashMap<>();
    for (String piece : text.split(Pattern.quote(boundary), -1)) {
      int head = piece.indexOf("\r\n\r\n");
      if (head < 0) {
        continue;
      }
      String headers = piece.substring(0, head);
      String content = piece.substring(head + 4, piece.length() - 2);
      parts.put(find(NAME, headers), new Part(find(FILENAME, headers), content));
    }
    return parts;
  }

  private static String find(Pattern pattern, String headers) {
    Matcher matcher = pattern.matcher(headers);
    return matcher.find() ? matcher.group(1) : "";
  }
}
