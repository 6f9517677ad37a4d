package io.tuneplane.policy;

import io.tuneplane.policy.AuditReport.Finding;
import io.tuneplane.policy.AuditReport.Tampering;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Checks an audit log against its chain, its signatures and its heads.
public final class AuditVerifier {

  private final PublicKey key;
  private final Optional<AuditHead> newest;

  /// @param key the log's public key
  /// @param newest the newest head that is known, from the heads file or kept elsewhere; without
  ///   one a cut-off end can't be seen
  public AuditVerifier(PublicKey key, Optional<AuditHead> newest) {
    this.key = key;
    this.newest = newest;
  }

  /// Checks every line.
  ///
  /// @param lines opens the lines of the log; asked once, and once more where a line is missing
  /// @param tornEnd whether the last of them is half a line, which a crash left
  public AuditReport verify(Supplier<Stream<String>> lines, boolean tornEnd) {
    Pass pass = new Pass(lines, tornEnd);
    Optional<Finding> finding = pass.run();
    return new AuditReport(
        pass.count, finding, pass.clockSetBack, tornEnd, Optional.ofNullable(pass.head));
  }

  private final class Pass {
    private final Supplier<Stream<String>> lines;
    private final boolean tornEnd;
    private final List<Long> clockSetBack = new ArrayList<>();
    private long count;
    private @Nullable AuditHead head;
    private @Nullable Instant time;
    private @Nullable Finding found;

    private Pass(Supplier<Stream<String>> lines, boolean tornEnd) {
      this.lines = lines;
      this.tornEnd = tornEnd;
    }

    private Optional<Finding> run() {
      try (Stream<String> opened = lines.get()) {
        for (Iterator<String> each = opened.iterator(); each.hasNext(); ) {
          String text = each.next();
          if (!tornEnd || each.hasNext()) {
            next(text);
          }
        }
      }
      if (found == null) {
        found = newest.flatMap(this::against).orElse(null);
      }
      return Optional.ofNullable(found);
    }

    private void next(String text) {
      count++;
      if (found == null) {
        check(text);
      }
    }

    private void check(String text) {
      Optional<AuditLine> parsed = AuditLine.parse(text);
      if (parsed.isEmpty()) {
        found = altered(count, "is not a line that this log wrote");
        return;
      }
      AuditLine line = parsed.get();
      if (!line.follows(Optional.ofNullable(head))) {
        found = misplaced(line);
      } else if (!line.isSigned(key)) {
        found = altered(count, "has a hash that the log's key did not sign");
      } else if (newest.filter(known -> contradicts(known, line)).isPresent()) {
        found = altered(count, "is not the line that the signed head was made for");
      } else {
        noteTime(line);
        head = line.head();
      }
    }

    private static boolean contradicts(AuditHead known, AuditLine line) {
      return known.seq() == line.head().seq() && !known.hash().equals(line.head().hash());
    }

    private Finding misplaced(AuditLine line) {
      if (line.head().seq() == count) {
        return altered(count, "does not say what it said when it was written");
      }
      if (!line.isSigned(key)) {
        return altered(count, "carries the number " + line.head().seq() + " without a signature");
      }
      return isElsewhere(count)
          ? new Finding(
              count,
              Tampering.REORDERED,
              "line %d stands elsewhere in the log, and line %d in its place"
                  .formatted(count, line.head().seq()))
          : new Finding(
              count,
              Tampering.REMOVED,
              "line %d is gone; line %d follows in its place".formatted(count, line.head().seq()));
    }

    private boolean isElsewhere(long seq) {
      try (Stream<String> opened = lines.get()) {
        return opened
            .flatMap(text -> AuditLine.parse(text).stream())
            .anyMatch(line -> line.head().seq() == seq && line.isSigned(key));
      }
    }

    private void noteTime(AuditLine line) {
      Instant before = time;
      if (before != null && line.event().at().isBefore(before)) {
        clockSetBack.add(count);
      }
      time = line.event().at();
    }

    private Optional<Finding> against(AuditHead known) {
      if (!AuditSigner.isValid(known, key)) {
        return Optional.of(
            new Finding(
                known.seq(), Tampering.ALTERED, "the newest head is not signed by the log's key"));
      }
      return known.seq() > count
          ? Optional.of(
              new Finding(
                  count + 1,
                  Tampering.TRUNCATED,
                  "the log was cut off after line %d: its signed head says that it had %d"
                      .formatted(count, known.seq())))
          : Optional.empty();
    }

    private Finding altered(long line, String words) {
      return new Finding(line, Tampering.ALTERED, "line " + line + " " + words);
    }
  }
}
