package io.tuneplane.dataset;

import io.tuneplane.dataset.JsonTape.Kind;
import io.tuneplane.model.TemplateException;
import java.util.Arrays;
import java.util.Optional;

/// Checks the records of one batch after another: parses, applies the rules, counts tokens, makes
/// the canonical lines. Not safe for many threads; each has its own.
final class RecordChecker implements Batch.Visitor {

  /// @param keeps whether valid examples are to be written again, as ChatML or OpenAI's pairs
  /// @param sketches whether near-duplicates are looked for
  record Work(
      Format format,
      Rules rules,
      Optional<TokenCounter> counter,
      boolean keeps,
      boolean sketches) {}

  private static final int CANONICAL_BYTES = RecordSource.BATCH + (RecordSource.BATCH >> 3);

  private final Work work;
  private final Shape shape;
  private final JsonTape tape = new JsonTape();
  private final Sketch sketch = new Sketch();
  private Outcome outcome = new Outcome(0, false);

  RecordChecker(Work work) {
    this.work = work;
    this.shape = Shape.of(work.format());
  }

  Outcome check(Batch batch) {
    outcome = new Outcome(CANONICAL_BYTES, work.keeps());
    batch.forEach(this);
    return outcome;
  }

  @Override
  public void unreadable(Rule rule, String what, long line, int column) {
    int known = rule == Rule.TOO_LONG ? -1 : column;
    outcome.errors().add(new Outcome.Note(outcome.nextExample(), line, known, rule, what));
    // Its bytes are not held; that there was a line, and how long, still counts.
    CanonicalJson.string(what, outcome.canonical());
    outcome.canonical().add((byte) '\n');
  }

  @Override
  public void record(byte[] bytes, int start, int end, long line, int column) {
    int example = outcome.nextExample();
    int from = outcome.canonical().length();
    try {
      parse(bytes, start, end);
      int to = outcome.canonical().length();
      outcome.canonical().add((byte) '\n');
      Draft draft = read();
      outcome.valid().add(valid(draft, example, line, from, to));
    } catch (LineException e) {
      if (outcome.canonical().length() == from) {
        outcome.canonical().add(bytes, start, end);
        outcome.canonical().add((byte) '\n');
      }
      outcome.errors().add(note(e, bytes, start, new Place(example, line, column)));
    }
  }

  private void parse(byte[] bytes, int start, int end) throws LineException {
    tape.parse(bytes, start, end);
    if (tape.canonical()) {
      outcome.canonical().add(bytes, start, end);
    } else {
      CanonicalJson.write(tape, 0, outcome.canonical());
    }
  }

  private Draft read() throws LineException {
    if (!tape.is(0, Kind.OBJECT)) {
      throw Shape.wrong("not an object");
    }
    Draft draft = shape.read(tape);
    work.rules().check(draft);
    return draft;
  }

  private Outcome.Valid valid(Draft draft, int example, long line, int from, int to)
      throws LineException {
    int exact = work.counter().isPresent() ? count(draft, example, line) : 0;
    warnOfSameAnswers(draft, example, line);
    if (work.keeps()) {
      keep(draft, from, to);
    }
    byte[] canonical = outcome.canonical().bytes();
    return new Outcome.Valid(
        example,
        line,
        (int) draft.estimatedTokens(),
        exact,
        Hash64.of(canonical, from, to, 0),
        work.sketches() ? sketch.of(draft) : new short[0]);
  }

  private int count(Draft draft, int example, long line) throws LineException {
    TokenCounter counter = work.counter().orElseThrow();
    Example whole = draft.example();
    TokenCounter.Count count;
    try {
      count = counter.count(whole);
    } catch (EncodingException | TemplateException e) {
      throw new LineException(Rule.TEMPLATE, -1, String.valueOf(e.getMessage()));
    }
    if (!count.trainable()) {
      throw new LineException(
          Rule.NO_TRAINABLE_TOKEN,
          -1,
          "no trainable token" + (count.truncated() ? " is left once the example is cut" : ""));
    }
    if (count.truncated()) {
      warn(example, line, Rule.TRUNCATION, count.tokens() + " tokens; the end is cut off");
    }
    if (counter.holdsSpecialTokens(whole)) {
      warn(
          example,
          line,
          Rule.SPECIAL_TOKENS,
          "a message holds a special token of the model, which is read as one");
    }
    return count.tokens();
  }

  private void warnOfSameAnswers(Draft draft, int example, long line) {
    if (draft.pair()) {
      Example.Preference pair = (Example.Preference) draft.example();
      if (pair.preferred().equals(pair.nonPreferred())) {
        warn(example, line, Rule.SAME_ANSWERS, "both answers are the same; nothing is learnt");
      }
    }
  }

  private void warn(int example, long line, Rule rule, String what) {
    outcome.warnings().add(new Outcome.Note(example, line, -1, rule, what));
  }

  /// Adds the example as the runner reads it. A line of that format already is kept as it stands,
  /// keys that we don't know included, so that its digest stays the same.
  private void keep(Draft draft, int from, int to) {
    ByteSink kept = outcome.kept();
    if (work.format() == Format.CHATML || work.format() == Format.OPENAI_PREFERENCE) {
      kept.add(Arrays.copyOfRange(outcome.canonical().bytes(), from, to), 0, to - from);
    } else {
      byte[] line = ExampleWriter.canonical(draft.example());
      kept.add(line, 0, line.length);
    }
    kept.add((byte) '\n');
  }

  private record Place(int example, long line, int column) {}

  private static Outcome.Note note(LineException e, byte[] bytes, int start, Place place) {
    if (e.at() < 0) {
      return new Outcome.Note(place.example, place.line, -1, e.rule(), e.what());
    }
    long line = place.line;
    int column = place.column;
    for (int i = start; i < e.at(); i++) {
      if (bytes[i] == '\n') {
        line++;
        column = 0;
      } else if ((bytes[i] & 0xc0) != 0x80) {
        column++;
      }
    }
    return new Outcome.Note(place.example, line, column, e.rule(), e.what());
  }
}
