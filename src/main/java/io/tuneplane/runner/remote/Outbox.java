package io.tuneplane.runner.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Sends what the trainer leaves, in order, while it trains and after. While the control plane is
/// silent, what waits is the trainer's own files.
final class Outbox implements Runnable {

  private static final long LOOK_MILLIS = 500;
  private static final long ASK_NANOS = Duration.ofSeconds(5).toNanos();
  private static final String ENDED = "the run is over here: ";

  private final ControlPlane plane;
  private final Path folder;
  private final EventTail events;
  private final Consumer<String> stop;
  private final Patience patience = Patience.whilst(this::mayWait);
  private final AtomicReference<Optional<String>> failure = new AtomicReference<>(Optional.empty());
  private volatile boolean trained;
  private volatile boolean cancelled;
  private volatile long deadline;
  private long asked = System.nanoTime() - ASK_NANOS;

  /// @param folder the runner's
  /// @param sent how many bytes of `events.jsonl` the control plane has
  /// @param stop asks the trainer to stop, with the reason
  Outbox(ControlPlane plane, Path folder, long sent, Consumer<String> stop) {
    this.plane = plane;
    this.folder = folder;
    this.events = new EventTail(folder.resolve("events.jsonl"), sent);
    this.stop = stop;
  }

  /// The trainer has ended: what is left is sent for so long at most.
  void finish(Duration most) {
    deadline = System.nanoTime() + most.toNanos();
    trained = true;
  }

  private boolean mayWait() {
    return !cancelled && (!trained || System.nanoTime() - deadline < 0);
  }

  /// Why not all was sent; empty if all was.
  Optional<String> failure() {
    return failure.get();
  }

  /// Whether the run was cancelled: then nobody waits for what was not sent.
  boolean isCancelled() {
    return cancelled;
  }

  @Override
  public void run() {
    try {
      boolean last = false;
      while (!last && !cancelled) {
        last = trained; // looked at before the last look
        drain();
        if (!last) {
          Thread.sleep(LOOK_MILLIS);
        }
      }
    } catch (RemoteException e) {
      fail(String.valueOf(e.getMessage()));
    } catch (IOException | UncheckedIOException e) {
      fail("reading what to send failed: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail("interrupted");
    } catch (RuntimeException e) {
      fail("unexpected: " + e);
    }
  }

  private void fail(String words) {
    failure.set(Optional.of(words));
    stop.accept(ENDED + words);
  }

  private void drain() throws IOException, RemoteException, InterruptedException {
    for (EventTail.Batch batch = events.next(); !batch.isEmpty(); batch = events.next()) {
      sendFirst(batch.alone());
      post(batch);
      if (cancelled) {
        return;
      }
    }
    if (System.nanoTime() - asked > ASK_NANOS && !trained) {
      JsonNode _ = told(new byte[0]);
    }
  }

  /// What an event speaks of comes before it.
  private void sendFirst(JsonNode event) throws IOException, RemoteException, InterruptedException {
    switch (event.path("type").asText()) {
      case "checkpoint" -> checkpoint(event);
      case "result" -> {
        boolean _ = SetUpload.result(plane, folder, event, patience).send();
      }
      default -> {
        // Others speak of nothing.
      }
    }
  }

  /// Sends a checkpoint from a copy of links, so that it stays while the trainer replaces it. One
  /// that was replaced before is passed over.
  private void checkpoint(JsonNode event)
      throws IOException, RemoteException, InterruptedException {
    Path source = WorkFolder.inside(folder, event.path("path").asText());
    Path held = folder.resolve(".sending");
    WorkFolder.delete(held);
    try {
      link(source, held);
      Optional<SetUpload> upload =
          SetUpload.checkpoint(plane, held, event.path("step").asLong(), patience);
      if (upload.isPresent()) {
        boolean _ = upload.get().send();
      }
    } catch (NoSuchFileException _) {
      // Replaced by later ones before it could be sent.
    } finally {
      WorkFolder.delete(held);
    }
  }

  private static void link(Path source, Path held) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(source)) {
      files = all.filter(Files::isRegularFile).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path file : files) {
      Path place = held.resolve(source.relativize(file).toString());
      Files.createDirectories(place.resolveSibling("."));
      Files.createLink(place, file);
    }
  }

  private void post(EventTail.Batch batch)
      throws IOException, RemoteException, InterruptedException {
    try {
      JsonNode _ = told(batch.bytes());
      events.past(batch);
    } catch (RemoteException.Refused e) {
      // It has less than it said once, or more: it goes on from what it wants.
      if (!e.code().equals("sequence") || !events.seek(e.number())) {
        throw e;
      }
    }
  }

  private JsonNode told(byte[] lines) throws RemoteException, InterruptedException {
    JsonNode told = patience.with(() -> plane.events(lines, lines.length));
    asked = System.nanoTime();
    switch (told.path("wish").asText()) {
      case "stop" -> stop.accept("the control plane");
      case "cancel" -> {
        cancelled = true;
        stop.accept("the control plane: cancelled");
      }
      default -> {
        // It goes on.
      }
    }
    return told;
  }
}
