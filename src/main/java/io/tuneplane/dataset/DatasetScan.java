package io.tuneplane.dataset;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// Looks for personal and secret values in a data file: few rules, each confirmed by a checksum or
/// a form of its own, so that an alarm means something. Looks at every string of every line,
/// whatever its format; a line that is not JSON is looked at as text.
public final class DatasetScan {

  private static final List<Recogniser> RECOGNISERS =
      List.of(
          new EmailRecogniser(),
          new CardRecogniser(),
          new SsnRecogniser(),
          new PhoneRecogniser(),
          new IbanRecogniser(),
          new MedicalRecordRecogniser(),
          new SecretRecogniser());

  private final int maxFindings;

  /// Makes a scan.
  ///
  /// @param maxFindings how many finds are listed; all are counted
  public DatasetScan(int maxFindings) {
    this.maxFindings = maxFindings;
  }

  /// Scans a file. A file that can't be read to its end gives a report with a failure, never one
  /// that looks clean.
  public ScanReport run(Path file) {
    Pass pass = new Pass();
    try (RecordSource source = DataFile.open(file)) {
      for (Optional<Batch> b = source.next(); b.isPresent(); b = source.next()) {
        b.get().forEach(pass);
        pass.lines += b.get().lines();
      }
    } catch (IOException | DataException e) {
      pass.failed("the file can't be read: " + e.getMessage());
    }
    return pass.report();
  }

  /// At most four characters of a value, the rest as stars.
  static String masked(String value) {
    int head = value.length() >= 12 ? 2 : 1;
    int tail = value.length() >= 12 ? 2 : 0;
    return value.substring(0, head)
        + "*".repeat(Math.min(value.length() - head - tail, 16))
        + value.substring(value.length() - tail);
  }

  /// One pass over a file. Not safe for many threads.
  private final class Pass implements Batch.Visitor {
    private final JsonTape tape = new JsonTape();
    private final List<ScanReport.Found> findings = new ArrayList<>();
    private final Map<String, Long> counts = new TreeMap<>();
    private final TreeSet<String> flags = new TreeSet<>();
    private Optional<String> failure = Optional.empty();
    private long lines;
    private long total;

    @Override
    public void record(byte[] bytes, int start, int end, long line, int column) {
      long at = lines + line + 1;
      try {
        tape.parse(bytes, start, end);
        scanTape(at);
      } catch (LineException broken) {
        scan(new String(bytes, start, end - start, StandardCharsets.UTF_8), at);
      }
      total++;
    }

    private void scanTape(long line) {
      int after = tape.next(0);
      for (int value = 0; value < after; value++) {
        if (tape.is(value, JsonTape.Kind.STRING)) {
          scan(tape.string(value), line);
        }
      }
    }

    private void scan(String text, long line) {
      for (Recogniser recogniser : RECOGNISERS) {
        recogniser.find(text, (kind, value) -> found(line, kind, value));
      }
    }

    private void found(long line, SensitiveKind kind, String value) {
      counts.merge(kind.id(), 1L, Long::sum);
      flags.addAll(kind.flags());
      if (findings.size() < maxFindings) {
        findings.add(new ScanReport.Found(total, line, kind, masked(value)));
      }
    }

    @Override
    public void unreadable(Rule rule, String what, long line, int column) {
      if (rule == Rule.TOO_LONG) {
        failed("line " + (lines + line + 1) + " was not read: " + what);
      }
      total++;
    }

    private void failed(String why) {
      failure = failure.or(() -> Optional.of(why));
    }

    ScanReport report() {
      return new ScanReport(total, findings, counts, flags, failure);
    }
  }
}
