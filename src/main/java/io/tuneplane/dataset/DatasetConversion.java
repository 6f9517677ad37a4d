package io.tuneplane.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Writes a data set in another format, or in the same one, and splits it on the way. Streams. What
/// can't be written is counted and listed; where that is not allowed, nothing is written at all.
public final class DatasetConversion {

  private final Request request;
  private final int maxFindings;

  /// What to convert.
  ///
  /// @param from the format of the file; empty to tell it by the data
  /// @param to the format to write
  /// @param out the file to write, one example a line; what was there is replaced
  /// @param split what goes to a validation file, if anything
  /// @param skipInvalid whether examples that can't be written are left out; if not, they stop all
  public record Request(
      Path file,
      Optional<Format> from,
      Format to,
      Path out,
      Optional<Split> split,
      boolean skipInvalid) {}

  /// Makes a conversion.
  ///
  /// @param maxFindings how many errors and losses are listed; all are counted
  public DatasetConversion(Request request, int maxFindings) {
    this.request = request;
    this.maxFindings = maxFindings;
  }

  /// Why an example can't be said in a format; empty if it can.
  public static Optional<String> objection(Format to, Example example) {
    return Conversion.to(to, example) instanceof Converted.Impossible(String reason)
        ? Optional.of(reason)
        : Optional.empty();
  }

  /// Converts.
  ///
  /// @return what was read and written; with errors and no leave to skip, nothing was
  /// @throws IOException if a file can't be read or written; then no new file is there
  public ConversionReport run() throws IOException {
    try (RecordSource source = DataFile.open(request.file);
        CanonicalFile training = CanonicalFile.of(Optional.of(request.out));
        CanonicalFile validation = CanonicalFile.of(request.split.map(Split::file))) {
      FormatSeeker seeker = new FormatSeeker(source, request.from);
      Pass pass = new Pass(seeker.format(), training, validation);
      for (Optional<Batch> b = seeker.next(); b.isPresent(); b = seeker.next()) {
        b.get().forEach(pass);
        pass.lines += b.get().lines();
      }
      ConversionReport report = pass.report();
      if (request.skipInvalid || report.leftOut() == 0) {
        training.finish();
        validation.finish();
        training.keep();
        validation.keep();
      }
      return report;
    }
  }

  /// One pass over the file. Not safe for many threads.
  private final class Pass implements Batch.Visitor {
    private final Format from;
    private final Shape shape;
    private final CanonicalFile training;
    private final CanonicalFile validation;
    private final JsonTape tape = new JsonTape();
    private final Rules rules = new Rules(Target.LOCAL.roles());
    private final Findings errors = new Findings(maxFindings);
    private final Findings losses = new Findings(maxFindings);
    private final ByteSink canonical = new ByteSink(4096);
    private long lines;
    private long total;
    private long toTraining;
    private long toValidation;

    Pass(Format from, CanonicalFile training, CanonicalFile validation) {
      this.from = from;
      this.shape = Shape.of(from);
      this.training = training;
      this.validation = validation;
    }

    @Override
    public void unreadable(Rule rule, String what, long line, int column) {
      errors.add(Finding.at(total, lines + line + 1, rule, "Example " + total + ": " + what));
      total++;
    }

    @Override
    public void record(byte[] bytes, int start, int end, long line, int column) {
      long at = lines + line + 1;
      try {
        tape.parse(bytes, start, end);
        if (!tape.is(0, JsonTape.Kind.OBJECT)) {
          throw Shape.wrong("not an object");
        }
        Draft draft = shape.read(tape);
        rules.check(draft);
        write(converted(draft, bytes, start, end, at));
      } catch (LineException e) {
        add(
            errors,
            at,
            e.rule(),
            e.rule() == Rule.BROKEN_JSON ? "broken JSON: " + e.what() : e.what());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      total++;
    }

    private byte[] converted(Draft draft, byte[] bytes, int start, int end, long at)
        throws LineException {
      if (from == request.to) {
        return oneLine(bytes, start, end);
      }
      return switch (Conversion.to(request.to, draft.example())) {
        case Converted.Impossible(String reason) ->
            throw new LineException(Rule.NOT_EXPRESSIBLE, -1, reason);
        case Converted.Written(var node, List<String> lost) -> {
          lost.forEach(loss -> add(losses, at, Rule.LOSS, "loses " + loss));
          shape
              .unknownKeys(tape)
              .forEach(key -> add(losses, at, Rule.LOSS, "loses " + PythonText.string(key)));
          yield ExampleWriter.line(node);
        }
      };
    }

    /// The example as it stands; one that spans lines of an array is put on one.
    private byte[] oneLine(byte[] bytes, int start, int end) {
      String text = new String(bytes, start, end - start, StandardCharsets.UTF_8).strip();
      if (text.indexOf('\n') < 0) {
        return text.getBytes(StandardCharsets.UTF_8);
      }
      canonical.cutTo(0);
      CanonicalJson.write(tape, 0, canonical);
      return java.util.Arrays.copyOf(canonical.bytes(), canonical.length());
    }

    private void write(byte[] line) throws IOException {
      canonical.cutTo(0);
      CanonicalJson.write(tape, 0, canonical);
      boolean held =
          request.split.isPresent()
              && request.split.get().takes(canonical.bytes(), 0, canonical.length());
      CanonicalFile file = held ? validation : training;
      file.write(line);
      file.write(new byte[] {'\n'});
      toValidation += held ? 1 : 0;
      toTraining += held ? 0 : 1;
    }

    private void add(Findings findings, long line, Rule rule, String what) {
      findings.add(
          new Finding(
              OptionalLong.of(total),
              OptionalLong.of(line),
              OptionalInt.empty(),
              rule,
              "Example " + total + ": " + what));
    }

    ConversionReport report() {
      Map<String, Long> failed = errors.counts();
      boolean kept = request.skipInvalid || failed.isEmpty();
      return new ConversionReport(
          from,
          request.to,
          total,
          kept ? toTraining : 0,
          kept ? toValidation : 0,
          errors.first(),
          losses.first(),
          new CheckReport.Counts(failed, losses.counts()));
    }
  }
}
