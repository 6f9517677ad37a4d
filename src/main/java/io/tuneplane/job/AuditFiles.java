package io.tuneplane.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tuneplane.policy.AuditEvent;
import io.tuneplane.policy.AuditHead;
import io.tuneplane.policy.AuditLine;
import io.tuneplane.policy.AuditReport;
import io.tuneplane.policy.AuditVerifier;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.PublicKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads an audit log without writing to it: to check it and to list it. Nobody needs to have it
/// open, and a log that [AuditLog] refuses to open can still be read here.
public final class AuditFiles {

  static final String LINES = "audit.jsonl";
  static final String HEADS = "audit.heads";

  private final Path directory;

  /// @param directory the data directory
  public AuditFiles(Path directory) {
    this.directory = directory;
  }

  /// Checks the log against its chain, its signatures and its newest head.
  ///
  /// @param kept a head that was kept elsewhere; empty to use the heads file
  /// @return an empty, whole report where there is no log yet
  /// @throws AuditException if the files can't be read
  public AuditReport verify(Optional<AuditHead> kept) {
    if (!Files.exists(directory.resolve(LINES)) && !Files.exists(directory.resolve(HEADS))) {
      return new AuditReport(0, Optional.empty(), List.of(), false, Optional.empty());
    }
    try (FileChannel lines = read(LINES)) {
      AuditTail tail = AuditTail.read(lines);
      boolean torn = tail.isTorn();
      return new AuditVerifier(AuditKeys.publicKey(directory), kept.or(this::newestHead))
          .verify(this::lines, torn);
    } catch (IOException e) {
      throw new AuditException("the audit log in " + directory + " can't be read", e);
    }
  }

  /// The newest lines that can be read, oldest first.
  ///
  /// @param limit how many at most
  public List<AuditLine> newest(int limit) {
    if (!Files.exists(directory.resolve(LINES))) {
      return List.of();
    }
    Deque<AuditLine> newest = new ArrayDeque<>();
    try (Stream<String> lines = lines()) {
      lines
          .flatMap(text -> AuditLine.parse(text).stream())
          .forEach(line -> {
            newest.add(line);
            if (newest.size() > limit) {
              newest.removeFirst();
            }
          });
    }
    return List.copyOf(newest);
  }

  /// The events of one kind that the log's key signed, oldest first. A line that was forged, or
  /// changed since, is left out: [#verify] names it.
  List<AuditEvent> signed(AuditEvent.Kind kind) {
    if (!Files.exists(directory.resolve(LINES))) {
      return List.of();
    }
    PublicKey key = AuditKeys.publicKey(directory);
    List<AuditEvent> events = new ArrayList<>();
    Optional<AuditHead> before = Optional.empty();
    try (Stream<String> lines = lines()) {
      for (String text : (Iterable<String>) lines::iterator) {
        Optional<AuditLine> line = AuditLine.parse(text);
        Optional<AuditHead> previous = before;
        line.filter(l -> l.event().kind() == kind && l.follows(previous) && l.isSigned(key))
            .ifPresent(l -> events.add(l.event()));
        before = line.map(AuditLine::head);
      }
    }
    return events;
  }

  /// The lines as they stand. Bytes that are no UTF-8 come out as U+FFFD: the line is an altered
  /// one.
  private Stream<String> lines() {
    try {
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(Files.newInputStream(directory.resolve(LINES)), UTF_8));
      return reader.lines().onClose(() -> close(reader));
    } catch (IOException e) {
      throw new AuditException("the audit log in " + directory + " can't be read", e);
    }
  }

  private static void close(BufferedReader reader) {
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<AuditHead> newestHead() {
    try (FileChannel heads = read(HEADS)) {
      return AuditHead.parse(AuditTail.read(heads).lastLine());
    } catch (IOException e) {
      throw new AuditException("the audit log's heads in " + directory + " can't be read", e);
    }
  }

  private FileChannel read(String name) throws IOException {
    return FileChannel.open(directory.resolve(name), StandardOpenOption.READ);
  }
}
