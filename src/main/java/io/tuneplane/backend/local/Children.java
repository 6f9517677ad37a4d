package io.tuneplane.backend.local;

import io.tuneplane.backend.ControlLock;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts, finds, asks and ends runner processes, those of earlier control planes too. Safe for
/// many threads; has none of its own.
final class Children {

  private static final Logger LOG = LoggerFactory.getLogger(Children.class);
  private static final long REAP_SECONDS = 5;

  private final String host;
  private final InstantSource clock;
  private final Map<ProcessId, Process> started = new ConcurrentHashMap<>();

  Children(String host, InstantSource clock) {
    this.host = host;
    this.clock = clock;
  }

  /// This process.
  ProcessId self() {
    return ProcessId.of(host, ProcessHandle.current(), clock.instant());
  }

  /// Starts a process whose words go to a file. The write end of its standard input stays open for
  /// as long as both processes live: it is how a child that listens to it learns of our end.
  ///
  /// @param onExit is given the exit code, on a thread of the JDK's
  ProcessId start(ProcessBuilder command, File words, IntConsumer onExit) throws IOException {
    command.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(words));
    Process process = command.start();
    ProcessId id = ProcessId.of(host, process.toHandle(), clock.instant());
    started.put(id, process);
    holdInputUntilExit(process, onExit);
    return id;
  }

  // The future is held by the JDK until the process ends, and holds the stream.
  private static void holdInputUntilExit(Process process, IntConsumer onExit) {
    OutputStream input = process.getOutputStream();
    process
        .onExit()
        .thenAccept(ended -> {
          close(input);
          onExit.accept(ended.exitValue());
        })
        .exceptionally(e -> {
          LOG.warn("the end of process {} could not be recorded", process.pid(), e);
          return null;
        });
  }

  private static void close(Closeable input) {
    try {
      input.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether the process lives. One of another host lives for as long as it holds its lock.
  ///
  /// @param lock the file that the process holds locked
  boolean alive(ProcessId id, Path lock) throws IOException {
    if (!id.host().equals(host)) {
      return ControlLock.held(lock);
    }
    Process own = started.get(id);
    return own == null ? id.find(host).isPresent() : own.isAlive();
  }

  /// Whether a process of this host lives.
  boolean alive(ProcessId id) {
    return id.find(host).isPresent();
  }

  /// Asks a process to write a checkpoint and leave. No effect where it has ended.
  void stop(ProcessId id) {
    Optional<ProcessHandle> process = id.find(host);
    if (process.isEmpty()) {
      return;
    }
    Process own = started.get(id);
    if (!process.get().supportsNormalTermination() && own != null) {
      close(own.getOutputStream());
    } else {
      process.get().destroy();
    }
  }

  /// Asks every process that this object started to leave.
  void stopAll() {
    started.keySet().forEach(this::stop);
  }

  /// Ends a process at once.
  void kill(ProcessId id) {
    id.find(host).ifPresent(ProcessHandle::destroyForcibly);
  }

  /// The exit code of a process that this object started and that has ended.
  OptionalInt exitCode(ProcessId id) {
    Process own = started.get(id);
    if (own == null) {
      return OptionalInt.empty();
    }
    try {
      return own.waitFor(REAP_SECONDS, TimeUnit.SECONDS)
          ? OptionalInt.of(own.exitValue())
          : OptionalInt.empty();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return OptionalInt.empty();
    }
  }
}
