package io.tuneplane.backend.openai;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import com.openai.core.LogLevel;
import com.openai.core.Sleeper;
import com.openai.core.Timeout;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One account at one host: gives the SDK's client for the key as it is now. The client repeats no
/// call by itself, logs nothing, and tells the host nothing of this machine. Safe for many threads.
final class Account implements AutoCloseable {

  /// Keys of Tuneplane itself start like this: somebody who set `OPENAI_API_KEY` to call us must
  /// not have that key sent to OpenAI.
  private static final String OWN_KEY = "tp-";

  private static final Timeout USUAL =
      Timeout.builder()
          .connect(Duration.ofSeconds(10))
          .read(Duration.ofMinutes(2))
          .write(Duration.ofMinutes(2))
          .request(Duration.ofMinutes(5))
          .build();

  private final OpenAiSettings settings;
  private final KeySource keys;
  private final Transport transport;
  private @Nullable Session session;

  private record Session(String key, OpenAIClient client) {}

  Account(OpenAiSettings settings, KeySource keys) {
    this(
        settings,
        keys,
        new Transport(settings.baseUrl(), new AddressGuard(settings.privateAddresses())));
  }

  Account(OpenAiSettings settings, KeySource keys, Transport transport) {
    this.settings = settings;
    this.keys = keys;
    this.transport = transport;
  }

  OpenAiSettings settings() {
    return settings;
  }

  /// The key, where there is one that may be sent to this host.
  Optional<String> key() {
    return keys.key()
        .map(String::strip)
        .filter(key -> !key.isEmpty())
        .filter(key -> !settings.official() || !key.startsWith(OWN_KEY));
  }

  /// The client.
  ///
  /// @throws io.tuneplane.backend.BackendException.Unauthorized if there is no key
  OpenAIClient client(String operation) {
    String key = key().orElseThrow(() -> Failures.noKey(operation));
    synchronized (this) {
      Session now = session;
      if (now == null || !now.key().equals(key)) {
        now = new Session(key, client(key, transport));
        session = now;
      }
      return now.client();
    }
  }

  private OpenAIClient client(String key, Transport transport) {
    return new OpenAIClientImpl(
        ClientOptions.builder()
            .httpClient(transport)
            .baseUrl(settings.baseUrl().toString())
            .apiKey(key)
            .organization(settings.organization())
            .project(settings.project())
            .putHeader("User-Agent", "tuneplane")
            .timeout(USUAL)
            .maxRetries(0)
            .disableTelemetry(true)
            .logLevel(LogLevel.OFF)
            .sleeper(new NoSleep())
            .streamHandlerExecutor(Runnable::run)
            .build());
  }

  /// A message with the key taken out, should a host repeat it.
  String withoutKey(String words) {
    return key().map(key -> words.replace(key, "[key]")).orElse(words);
  }

  @Override
  public void close() {
    transport.shutdown();
  }

  /// Tells whose account this is without its key.
  @Override
  public String toString() {
    return "Account[%s, key %s]"
        .formatted(settings.baseUrl(), key().isPresent() ? "present" : "absent");
  }

  /// The SDK waits before it repeats a call; ours repeats none. Its own would keep a thread.
  private static final class NoSleep implements Sleeper {

    @Override
    public void sleep(Duration duration) {
      throw new IllegalStateException("no call is repeated here");
    }

    @Override
    public CompletableFuture<Void> sleepAsync(Duration duration) {
      return CompletableFuture.failedFuture(new IllegalStateException("no call is repeated here"));
    }

    @Override
    public void close() {}
  }
}
