package io.tuneplane.dataset;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// The check of one file: hands batches to threads, and takes in what they came to in the order of
/// the file. Not safe for many threads.
final class FileCheck {

  private final CheckSettings settings;
  private final Duplicates duplicates;
  private final boolean validation;
  private final Findings errors;
  private final Findings warnings;
  private final TokenHistogram estimate = new TokenHistogram();
  private final TokenHistogram exact = new TokenHistogram();
  private final MessageDigest digest = sha256();
  private Format format = FormatDetection.DEFAULT;
  private long total;
  private long valid;
  private long lines;

  FileCheck(CheckSettings settings, Duplicates duplicates, boolean validation) {
    this.settings = settings;
    this.duplicates = duplicates;
    this.validation = validation;
    this.errors = new Findings(settings.maxFindings());
    this.warnings = new Findings(settings.maxFindings());
  }

  void read(DatasetCheck.Input input, DatasetCheck.Progress progress) throws IOException {
    try (RecordSource source =
            DataFile.open(input.file(), bytes -> progress.read(input.file(), bytes));
        CanonicalFile canonical = CanonicalFile.of(input.canonical())) {
      if (source.bom()) {
        warnings.add(Finding.ofSet(Rule.BOM, "the file starts with a byte order mark"));
      }
      FormatSeeker seeker = new FormatSeeker(source, settings.format());
      format = seeker.format();
      RecordChecker.Work work =
          new RecordChecker.Work(
              format,
              new Rules(settings.target().roles()),
              settings.counter(),
              input.canonical().isPresent(),
              settings.nearDuplicates());
      Workers.run(seeker, work, settings.resources().threads(), (b, o) -> take(b, o, canonical));
      canonical.keep();
    }
    judgeCount();
  }

  private void take(Batch batch, Outcome outcome, CanonicalFile canonical) throws IOException {
    for (Outcome.Note note : outcome.errors()) {
      add(errors, note);
    }
    for (Outcome.Note note : outcome.warnings()) {
      add(warnings, note);
    }
    for (Outcome.Valid example : outcome.valid()) {
      estimate.add(example.estimate());
      exact.add(example.exact());
      long position =
          Position.of(validation, total + example.example(), lines + example.line() + 1);
      duplicates.add(position, example.hash(), example.sketch());
    }
    digest.update(outcome.canonical().bytes(), 0, outcome.canonical().length());
    canonical.write(outcome.kept());
    total += outcome.examples();
    valid += outcome.valid().size();
    lines += batch.lines();
  }

  private void add(Findings findings, Outcome.Note note) {
    long example = total + note.example();
    if (!findings.keeps(example)) {
      findings.count(note.rule());
      return;
    }
    long line = lines + note.line() + 1;
    String message = "Example " + example + ": " + text(note, line);
    findings.add(
        new Finding(
            OptionalLong.of(example),
            OptionalLong.of(line),
            note.column() < 0 ? OptionalInt.empty() : OptionalInt.of(note.column() + 1),
            note.rule(),
            message));
  }

  private static String text(Outcome.Note note, long line) {
    if (note.column() < 0) {
      return note.what();
    }
    String at = " at line " + line + ", column " + (note.column() + 1);
    return note.rule() == Rule.BROKEN_JSON
        ? "broken JSON" + at + ": " + note.what()
        : note.what() + at;
  }

  /// Where the target has a minimum, too few is an error; elsewhere training goes on.
  private void judgeCount() {
    if (total == 0) {
      errors.add(Finding.ofSet(Rule.NO_EXAMPLES, "the file has no examples"));
      return;
    }
    int least = settings.target().minExamples();
    if (!validation && valid < least) {
      String message =
          valid + " valid examples; " + settings.target().id() + " takes " + least + " or more";
      errors.add(Finding.ofSet(Rule.TOO_FEW, message));
    } else if (!validation && valid < ENOUGH) {
      String message = valid + " valid examples; little is learnt from fewer than " + ENOUGH;
      warnings.add(Finding.ofSet(Rule.TOO_FEW, message));
    }
  }

  /// OpenAI's supervised fine-tuning guide: at least 10, and start with 50.
  private static final int ENOUGH = 10;

  void warn(Finding finding) {
    warnings.add(finding);
  }

  CheckReport report() {
    Optional<ExactTokens> counted =
        settings
            .counter()
            .map(c -> {
              TokenSummary s = exact.summary();
              return new ExactTokens(
                  s.mean(), s.median(), s.p95(), s.max(), s.total(), c.tokenizer());
            });
    return new CheckReport(
        format,
        settings.target(),
        total,
        valid,
        errors.first(),
        warnings.first(),
        new CheckReport.Counts(errors.counts(), warnings.counts()),
        new CheckReport.Tokens(estimate.summary(), counted),
        HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
