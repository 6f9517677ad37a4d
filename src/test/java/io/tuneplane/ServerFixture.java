package io.tuneplane;

import io.tuneplane.access.KeyRing;
import io.tuneplane.api.DataApi;
import io.tuneplane.backend.Capabilities;
import io.tuneplane.backend.FakeBackend;
import io.tuneplane.backend.FakePlace;
import io.tuneplane.backend.Limits;
import io.tuneplane.backend.Method;
import io.tuneplane.cli.Cli;
import io.tuneplane.cli.Terminal;
import io.tuneplane.client.HttpApi;
import io.tuneplane.client.Server;
import io.tuneplane.client.Trust;
import io.tuneplane.config.Settings;
import io.tuneplane.config.SettingsReader;
import io.tuneplane.http.HttpServer;
import io.tuneplane.http.HttpSettings;
import io.tuneplane.job.Places;
import io.tuneplane.policy.Location;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/// A whole server in this process, over a data directory, with a fake OpenAI whose runs move on by
/// themselves; and the command line as its client. It can be stopped and started again.
final class ServerFixture implements AutoCloseable {

  static final String MODEL = "gpt-4o-mini-2024-07-18";

  private static final Duration TICK = Duration.ofMillis(50);

  /// What a command printed.
  record Ran(int exit, String out, String err) {}

  private final Path dir;
  private final FakePlace place = new FakePlace(Instant.now());
  private final BiFunction<FakePlace, ProviderKeys, Backends> made;
  private final Map<String, String> more;
  private final Thread time;
  private Wiring wiring;
  private HttpServer http;
  private String key = "";

  ServerFixture(Path dir) throws IOException {
    this(dir, ServerFixture::openai);
  }

  /// @param made the places of the server, over a fake one whose runs move on by themselves
  ServerFixture(Path dir, Function<FakePlace, Backends> made) throws IOException {
    this(dir, (place, _) -> made.apply(place));
  }

  /// @param made the same, over the providers' keys that the server keeps too
  ServerFixture(Path dir, BiFunction<FakePlace, ProviderKeys, Backends> made) throws IOException {
    this(dir, made, Map.of());
  }

  /// @param settings more of them, as the environment names them
  ServerFixture(
      Path dir, BiFunction<FakePlace, ProviderKeys, Backends> made, Map<String, String> settings)
      throws IOException {
    this.dir = dir;
    this.more = Map.copyOf(settings);
    this.made = made;
    this.wiring = wiring();
    this.http = start();
    this.time =
        Thread.ofVirtual()
            .start(() -> {
              try {
                while (true) {
                  Thread.sleep(TICK);
                  place.advance(TICK);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  FakePlace place() {
    return place;
  }

  String key() {
    return key;
  }

  private Wiring wiring() throws IOException {
    Map<String, String> environment = new TreeMap<>(more);
    environment.put("HOME", dir.toString());
    environment.put("HF_HUB_OFFLINE", "true");
    environment.put("TUNEPLANE_HUB_PIP", "none");
    Settings settings =
        SettingsReader.read(environment, Optional.empty(), Optional.of(dir.resolve("data")), 2);
    return new Wiring(settings, (_, _, _, kept, _, _) -> made.apply(place, kept));
  }

  /// A managed place that tunes and serves one model.
  static FakeBackend managed(String name, String model, FakePlace place) {
    return new FakeBackend(
        name,
        place,
        new Capabilities(
            Location.THIRD_PARTY,
            Set.of(Method.values()),
            List.of(model),
            Set.of(),
            Limits.NONE,
            true,
            true,
            true,
            false));
  }

  private static Backends openai(FakePlace place) {
    FakeBackend fake = managed("openai", MODEL, place);
    return new Backends(new Places(List.of(fake), List.of(fake)), List.of(), _ -> new TreeMap<>());
  }

  private HttpServer start() throws IOException {
    wiring.firstKey().map(KeyRing.Made::secret).ifPresent(made -> key = made);
    wiring.start();
    return HttpServer.start(wiring.surroundings(), HttpSettings.on("127.0.0.1", 0));
  }

  /// Stops the server as a signal does, and starts another one, at another port.
  synchronized void restart() throws IOException {
    stop();
    wiring = wiring();
    http = start();
  }

  private void stop() {
    http.close();
    wiring.close();
  }

  private synchronized Server server(String withKey) {
    return new Server(
        URI.create(http.url()),
        Optional.of(new Server.Key(withKey, "that of a test")),
        Optional.empty());
  }

  /// Its address.
  synchronized String url() {
    return http.url();
  }

  Ran run(String... args) {
    return runWith(key, args);
  }

  Ran runWith(String withKey, String... args) {
    return run(withKey, "", args);
  }

  /// @param input what stands on standard input
  Ran run(String withKey, String input, String[] args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            stream(out),
            stream(err),
            false,
            false,
            100);
    int exit =
        new Cli(
                terminal,
                (_, _) ->
                    new HttpApi(
                        () -> server(withKey),
                        Trust.PUBLIC,
                        Thread::sleep,
                        new HttpApi.Here(ServerFixture::noData, server -> server)),
                (_, _, _) -> {},
                InstantSource.system())
            .run(args);
    return new Ran(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static DataApi noData() {
    throw new AssertionError("no data is checked here");
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    time.interrupt();
    stop();
  }
}
