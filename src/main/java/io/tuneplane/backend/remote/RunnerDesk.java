package io.tuneplane.backend.remote;

import io.tuneplane.backend.RemoteRunners.Wish;
import io.tuneplane.backend.remote.RefusedException.Why;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Serves the runners of one run that showed its token. What writes is refused unless it comes from
/// the newest attempt. For one request.
public final class RunnerDesk {

  /// The most bytes of one piece of a file.
  public static final long LONGEST_PIECE = 64L << 20;

  private static final String UPLOADS = ".uploads";

  private final Admitted entered;
  private final Admissions admissions;
  private final Digests digests;
  private final Busy busy;

  RunnerDesk(Admitted entered, Admissions admissions, Digests digests, Busy busy) {
    this.entered = entered;
    this.admissions = admissions;
    this.digests = digests;
    this.busy = busy;
  }

  /// What a runner is told.
  ///
  /// @param next the number of the event that comes next
  public record Told(long next, Wish wish) {}

  /// A file that is fetched.
  ///
  /// @param content from the wanted byte on; the caller closes it
  /// @param bytes the whole file's length
  public record Piece(InputStream content, long bytes) {}

  /// Begins an attempt: from now on earlier ones are refused.
  ///
  /// @param word by which the runner knows itself; the same word as last time begins nothing
  public Work begin(String word) throws IOException {
    if (!word.matches("[a-z0-9-]{16,64}")) {
      throw RefusedException.of(Why.INVALID, "runner: 16 to 64 of [a-z0-9-], drawn once");
    }
    Admitted begun =
        admissions.hold(
            entered.mark(),
            () -> {
              Admitted now = current();
              if (now.word().equals(Optional.of(word))) {
                return now;
              }
              Admitted next = now.begun(now.attempt() + 1, word);
              admissions.keep(next);
              DurableFile.delete(now.path().resolve(UPLOADS));
              return next;
            });
    return work(begun);
  }

  /// What there is to do, without beginning an attempt.
  public Work look() throws IOException {
    return work(entered);
  }

  private Work work(Admitted admitted) throws IOException {
    Inputs inputs = Inputs.of(admitted);
    List<Work.Input> files = new ArrayList<>();
    for (Map.Entry<String, Path> file : inputs.files().entrySet()) {
      files.add(input(file.getKey(), file.getValue()));
    }
    EventFile.End end = events().end();
    return new Work(
        admitted.attempt(),
        inputs.job(),
        files,
        checkpoint(),
        new Work.Events(
            end.bytes(),
            end.bytes() == 0 ? EMPTY : Digests.ofFirst(events().file(), end.bytes()),
            end.next()));
  }

  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  private Optional<Work.Checkpoint> checkpoint() throws IOException {
    Optional<CheckpointShelf.Whole> newest = shelf().newest(digests);
    if (newest.isEmpty()) {
      return Optional.empty();
    }
    CheckpointShelf.Whole whole = newest.get();
    List<Work.Input> files = new ArrayList<>();
    for (String file : whole.files()) {
      files.add(
          input(
              "checkpoints/step-%d/%s".formatted(whole.step(), file), whole.path().resolve(file)));
    }
    return Optional.of(new Work.Checkpoint(whole.step(), files));
  }

  private Work.Input input(String name, Path file) throws IOException {
    return new Work.Input(name, Files.size(file), digests.of(file));
  }

  /// A file of the work, from a byte on.
  ///
  /// @throws RefusedException if it is not one of the work, or is shorter
  public Piece file(String name, long from) throws IOException {
    Path file = find(name);
    InputStream content = Files.newInputStream(file);
    try {
      long bytes = Files.size(file);
      if (from > bytes) {
        throw RefusedException.of(Why.INVALID, "the file has %d bytes".formatted(bytes));
      }
      content.skipNBytes(from);
      return new Piece(content, bytes);
    } catch (IOException | RuntimeException e) {
      content.close();
      throw e;
    }
  }

