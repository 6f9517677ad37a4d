package io.tuneplane.runner.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.runner.ExitCode;
import io.tuneplane.runner.RunnerException;
import io.tuneplane.runner.RunnerException.TryAgain;
import io.tuneplane.runner.RunnerException.WrongInput;
import io.tuneplane.runner.train.StopRequest;
import io.tuneplane.runner.train.TrainCommand;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;

/// `runner remote`: fetches a run's work, does it as `runner train` would, and sends what it
/// leaves.
public final class RemoteCommand {

  /// How long the rest is sent after the runner was asked to stop.
  private static final Duration ASKED_TO_STOP = Duration.ofSeconds(90);

  private final RemoteSettings settings;
  private final InstantSource clock;
  private final PrintStream words;
  private final StopRequest stop = new StopRequest();
  private volatile boolean signalled;

  /// @param words where what is no event is said
  public RemoteCommand(RemoteSettings settings, InstantSource clock, PrintStream words) {
    this.settings = settings;
    this.clock = clock;
    this.words = words;
  }

  /// Asks the run to leave a checkpoint, send it, and end. From any thread.
  public void stop(String why) {
    signalled = true;
    stop.request(why);
  }

  /// Does the work.
  ///
  /// @throws RunnerException if it went wrong before there was anything to send
  public ExitCode run() throws InterruptedException {
    try (ControlPlane plane = new ControlPlane(settings)) {
      JsonNode work = begin(plane);
      fetch(plane, work);
      Outbox outbox =
          new Outbox(plane, settings.folder(), work.at("/events/bytes").asLong(), stop::request);
      Thread sender = Thread.ofPlatform().name("outbox").start(outbox);
      ExitCode code = ExitCode.TRY_AGAIN;
      try {
        code = new TrainCommand(settings.folder(), clock, stop).run();
      } catch (RunnerException e) {
        tell(plane, e);
        throw e;
      } finally {
        outbox.finish(signalled ? ASKED_TO_STOP : settings.patience());
        sender.join();
      }
      return ended(code, outbox);
    }
  }

  private ExitCode ended(ExitCode code, Outbox outbox) {
    if (outbox.isCancelled()) {
      return ExitCode.STOPPED;
    }
    outbox.failure().ifPresent(words::println);
    return outbox.failure().isPresent() ? ExitCode.TRY_AGAIN : code;
  }

  private JsonNode begin(ControlPlane plane) throws InterruptedException {
    String word = "java-" + UUID.randomUUID();
    try {
      return Patience.of(settings.patience()).with(() -> plane.begin(word));
    } catch (RemoteException.Over | RemoteException.Refused e) {
      throw new WrongInput("the control plane lets this runner not in: " + e.getMessage(), e);
    } catch (RemoteException e) {
      throw new TryAgain(String.valueOf(e.getMessage()), e);
    }
  }

  private void fetch(ControlPlane plane, JsonNode work) throws InterruptedException {
    Patience patience = Patience.of(settings.patience());
    try {
      new Fetch(plane, settings.folder(), settings.models(), patience).all(work);
    } catch (RunnerException e) {
      tell(plane, e);
      throw e;
    } catch (RemoteException e) {
      throw new TryAgain("the work can't be fetched: " + e.getMessage(), e);
    }
  }

  /// Tells of an end that came before the trainer had a place to tell of it. Whoever can't be told
  /// now sees how the process ended, and its words.
  private void tell(ControlPlane plane, RunnerException why) throws InterruptedException {
    try {
      ObjectNode event = ControlPlane.JSON.createObjectNode();
      event.put("seq", plane.events(new byte[0], 0).path("next").asLong());
      event.put("attempt", plane.attempt()).put("at", clock.instant().toString());
      event.put("type", "message").put("level", "error");
      event.put("text", why.getMessage()).put("code", why.code());
      byte[] line = (event + "\n").getBytes(StandardCharsets.UTF_8);
      JsonNode _ = plane.events(line, line.length);
    } catch (RemoteException e) {
      why.addSuppressed(e);
    }
  }
}
