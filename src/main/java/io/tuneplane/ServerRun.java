package io.tuneplane;

import io.tuneplane.access.KeyRing;
import io.tuneplane.cli.GlobalOptions;
import io.tuneplane.cli.ServeOptions;
import io.tuneplane.cli.Terminal;
import io.tuneplane.cli.Version;
import io.tuneplane.client.Certificate;
import io.tuneplane.client.LocalServer;
import io.tuneplane.client.ServerFile;
import io.tuneplane.client.ServerLock;
import io.tuneplane.config.ConfigException;
import io.tuneplane.config.Settings;
import io.tuneplane.http.HttpServer;
import io.tuneplane.http.HttpSettings;
import io.tuneplane.http.TlsFiles;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of a server, from the lock on its data directory to the last line of its log.
final class ServerRun {

  private static final Logger LOG = LoggerFactory.getLogger(ServerRun.class);

  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration LONGEST_END = Duration.ofSeconds(40);

  private final Settings settings;
  private final Settings.Server listen;
  private final Optional<Duration> idleExit;
  private final Terminal terminal;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  private ServerRun(
      Settings settings, Settings.Server listen, Optional<Duration> idleExit, Terminal terminal) {
    this.settings = settings;
    this.listen = listen;
    this.idleExit = idleExit;
    this.terminal = terminal;
  }

  /// Runs a server until somebody ends it.
  static void serve(GlobalOptions options, ServeOptions serve, Terminal terminal)
      throws IOException, InterruptedException {
    Settings settings = Client.settings(options);
    Settings.Server set = settings.server();
    Settings.Server listen =
        new Settings.Server(
            serve.host().orElse(set.host()),
            serve.port().orElse(set.port()),
            set.tlsCert(),
            set.tlsKey(),
            set.plainHttp() || serve.plainText());
    refuseWhatOthersCouldRead(listen);
    new ServerRun(settings, listen, serve.idleExit(), terminal).run();
  }

  private static void refuseWhatOthersCouldRead(Settings.Server listen) {
    boolean open =
        !HttpSettings.on(listen.host(), 0).loopback()
            && listen.tlsCert().isEmpty()
            && !listen.plainHttp();
    if (open) {
      throw new ConfigException(
          List.of(
              "server.host: %s can be reached by others, so TLS is needed: set server.tls_cert and"
                      .formatted(listen.host())
                  + " server.tls_key, or let a proxy do it and say --insecure-plain-http"));
    }
  }

  private void run() throws IOException, InterruptedException {
    Path dataDir = settings.dataDir();
    try (ServerLock _ = lock(dataDir)) {
      Thread ending = new Thread(this::end, "ending");
      Runtime.getRuntime().addShutdownHook(ending);
      try (Wiring wiring = new Wiring(settings, Backends::of)) {
        tellFirstKey(wiring.firstKey());
        wiring.start();
        listen(wiring, dataDir);
      } finally {
        ended.countDown();
      }
    }
    LOG.info("ended");
  }

  private void listen(Wiring wiring, Path dataDir) throws IOException, InterruptedException {
    try (HttpServer http = HttpServer.start(wiring.surroundings(), httpSettings(), tls())) {
      LOG.info("{} on {}, settings {}", Version.text(), http.url(), settings);
      ServerFile.ofThisProcess(http.url(), Version.text(), certificate()).write(dataDir);
      terminal.out().println("Tuneplane is listening on " + http.url());
      terminal.out().flush();
      try {
        await(wiring);
      } finally {
        // First, so that no command comes to a server that is about to go.
        ServerFile.remove(dataDir);
      }
    }
  }

  private Optional<TlsFiles> tls() {
    return listen.tlsCert().flatMap(cert -> listen.tlsKey().map(key -> new TlsFiles(cert, key)));
  }

  private Optional<String> certificate() throws IOException {
    return listen.tlsCert().isEmpty()
        ? Optional.empty()
        : Optional.of(Certificate.digest(listen.tlsCert().get()));
  }

  private HttpSettings httpSettings() {
    return HttpSettings.on(listen.host(), listen.port());
  }

  private ServerLock lock(Path dataDir) throws IOException, InterruptedException {
    try {
      Files.createDirectories(dataDir);
      return ServerLock.take(dataDir, Thread::sleep);
    } catch (FileSystemException e) {
      throw new IOException(
          "the data directory %s can't be used: %s: %s"
              .formatted(
                  dataDir,
                  e.getFile(),
                  Optional.ofNullable(e.getReason()).orElse("it can't be written")),
          e);
    }
  }

  private void tellFirstKey(Optional<KeyRing.Made> made) {
    made.ifPresent(key -> {
      Path file = settings.dataDir().resolve(LocalServer.ADMIN_KEY);
      String words =
          terminal.interactive()
              ? "The administrator's key, shown this once: %s%nIt is kept in %s"
                  .formatted(key.secret(), file)
              : "The administrator's key is in " + file;
      terminal.err().println(words);
    });
  }

  private void await(Wiring wiring) throws InterruptedException {
    if (idleExit.isEmpty()) {
      asked.await();
      return;
    }
    while (!asked.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
      if (wiring.activity().idleFor(idleExit.get(), wiring::hasWork)) {
        LOG.info("nothing to do for {}", idleExit.get());
        return;
      }
    }
    LOG.info("asked to end");
  }

  /// The process was asked to end: lets everything go in order, and waits for that.
  private void end() {
    asked.countDown();
    try {
      if (!ended.await(LONGEST_END.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("not everything let go in {}; the next server takes it up", LONGEST_END);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
