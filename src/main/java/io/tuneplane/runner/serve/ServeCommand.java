package io.tuneplane.runner.serve;

import io.tuneplane.dataset.ExampleEncoder;
import io.tuneplane.model.BaseModel;
import io.tuneplane.model.Models;
import io.tuneplane.runner.ExitCode;
import io.tuneplane.runner.serve.ServeSettings.Listen;
import io.tuneplane.runner.serve.ServeSettings.NamedModel;
import io.tuneplane.runner.serve.ServeSettings.TlsFiles;
import io.tuneplane.runner.serve.engine.AdapterReader;
import io.tuneplane.runner.serve.engine.Engine;
import io.tuneplane.runner.serve.engine.EngineSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// `runner serve`. One thread runs it; any may stop it.
@Command(name = "runner serve")
public final class ServeCommand implements CommandRun.Task {

  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final InstantSource clock;
  private final CountDownLatch stopped = new CountDownLatch(1);

  @Mixin private ModelOptions model = new ModelOptions();

  @Option(names = "--name", paramLabel = "NAME")
  private @Nullable String name;

  @Option(names = "--port", paramLabel = "PORT")
  private int port;

  @Option(names = "--host", paramLabel = "ADDRESS")
  private String host = "127.0.0.1";

  @Option(names = "--token-file", required = true, paramLabel = "FILE")
  private Path tokenFile = Path.of("");

  @Option(names = "--adapter", paramLabel = "NAME=PATH")
  private Map<String, Path> adapters = new LinkedHashMap<>();

  @Option(names = "--max-sequences", paramLabel = "N")
  private int maxSequences = 8;

  @Option(names = "--max-queue", paramLabel = "N")
  private int maxQueue = EngineSettings.DEFAULT.queue();

  @Option(names = "--exit-on-eof")
  private boolean exitOnEof;

  @Option(names = "--tls-certificate", paramLabel = "PEM")
  private @Nullable Path certificate;

  @Option(names = "--tls-key", paramLabel = "PEM")
  private @Nullable Path key;

  /// @param in its end stops the server, where `--exit-on-eof` is given
  /// @param out takes the one line `ready PORT`
  /// @param err takes everything else
  public ServeCommand(InputStream in, PrintStream out, PrintStream err, InstantSource clock) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.clock = clock;
  }

  /// Serves until it is stopped.
  public ExitCode run(List<String> arguments) {
    return CommandRun.of(this, arguments, err);
  }

  /// Ends the server; returns at once.
  public void stop() {
    stopped.countDown();
  }

  @Override
  public ExitCode call() throws IOException, InterruptedException {
    Optional<TlsFiles> tls = tls();
    BearerToken token = BearerToken.read(tokenFile);
    try (BaseModel base = Models.open(model.model(), model.cache())) {
      serve(base, settings(base, tls), token);
    }
    return ExitCode.DONE;
  }

  private ServeSettings settings(BaseModel base, Optional<TlsFiles> tls) {
    if (maxQueue < 1 || port < 0 || port > 0xffff) {
      throw new TypeConversionException("--max-queue or --port is out of range");
    }
    Path fileName = model.model().toAbsolutePath().normalize().getFileName();
    String called = name == null ? String.valueOf(fileName) : name;
    return new ServeSettings(
        new NamedModel(called, model.model()),
        new LinkedHashMap<>(adapters),
        model.decoder(base.config(), maxSequences),
        new EngineSettings(maxQueue, EngineSettings.DEFAULT.chunk()),
        new Listen(host, port, tls),
        model.cache(),
        model.unverified());
  }

  /// @throws TypeConversionException if TLS is needed, or half of it is missing
  private Optional<TlsFiles> tls() throws UnknownHostException {
    if (certificate != null && key != null) {
      return Optional.of(new TlsFiles(certificate, key));
    }
    if (certificate != null || key != null) {
      throw new TypeConversionException("--tls-certificate and --tls-key go together");
    }
    if (!InetAddress.getByName(host).isLoopbackAddress()) {
      throw new TypeConversionException(
          "--host %s is not loopback: it needs --tls-certificate and --tls-key".formatted(host));
    }
    return Optional.empty();
  }

  private void serve(BaseModel base, ServeSettings settings, BearerToken token)
      throws InterruptedException {
    AdapterShelf shelf =
        new AdapterShelf(new AdapterReader(base, settings.unverified()), settings.model().name());
    settings.adapters().forEach((adapter, folder) -> shelf.load(adapter, folder, false));
    ExampleEncoder encoder =
        new ExampleEncoder(base.tokenizer(), base.chatTemplate(), settings.decoder().maxContext());
    try (Engine engine = new Engine(base, settings.decoder(), settings.sharing());
        HttpServer server =
            HttpServer.start(
                new ServedModel(settings.model().name(), base, encoder, engine, shelf),
                settings,
                token,
                clock)) {
      if (exitOnEof) {
        Thread.ofPlatform().daemon().name("parent").start(this::stopAtEndOfInput);
      }
      out.println("ready " + server.port());
      out.flush();
      stopped.await();
      // Answers are cut short first, so that their connections can be closed in order.
      engine.stop();
    }
  }

  private void stopAtEndOfInput() {
    try {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      err.println("standard input failed, as if the parent had died: " + e.getMessage());
    }
    stop();
  }
}
