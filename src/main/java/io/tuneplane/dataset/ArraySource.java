package io.tuneplane.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Cuts a JSON array into its elements without holding more than a few of them. It only follows
/// brackets and strings; whether an element is JSON is for [JsonTape] to say.
final class ArraySource implements RecordSource {

  private static final int END = -1;

  private final InputStream in;
  private final boolean bom;
  private final byte[] buffer = new byte[BATCH / 4];
  private int filled;
  private int at;
  private long line;
  private int column;
  private boolean done;
  private boolean anyElement;

  /// @param in starts at the bracket
  ArraySource(InputStream in, boolean bom) throws IOException {
    this.in = in;
    this.bom = bom;
    skipSpace();
    take();
  }

  @Override
  public Optional<Batch> next() throws IOException {
    ArrayBatch batch = new ArrayBatch();
    while (!done && batch.bytes().length() < BATCH) {
      element(batch);
    }
    return batch.size() == 0 ? Optional.empty() : Optional.of(batch);
  }

  private void element(ArrayBatch batch) throws IOException {
    skipSpace();
    if (!anyElement && peek() == ']') {
      take();
      finish(batch);
      return;
    }
    anyElement = true;
    long atLine = line;
    int atColumn = column;
    int start = batch.bytes().length();
    long length = copy(batch.bytes());
    if (length > MAX_RECORD) {
      batch.bytes().cutTo(start);
      batch.unreadable(
          Rule.TOO_LONG,
          "the element has " + length + " bytes; at most " + MAX_RECORD + " are read",
          atLine,
          atColumn);
    } else {
      batch.add(start, atLine, atColumn);
    }
    switch (peek()) {
      case ']' -> {
        take();
        finish(batch);
      }
      case END -> {
        done = true;
        batch.unreadable(Rule.BROKEN_JSON, "the array is not closed", line, column);
      }
      default -> take();
    }
  }

  /// Copies up to the comma or bracket that ends the element; what is beyond the limit is counted
  /// only.
  private long copy(ByteSink out) throws IOException {
    long length = 0;
    int depth = 0;
    boolean inString = false;
    for (int b = peek(); b != END; b = peek()) {
      if (inString) {
        if (b == '\\') {
          length = keep(out, length);
          if (peek() == END) {
            return length;
          }
        } else if (b == '"') {
          inString = false;
        }
      } else if (b == '"') {
        inString = true;
      } else if (b == '{' || b == '[') {
        depth++;
      } else if (depth == 0 && (b == ',' || b == ']')) {
        return length;
      } else if (b == '}' || b == ']') {
        depth--;
      }
      length = keep(out, length);
    }
    return length;
  }

  private long keep(ByteSink out, long length) throws IOException {
    byte b = (byte) take();
    if (length < MAX_RECORD) {
      out.add(b);
    }
    return length + 1;
  }

  private void finish(ArrayBatch batch) throws IOException {
    done = true;
    skipSpace();
    if (peek() != END) {
      batch.unreadable(Rule.BROKEN_JSON, "text after the end of the array", line, column);
    }
  }

  private void skipSpace() throws IOException {
    for (int b = peek(); b != END && JsonTape.isSpace((byte) b); b = peek()) {
      take();
    }
  }

  private int peek() throws IOException {
    if (at == filled) {
      filled = in.readNBytes(buffer, 0, buffer.length);
      at = 0;
    }
    return at == filled ? END : buffer[at] & 0xff;
  }

  private int take() throws IOException {
    int b = peek();
    at++;
    if (b == '\n') {
      line++;
      column = 0;
    } else if ((b & 0xc0) != 0x80) {
      column++;
    }
    return b;
  }

  @Override
  public boolean bom() {
    return bom;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
