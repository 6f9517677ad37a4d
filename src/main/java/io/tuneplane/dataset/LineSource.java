package io.tuneplane.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/// Cuts a stream into batches of whole lines. A line beyond the limit is passed over without being
/// held.
final class LineSource implements RecordSource {

  private final InputStream in;
  private final boolean bom;
  private byte[] left = new byte[0];
  private boolean ended;

  LineSource(InputStream in, boolean bom) {
    this.in = in;
    this.bom = bom;
  }

  @Override
  public Optional<Batch> next() throws IOException {
    byte[] bytes = Arrays.copyOf(left, Math.max(BATCH, 2 * left.length) + JsonTape.PADDING);
    int length = left.length;
    left = new byte[0];
    int from = 0;
    while (!ended) {
      int room = bytes.length - JsonTape.PADDING;
      length += in.readNBytes(bytes, length, room - length);
      ended = length < room;
      int last = lastLineEnd(bytes, from, length);
      if (last >= 0) {
        left = Arrays.copyOfRange(bytes, last + 1, length);
        return Optional.of(lines(bytes, last + 1));
      }
      from = length;
      if (length > MAX_RECORD) {
        return Optional.of(passOver(length));
      }
      if (!ended) {
        int more = Math.min(2 * room, MAX_RECORD + BATCH);
        bytes = Arrays.copyOf(bytes, more + JsonTape.PADDING);
      }
    }
    return length == 0 ? Optional.empty() : Optional.of(LineBatch.of(bytes, length));
  }

  /// The lines, with zeros behind them: the parser reads ahead.
  private static LineBatch lines(byte[] bytes, int length) {
    Arrays.fill(bytes, length, Math.min(bytes.length, length + JsonTape.PADDING), (byte) 0);
    return LineBatch.of(bytes, length);
  }

  private Batch passOver(long length) throws IOException {
    byte[] scratch = new byte[BATCH];
    long passed = length;
    while (!ended) {
      int n = in.readNBytes(scratch, 0, scratch.length);
      ended = n < scratch.length;
      for (int i = 0; i < n; i++) {
        if (scratch[i] == '\n') {
          left = Arrays.copyOfRange(scratch, i + 1, n);
          return tooLong(passed + i, 1);
        }
      }
      passed += n;
    }
    return tooLong(passed, 0);
  }

  private static Batch tooLong(long length, int lines) {
    return new UnreadableBatch(
        "the line has " + length + " bytes; at most " + MAX_RECORD + " are read", lines);
  }

  private static int lastLineEnd(byte[] bytes, int from, int to) {
    for (int i = to - 1; i >= from; i--) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    return -1;
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
