package io.tuneplane.client;

import static io.tuneplane.client.Exchange.part;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.api.FileObject;
import io.tuneplane.api.FilesApi;
import io.tuneplane.job.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Files of a server. What is uploaded is streamed, whatever its size.
final class HttpFiles implements FilesApi {

  private static final String FILES = "/v1/files";

  private final Exchange exchange;

  HttpFiles(Exchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public StoredFile create(String filename, String purpose, InputStream content)
      throws IOException {
    String boundary = "tuneplane-" + UUID.randomUUID();
    String head =
        """
        --%1$s
        Content-Disposition: form-data; name="purpose"

        %2$s
        --%1$s
        Content-Disposition: form-data; name="file"; filename="%3$s"
        Content-Type: application/octet-stream

        """
            .formatted(boundary, purpose, quoted(filename))
            .replace("\n", "\r\n");
    return file(
        exchange.post(
            FILES,
            "multipart/form-data; boundary=" + boundary,
            BodyPublishers.concat(
                BodyPublishers.ofString(head, UTF_8),
                BodyPublishers.ofInputStream(() -> content),
                BodyPublishers.ofString("\r\n--" + boundary + "--\r\n", UTF_8))));
  }

  /// As browsers write names (WHATWG HTML, multipart/form-data).
  private static String quoted(String filename) {
    return filename.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
  }

  @Override
  public StoredFile get(String id) {
    return file(exchange.get(path(id)));
  }

  @Override
  public List<StoredFile> list(Optional<String> after, Optional<String> purpose, int limit) {
    StringBuilder query = new StringBuilder(FILES + "?limit=" + limit);
    after.ifPresent(id -> query.append("&after=").append(part(id)));
    purpose.ifPresent(name -> query.append("&purpose=").append(part(name)));
    return Answers.list(exchange.get(query.toString()), FileObject.class).stream()
        .map(seen -> seen.stored(""))
        .toList();
  }

  @Override
  public InputStream content(String id) {
    return exchange.content(path(id) + "/content");
  }

  @Override
  public void delete(String id) {
    exchange.delete(path(id));
  }

  private static StoredFile file(JsonNode json) {
    return Answers.as(json, FileObject.class).stored("");
  }

  private static String path(String id) {
    return FILES + "/" + part(id);
  }
}
