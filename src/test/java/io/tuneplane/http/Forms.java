package io.tuneplane.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Multipart bodies.
final class Forms {

  private Forms() {}

  /// A file and its purpose, the purpose first.
  static byte[] of(String boundary, String filename, byte[] content) {
    return of(boundary, filename, content, true);
  }

  static byte[] of(String boundary, String filename, byte[] content, boolean purposeFirst) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (purposeFirst) {
      body.writeBytes(purpose(boundary));
    }
    body.writeBytes(
        """
        --%s\r
        Content-Disposition: form-data; name="file"; filename="%s"\r
        Content-Type: application/octet-stream\r
        \r
        """
            .formatted(boundary, filename)
            .getBytes(StandardCharsets.UTF_8));
    body.writeBytes(content);
    body.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    if (!purposeFirst) {
      body.writeBytes(purpose(boundary));
    }
    body.writeBytes(("--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
    return body.toByteArray();
  }

  private static byte[] purpose(String boundary) {
    return "--%s\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nfine-tune\r\n"
        .formatted(boundary)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
