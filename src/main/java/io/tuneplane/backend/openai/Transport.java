package io.tuneplane.backend.openai;

import com.openai.core.RequestOptions;
import com.openai.core.Timeout;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpMethod;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpRequestBody;
import com.openai.core.http.HttpResponse;
import com.openai.errors.OpenAIIoException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/// Carries the SDK's requests: to one origin only, so that the key reaches only the host it belongs
/// to; to public addresses, or those that the settings name; following no redirect, through no
/// proxy, repeating nothing but a look (GET) that broke off. Safe for many threads.
final class Transport implements HttpClient {

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration IDLE = Duration.ofMinutes(2);

  /// Connections that are kept for the next request, and for how long: less than hosts keep them,
  /// so that hardly one is used that the host has given up.
  private static final int KEPT = 8;

  private static final Duration KEPT_FOR = Duration.ofSeconds(10);

  private static final Set<HttpMethod> WITH_BODY =
      Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);

  private final HttpUrl origin;
  private final OkHttpClient http;

  Transport(URI baseUrl, AddressGuard guard) {
    this(baseUrl, guard, Dns.SYSTEM);
  }

  Transport(URI baseUrl, AddressGuard guard, Dns names) {
    this.origin = HttpUrl.get(baseUrl.toString());
    this.http =
        new OkHttpClient.Builder()
            .dns(names)
            .socketFactory(new GuardedSockets(guard))
            .proxy(Proxy.NO_PROXY)
            .followRedirects(false)
            .followSslRedirects(false)
            .retryOnConnectionFailure(false)
            .connectionPool(new ConnectionPool(KEPT, KEPT_FOR.toSeconds(), TimeUnit.SECONDS))
            .connectTimeout(CONNECT)
            .readTimeout(IDLE)
            .writeTimeout(IDLE)
            .build();
  }

  @Override
  public HttpResponse execute(HttpRequest request, RequestOptions options) {
    try (HttpRequestBody body = request.body()) {
      return new Answer(execute(client(options), request.method(), translated(request, body)));
    } catch (IOException e) {
      throw new OpenAIIoException("the request failed: " + e.getMessage(), e);
    }
  }

  /// A look that broke off before it was answered is made once more, on a connection of its own: it
  /// changes nothing, and what mostly breaks is a connection that was kept too long.
  private static Response execute(OkHttpClient client, HttpMethod method, Request request)
      throws IOException {
    try {
      return client.newCall(request).execute();
    } catch (InterruptedIOException | AddressRefusedException | ConnectException e) {
      throw e;
    } catch (IOException e) {
      if (method != HttpMethod.GET) {
        throw e;
      }
      client.connectionPool().evictAll();
      return client.newCall(request).execute();
    }
  }

  /// Only the SDK's asynchronous client would call this, and we use none.
  @Override
  public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
    return CompletableFuture.failedFuture(
        new UnsupportedOperationException("this transport is for blocking calls"));
  }

  /// Nothing: the SDK closes what it was given when one of its clients is collected, and this one
  /// is shared by several. See [#shutdown].
  @Override
  public void close() {}

  /// Gives the connections back.
  void shutdown() {
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }

  private OkHttpClient client(RequestOptions options) {
    Timeout timeout = options.getTimeout();
    return timeout == null
        ? http
        : http.newBuilder().readTimeout(timeout.read()).callTimeout(timeout.request()).build();
  }

  private Request translated(HttpRequest request, @Nullable HttpRequestBody body)
      throws AddressRefusedException {
    HttpUrl url = url(request);
    if (!url.scheme().equals(origin.scheme())
        || !url.host().equals(origin.host())
        || url.port() != origin.port()) {
      throw new AddressRefusedException(
          "the key belongs to " + origin.host() + ", not to " + url.host());
    }
    Request.Builder builder =
        new Request.Builder().url(url).method(request.method().name(), of(request, body));
    for (String name : request.headers().names()) {
      request.headers().values(name).forEach(value -> builder.addHeader(name, value));
    }
    return builder.build();
  }

  private static HttpUrl url(HttpRequest request) {
    HttpUrl.Builder url = HttpUrl.get(request.baseUrl()).newBuilder();
    request.pathSegments().forEach(url::addPathSegment);
    for (String key : request.queryParams().keys()) {
      request.queryParams().values(key).forEach(value -> url.addQueryParameter(key, value));
    }
    return url.build();
  }

  private static @Nullable RequestBody of(HttpRequest request, @Nullable HttpRequestBody body) {
    if (body == null) {
      return WITH_BODY.contains(request.method()) ? RequestBody.create(new byte[0], null) : null;
    }
    return new Body(body);
  }

  private static final class Body extends RequestBody {
    private final HttpRequestBody body;

    Body(HttpRequestBody body) {
      this.body = body;
    }

    @Override
    public @Nullable MediaType contentType() {
      String type = body.contentType();
      return type == null ? null : MediaType.parse(type);
    }

    @Override
    public long contentLength() {
      return body.contentLength();
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) {
      OutputStream out = sink.outputStream();
      body.writeTo(out);
    }
  }

  private record Answer(Response response) implements HttpResponse {

    @Override
    public int statusCode() {
      return response.code();
    }

    @Override
    public Headers headers() {
      Headers.Builder headers = Headers.builder();
      for (String name : response.headers().names()) {
        headers.put(name, response.headers().values(name));
      }
      return headers.build();
    }

    @Override
    public InputStream body() {
      return java.util.Objects.requireNonNull(response.body()).byteStream();
    }

    @Override
    public void close() {
      response.close();
    }
  }
}
