package io.tuneplane.backend.vertex;

import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.gax.retrying.RetrySettings;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.http.HttpTransportOptions;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import com.google.genai.Client;
import com.google.genai.types.ClientOptions;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/// Google's clients, made when they are first needed: a command that reads prices starts none. Safe
/// for many threads.
final class GoogleClients implements AutoCloseable {

  /// The general version of the API.
  static final String API_VERSION = "v1";

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration READ = Duration.ofMinutes(2);
  private static final int UPLOAD_ATTEMPTS = 5;

  private final VertexSettings settings;
  private final GoogleCredentialSource source;
  private final boolean reuseConnections;
  private @Nullable GoogleCredentials credentials;
  private @Nullable Client client;
  private @Nullable Storage storage;

  /// @param reuseConnections whether a connection may serve several requests. A create must not
  ///   meet a connection that has died in the pool: it would end as one whose outcome is unknown
  GoogleClients(VertexSettings settings, GoogleCredentialSource source, boolean reuseConnections) {
    this.settings = settings;
    this.source = source;
    this.reuseConnections = reuseConnections;
  }

  /// The credentials.
  ///
  /// @throws IOException if there are none
  synchronized GoogleCredentials credentials() throws IOException {
    if (credentials == null) {
      credentials = source.get();
    }
    return credentials;
  }

  /// The client of Vertex AI. It makes each call once: the engine knows what may be repeated.
  synchronized Client ai() throws IOException {
    if (client == null) {
      client =
          Client.builder()
              .vertexAI(true)
              .project(settings.project())
              .location(settings.location())
              .credentials(credentials())
              .httpOptions(
                  HttpOptions.builder()
                      .baseUrl(settings.endpoint().toString())
                      .apiVersion(API_VERSION)
                      .retryOptions(once())
                      .build())
              .clientOptions(ClientOptions.builder().customHttpClient(http()).build())
              .build();
    }
    return client;
  }

  // One attempt, and no status that is waited for: the client sleeps even after the last one.
  private static HttpRetryOptions once() {
    return HttpRetryOptions.builder().attempts(1).httpStatusCodes(List.of()).build();
  }

  private OkHttpClient http() {
    return new OkHttpClient.Builder()
        .followRedirects(false)
        .followSslRedirects(false)
        .retryOnConnectionFailure(false)
        .connectTimeout(CONNECT)
        .readTimeout(READ)
        .connectionPool(new ConnectionPool(reuseConnections ? 8 : 0, 10, TimeUnit.SECONDS))
        .addInterceptor(new Guard(settings.endpoint()))
        .addInterceptor(new EventByEvent())
        .build();
  }

  /// The client of Cloud Storage. Uploads are resumable and conditional, so it may repeat them.
  synchronized Storage storage() throws IOException {
    if (storage == null) {
      storage =
          StorageOptions.http()
              .setProjectId(settings.project())
              .setCredentials(credentials())
              .setHost(settings.storageEndpoint().toString())
              .setTransportOptions(transport(settings.storageEndpoint()))
              .setRetrySettings(
                  RetrySettings.newBuilder()
                      .setInitialRetryDelayDuration(Duration.ofMillis(500))
                      .setRetryDelayMultiplier(2)
                      .setMaxRetryDelayDuration(Duration.ofSeconds(8))
                      .setMaxAttempts(UPLOAD_ATTEMPTS)
                      .setTotalTimeoutDuration(Duration.ofMinutes(2))
                      .build())
              .build()
              .getService();
    }
    return storage;
  }

  private static HttpTransportOptions transport(URI home) {
    NetHttpTransport guarded =
        new NetHttpTransport.Builder().setConnectionFactory(url -> open(home, url)).build();
    return HttpTransportOptions.newBuilder()
        .setHttpTransportFactory(() -> guarded)
        .setConnectTimeout((int) CONNECT.toMillis())
        .setReadTimeout((int) READ.toMillis())
        .build();
  }

  // A redirect to another host, and an upload session on one, end here.
  private static HttpURLConnection open(URI home, URL url) throws IOException {
    if (!url.getProtocol().equals(home.getScheme())
        || !url.getHost().equals(home.getHost())
        || url.getPort() != home.getPort()) {
      throw new IOException("refused to send credentials to " + url.getHost());
    }
    return (HttpURLConnection) url.openConnection();
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
      client = null;
    }
    if (storage != null) {
      try {
        storage.close();
      } catch (Exception e) {
        throw new IllegalStateException("Google's storage client can't be closed", e);
      } finally {
        storage = null;
      }
    }
  }
}
