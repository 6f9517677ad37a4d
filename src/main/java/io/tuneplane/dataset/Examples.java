package io.tuneplane.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Reads checked data, such as the runner's `train.jsonl`.
public final class Examples {

  private Examples() {}

  /// The examples of a file, in order, a few at a time. Close the stream when done.
  ///
  /// @throws IOException if the file can't be opened
  /// @throws DataException while streaming, at the first example that is not valid; the message has
  ///   the line
  /// @throws UncheckedIOException while streaming, if the file can't be read further
  public static Stream<Example> read(Path file) throws IOException {
    RecordSource source = DataFile.open(file);
    try {
      Reader reader = new Reader(file, source, new FormatSeeker(source, Optional.empty()));
      return StreamSupport.stream(reader, false).onClose(reader::close);
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  private static final class Reader extends Spliterators.AbstractSpliterator<Example>
      implements Batch.Visitor {
    private final Path file;
    private final RecordSource source;
    private final FormatSeeker seeker;
    private final Shape shape;
    private final Rules rules = new Rules(Target.LOCAL.roles());
    private final JsonTape tape = new JsonTape();
    private List<Example> ready = new ArrayList<>();
    private int at;
    private long lines;

    Reader(Path file, RecordSource source, FormatSeeker seeker) {
      super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
      this.file = file;
      this.source = source;
      this.seeker = seeker;
      this.shape = Shape.of(seeker.format());
    }

    @Override
    public boolean tryAdvance(Consumer<? super Example> action) {
      while (at == ready.size()) {
        if (!fill()) {
          return false;
        }
      }
      action.accept(ready.get(at++));
      return true;
    }

    private boolean fill() {
      try {
        Optional<Batch> batch = seeker.next();
        ready = new ArrayList<>();
        at = 0;
        batch.ifPresent(b -> {
          b.forEach(this);
          lines += b.lines();
        });
        return batch.isPresent();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void record(byte[] bytes, int start, int end, long line, int column) {
      try {
        tape.parse(bytes, start, end);
        if (!tape.is(0, JsonTape.Kind.OBJECT)) {
          throw Shape.wrong("not an object");
        }
        Draft draft = shape.read(tape);
        rules.check(draft);
        ready.add(draft.example());
      } catch (LineException e) {
        throw new DataException(file + ", line " + (lines + line + 1) + ": " + e.what(), e);
      }
    }

    @Override
    public void unreadable(Rule rule, String what, long line, int column) {
      throw new DataException(file + ", line " + (lines + line + 1) + ": " + what);
    }

    private void close() {
      try {
        source.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
