package io.tuneplane.backend.vertex;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Stands before a fake-gcs-server: counts what is sent to it, and may lose the connection in the
/// middle of an upload. Asked how far an upload has got, fake-gcs-server 1.56.1 takes what it has
/// for the whole object, so that question is answered here, as Google documents it. Safe for many
/// threads, of one upload at a time.
final class UnsteadyFront implements AutoCloseable {

  private static final Pattern PIECE = Pattern.compile("bytes (\\d+)-(\\d+)/.*");
  private static final String HOW_FAR = "bytes */";
  private static final Set<String> OURS =
      Set.of("host", "connection", "content-length", "transfer-encoding", "expect", "upgrade");

  private final HttpServer front;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final int target;
  private long bytes;
  private long kept;
  private int losses;
  private int lost;

  /// @param target the port of the fake-gcs-server
  UnsteadyFront(int target) throws IOException {
    this.target = target;
    front = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    front.setExecutor(threads);
    front.createContext("/", this::handle);
    front.start();
  }

  int port() {
    return front.getAddress().getPort();
  }

  /// How many bytes of content the server was sent.
  synchronized long bytes() {
    return bytes;
  }

  /// Loses the connection over so many pieces after the first one of an upload.
  synchronized void lose(int pieces) {
    losses = pieces;
  }

  /// How many it has lost.
  synchronized int lost() {
    return lost;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String range = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Range"));
      if (range.startsWith(HOW_FAR)) {
        howFar(exchange);
      } else if (!loses(range)) {
        pass(exchange, body, range);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void howFar(HttpExchange exchange) throws IOException {
    if (kept > 0) {
      exchange.getResponseHeaders().set("Range", "bytes=0-" + (kept - 1));
    }
    exchange.sendResponseHeaders(308, -1);
  }

  /// Whether the connection ends here, without an answer.
  private synchronized boolean loses(String range) {
    Matcher piece = PIECE.matcher(range);
    if (losses == 0 || !piece.matches() || piece.group(1).equals("0")) {
      return false;
    }
    losses--;
    lost++;
    return true;
  }

  private void pass(HttpExchange exchange, byte[] body, String range)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = client.send(request(exchange, body), BodyHandlers.ofByteArray());
    synchronized (this) {
      Matcher piece = PIECE.matcher(range);
      if (piece.matches()) {
        bytes += body.length;
        kept = answer.statusCode() == 308 ? Long.parseLong(piece.group(2)) + 1 : 0;
      }
    }
    Headers headers = exchange.getResponseHeaders();
    answer
        .headers()
        .map()
        .forEach((name, values) -> {
          if (!name.startsWith(":") && !isOurs(name)) {
            headers.put(name, values.stream().map(this::here).toList());
          }
        });
    int length = answer.body().length;
    exchange.sendResponseHeaders(answer.statusCode(), length == 0 ? -1 : length);
    if (length > 0) {
      exchange.getResponseBody().write(answer.body());
    }
  }

  /// An address of the server, such as that of an upload's session, is one of ours.
  private String here(String value) {
    return value.replace("127.0.0.1:" + target + "/", "127.0.0.1:" + port() + "/");
  }

  private HttpRequest request(HttpExchange exchange, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + target + exchange.getRequestURI().toString()))
            .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> {
          if (!isOurs(name)) {
            values.forEach(value -> request.header(name, value));
          }
        });
    return request.build();
  }

  private static boolean isOurs(String header) {
    return OURS.contains(header.toLowerCase(Locale.ROOT));
  }

  @Override
  public void close() {
    front.stop(0);
    client.shutdownNow();
    threads.shutdownNow();
  }
}