  private Path find(String name) throws IOException {
    if (name.equals(Inputs.EVENTS) && Files.exists(events().file())) {
      return events().file();
    }
    Path input = Inputs.of(entered).files().get(name);
    if (input != null) {
      return input;
    }
    Optional<CheckpointShelf.Whole> newest = shelf().newest(digests);
    if (newest.isPresent()) {
      String under = "checkpoints/step-%d/".formatted(newest.get().step());
      if (name.startsWith(under) && newest.get().files().contains(name.substring(under.length()))) {
        return newest.get().path().resolve(name.substring(under.length()));
      }
    }
    throw RefusedException.of(Why.NOT_FOUND, "the work has no such file");
  }

  /// Takes events; they are on the disk when this returns.
  ///
  /// @param lines of `events.jsonl`, as they are; none only asks
  public Told events(int attempt, byte[] lines) throws IOException {
    List<EventFile.Line> batch = EventFile.parse(lines, attempt);
    return admissions.hold(
        entered.mark(),
        () -> {
          Admitted now = requireNewest(attempt);
          EventFile.End end = events().end();
          List<EventFile.Line> fresh = EventFile.fresh(batch, end);
          for (EventFile.Line line : fresh) {
            if (line.event().path("type").asText().equals("result")) {
              new ResultFolder(now.path()).require(line.event(), digests);
            }
          }
          events().append(lines, fresh, end);
          return new Told(end.next() + fresh.size(), now.wish());
        });
  }

  /// How much of a file has arrived.
  public long arrived(int attempt, String set, String path) throws IOException {
    Admitted now = requireNewest(attempt);
    return uploads(now, set).arrived(path);
  }

  /// Takes a piece of a file.
  ///
  /// @param offset where it begins
  /// @return how much of the file is there now
  public long append(int attempt, String set, String path, long offset, InputStream piece)
      throws IOException {
    Admitted now = requireNewest(attempt);
    UploadSet uploads = uploads(now, set);
    return busy.alone(
        now.mark() + "/" + attempt + "/" + set + "/" + path,
        () -> uploads.append(path, offset, piece, LONGEST_PIECE));
  }

  /// Ends the upload of a set: all of it is in its place when this returns.
  ///
  /// @param manifest the set's files with their digests; for a checkpoint its `manifest.json`
  public void complete(int attempt, String set, byte[] manifest) throws IOException {
    UploadSet uploads = uploads(requireNewest(attempt), set);
    Map<String, String> listed = uploads.listed(manifest);
    if (isThere(uploads, listed, manifest)) {
      return;
    }
    // Read before the run is held, and remembered: a large file takes a while.
    uploads.require(listed, digests);
    boolean _ =
        admissions.hold(
            entered.mark(),
            () -> {
              Admitted now = requireNewest(attempt);
              uploads.require(listed, digests);
              if (uploads.name().isResult()) {
                new ResultFolder(now.path()).place(uploads, listed);
              } else {
                shelf().place(uploads, manifest);
              }
              return true;
            });
  }

  private boolean isThere(UploadSet set, Map<String, String> listed, byte[] manifest)
      throws IOException {
    return set.name().isResult()
        ? new ResultFolder(entered.path()).has(listed, digests)
        : shelf().has(set.name(), manifest);
  }

  private UploadSet uploads(Admitted now, String set) {
    UploadSet.Name name = new UploadSet.Name(set);
    Path aside =
        now.path().resolve(UPLOADS).resolve("attempt-" + now.attempt()).resolve(name.text());
    return new UploadSet(name, aside);
  }

  private EventFile events() {
    return new EventFile(entered.path().resolve(Inputs.EVENTS));
  }

  private CheckpointShelf shelf() {
    return new CheckpointShelf(entered.path());
  }

  /// What is remembered now of the round that was entered.
  private Admitted current() throws IOException {
    return admissions
        .find(entered.mark())
        .filter(now -> now.round() == entered.round())
        .orElseThrow(() -> RefusedException.of(Why.UNAUTHORIZED, "the token is not good any more"));
  }

  private Admitted requireNewest(int attempt) throws IOException {
    Admitted now = current();
    if (now.attempt() != attempt) {
      throw RefusedException.of(
          Why.STALE_ATTEMPT,
          attempt < now.attempt()
              ? "attempt %d has begun since; this one has to end".formatted(now.attempt())
              : "there is no attempt %d".formatted(attempt));
    }
    return now;
  }
}
