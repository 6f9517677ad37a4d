package io.tuneplane.runner.train;

import io.tuneplane.dataset.ExampleEncoder;
import io.tuneplane.model.BaseModel;
import io.tuneplane.model.ModelException;
import io.tuneplane.model.Models;
import io.tuneplane.model.TemplateException;
import io.tuneplane.runner.ExitCode;
import io.tuneplane.runner.RunnerException;
import io.tuneplane.runner.RunnerException.TryAgain;
import io.tuneplane.runner.RunnerException.WrongInput;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;

/// `runner train DIR`: one attempt at one job, from `job.json` to the result, or to a checkpoint.
public final class TrainCommand {

  private final Path folder;
  private final InstantSource clock;
  private final StopRequest stop;

  /// @param folder the job's
  /// @param stop may be requested from any thread
  public TrainCommand(Path folder, InstantSource clock, StopRequest stop) {
    this.folder = folder;
    this.clock = clock;
    this.stop = stop;
  }

  /// Runs the attempt. What went wrong is the last event.
  ///
  /// @throws RunnerException if it went wrong before there was a place for events
  public ExitCode run() {
    TrainingJob job = TrainingJob.read(folder.resolve("job.json"));
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = lock(channel);
        EventLog events = EventLog.open(folder.resolve("events.jsonl"), job.attempt(), clock)) {
      if (events.result().isPresent()) {
        return ExitCode.DONE;
      }
      return attempt(job, events);
    } catch (IOException e) {
      throw new TryAgain(folder + " can't be written: " + e.getMessage(), e);
    }
  }

  private FileLock lock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return lock;
      }
    } catch (OverlappingFileLockException _) {
      // Held by this very process: the same answer.
    }
    throw new TryAgain("another runner is at work in " + folder);
  }

  private ExitCode attempt(TrainingJob job, EventLog events) throws IOException {
    try {
      return work(job, events);
    } catch (RunnerException e) {
      events.append(RunEvent.Message.error(String.valueOf(e.getMessage()), e.code()));
      return e.exitCode();
    } catch (ModelException e) {
      events.append(RunEvent.Message.error(String.valueOf(e.getMessage()), "invalid_model"));
      return ExitCode.WRONG_INPUT;
    } catch (TemplateException e) {
      events.append(
          RunEvent.Message.error(String.valueOf(e.getMessage()), "invalid_chat_template"));
      return ExitCode.WRONG_INPUT;
    } catch (OutOfMemoryError e) {
      events.append(
          RunEvent.Message.error("the Java heap is full: " + e.getMessage(), "out_of_memory"));
      return ExitCode.OUT_OF_MEMORY;
    } catch (IOException e) {
      events.append(RunEvent.Message.error("writing failed: " + e.getMessage(), "disk"));
      return ExitCode.TRY_AGAIN;
    }
  }

  private ExitCode work(TrainingJob job, EventLog events) throws IOException {
    try (BaseModel base = Models.open(Path.of(job.baseModel().path()));
        Kernels kernels = Kernels.load(job.limits().threads())) {
      requireDigest(job, base);
      ExampleEncoder encoder =
          new ExampleEncoder(
              base.tokenizer(),
              base.chatTemplate(),
              Math.min(job.hyperparameters().maxLength(), base.config().maxPositions()));
      JobData data = JobData.read(folder, job, encoder);
      return new TrainingRun(folder, job, base, data, kernels, events, stop).run();
    }
  }

  private static void requireDigest(TrainingJob job, BaseModel base) {
    if (!base.digest().equals(job.baseModel().digest())) {
      throw new WrongInput(
          "the base model in %s is another one: its digest is %s, the job asks for %s"
              .formatted(job.baseModel().path(), base.digest(), job.baseModel().digest()));
    }
  }
}
