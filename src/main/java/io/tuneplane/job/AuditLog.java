package io.tuneplane.job;

import io.tuneplane.policy.AuditEvent;
import io.tuneplane.policy.AuditHead;
import io.tuneplane.policy.AuditLine;
import io.tuneplane.policy.Ledger;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPair;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The audit log in the data directory: `audit.jsonl`, one chained and signed line an event, and
/// `audit.heads`, one signed head a line, written after it. Threads and processes may share it.
///
/// A crash in the middle of a line leaves half of it: the next one who opens the log sets that
/// aside with a `recovery` event. A line that the heads file says was whole and that is missing is
/// no crash: then the log doesn't open, and nothing may leave.
public final class AuditLog implements Ledger, AutoCloseable {

  private final ReentrantLock threads = new ReentrantLock();
  private final InstantSource clock;
  private final FileChannel processes;
  private final FileChannel lines;
  private final FileChannel heads;
  private final KeyPair keys;
  private long knownBytes = -1;
  private @Nullable AuditLine last;

  private AuditLog(
      InstantSource clock,
      FileChannel processes,
      FileChannel lines,
      FileChannel heads,
      KeyPair keys) {
    this.clock = clock;
    this.processes = processes;
    this.lines = lines;
    this.heads = heads;
    this.keys = keys;
  }

  /// Opens the log of a data directory, or begins it.
  ///
  /// @param clock times the line that tells of a recovery
  /// @throws AuditException if it can't be read or its end is not as it was left
  public static AuditLog open(Path directory, InstantSource clock) {
    try {
      Files.createDirectories(directory);
      FileChannel lock = channel(directory.resolve("audit.lock"));
      try (FileLock _ = lock.lock()) {
        Path file = directory.resolve(AuditFiles.LINES);
        KeyPair keys = AuditKeys.open(directory, !Files.exists(file) || Files.size(file) == 0);
        FileChannel lines = channel(file);
        FileChannel heads = channel(directory.resolve(AuditFiles.HEADS));
        PrivateFiles.syncDirectory(directory);
        AuditLog log = new AuditLog(clock, lock, lines, heads, keys);
        log.catchUp();
        return log;
      }
    } catch (IOException e) {
      throw new AuditException("the audit log in " + directory + " can't be opened", e);
    }
  }

  @Override
  public void append(AuditEvent event) {
    locked(() -> {
      write(event);
      return event;
    });
  }

  @Override
  public Optional<Instant> newest() {
    return locked(() -> Optional.ofNullable(last).map(line -> line.event().at()));
  }

  /// The newest line's signed head: kept elsewhere, it proves later that nothing was cut off.
  public Optional<AuditHead> head() {
    return locked(this::lastHead);
  }

  /// Closes the files.
  @Override
  public void close() {
    threads.lock();
    try (processes;
        lines;
        heads) {
      knownBytes = -1;
    } catch (IOException e) {
      throw new AuditException("the audit log can't be closed", e);
    } finally {
      threads.unlock();
    }
  }

  private interface Step<T> {
    T run() throws IOException;
  }

  private <T> T locked(Step<T> step) {
    threads.lock();
    try (FileLock _ = processes.lock()) {
      catchUp();
      return step.run();
    } catch (IOException e) {
      // What reached the disk is not known: the next use reads it again.
      knownBytes = -1;
      throw new AuditException("the audit log can't be written, so nothing may leave", e);
    } finally {
      threads.unlock();
    }
  }

  /// Reads the end of the file again where somebody else has written, or a write broke off.
  private void catchUp() throws IOException {
    if (lines.size() == knownBytes) {
      return;
    }
    AuditTail tail = AuditTail.read(lines);
    Optional<AuditHead> signed = newestHead();
    last = tail.lastLine().isEmpty() ? null : lastLine(tail);
    compare(signed, lastHead());
    knownBytes = tail.wholeBytes();
    if (signed.map(AuditHead::seq).orElse(0L) < lastHead().map(AuditHead::seq).orElse(0L)) {
      writeHead();
    }
    if (tail.isTorn()) {
      lines.truncate(tail.wholeBytes());
      write(recovery(tail.torn()));
    }
  }

  private AuditLine lastLine(AuditTail tail) {
    Optional<AuditHead> before = AuditLine.parse(tail.lineBefore()).map(AuditLine::head);
    return AuditLine.parse(tail.lastLine())
        .filter(line -> line.follows(before) && line.isSigned(keys.getPublic()))
        .orElseThrow(() -> tampered("its last line is not one that it wrote"));
  }

  /// A head is written after its line: it is the newest line's, or the one's before it if a crash
  /// came in between.
  private static void compare(Optional<AuditHead> head, Optional<AuditHead> line) {
    long heads = head.map(AuditHead::seq).orElse(0L);
    long written = line.map(AuditHead::seq).orElse(0L);
    if (heads > written) {
      throw tampered("it ends after line " + written + ", its signed head says " + heads);
    }
    if (heads < written - 1) {
      throw tampered("its heads file ends at line " + heads + " of " + written);
    }
    if (heads == written && !head.equals(line)) {
      throw tampered("its last line is not the one that its signed head was made for");
    }
  }

  private static AuditException tampered(String words) {
    return new AuditException(
        "the audit log is not as it was left: " + words + "; run 'tuneplane audit verify'");
  }

  private Optional<AuditHead> newestHead() throws IOException {
    AuditTail tail = AuditTail.read(heads);
    if (tail.isTorn()) {
      heads.truncate(tail.wholeBytes());
    }
    return tail.lastLine().isEmpty()
        ? Optional.empty()
        : Optional.of(
            AuditHead.parse(tail.lastLine())
                .orElseThrow(() -> tampered("its heads file has a line that is no head")));
  }

  private Optional<AuditHead> lastHead() {
    return Optional.ofNullable(last).map(AuditLine::head);
  }

  private void write(AuditEvent event) throws IOException {
    AuditLine line = AuditLine.after(lastHead(), event, keys.getPrivate());
    lines.position(knownBytes);
    PrivateFiles.writeAll(lines, line.text() + "\n");
    knownBytes = lines.position();
    last = line;
    writeHead();
  }

  private void writeHead() throws IOException {
    heads.position(heads.size());
    PrivateFiles.writeAll(heads, lastHead().orElseThrow().text() + "\n");
  }

  private AuditEvent recovery(AuditTail.Torn torn) {
    return AuditEvent.of(
        clock.instant(),
        AuditEvent.Kind.RECOVERY,
        Map.of("bytes", Integer.toString(torn.bytes()), "sha256", torn.sha256()));
  }

  private static FileChannel channel(Path file) throws IOException {
    return PrivateFiles.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }
}
