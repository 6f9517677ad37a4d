package io.tuneplane.dataset;

import java.util.ArrayList;
import java.util.List;

/// Elements of a JSON array. Not safe for many threads.
final class ArrayBatch implements Batch {

  private record Element(int start, int end, long line, int column, String unreadable, Rule rule) {}

  private final ByteSink bytes = new ByteSink(RecordSource.BATCH / 4);
  private final List<Element> elements = new ArrayList<>();

  ByteSink bytes() {
    return bytes;
  }

  int size() {
    return elements.size();
  }

  void add(int start, long line, int column) {
    elements.add(new Element(start, bytes.length(), line, column, "", Rule.SHAPE));
  }

  void unreadable(Rule rule, String what, long line, int column) {
    elements.add(new Element(0, 0, line, column, what, rule));
  }

  @Override
  public void forEach(Visitor visitor) {
    bytes.add(new byte[JsonTape.PADDING], 0, JsonTape.PADDING);
    for (Element e : elements) {
      if (e.unreadable.isEmpty()) {
        visitor.record(bytes.bytes(), e.start, e.end, e.line, e.column);
      } else {
        visitor.unreadable(e.rule, e.unreadable, e.line, e.column);
      }
    }
  }

  @Override
  public long lines() {
    return 0;
  }
}
