package io.tuneplane.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sketches and the positions of their examples, by number. The first ones are in memory, the rest
/// in a temporary file that is gone once this is closed. Not safe for many threads.
final class SketchStore implements AutoCloseable {

  private static final int BYTES = Long.BYTES + Sketch.BINS * Short.BYTES;
  private static final int BUFFERED = 512;

  // An array, since there are millions; never compared or changed.
  @SuppressWarnings("ArrayRecordComponent")
  record Entry(long position, short[] sketch) {}

  private final int most;
  private final Path scratch;
  private final List<Entry> entries = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocate(BYTES * BUFFERED);
  private long written;
  private @Nullable FileChannel file;

  /// @param most how many are held in memory
  SketchStore(int most, Path scratch) {
    this.most = most;
    this.scratch = scratch;
  }

  /// Keeps a sketch and returns its number.
  long add(long position, short[] sketch) throws IOException {
    if (entries.size() < most) {
      entries.add(new Entry(position, sketch));
      return entries.size() - 1L;
    }
    if (!buffer.hasRemaining()) {
      flush();
    }
    buffer.putLong(position);
    for (short bin : sketch) {
      buffer.putShort(bin);
    }
    return written + (long) most + buffer.position() / BYTES - 1;
  }

  Entry get(long number) throws IOException {
    if (number < most) {
      return entries.get((int) number);
    }
    flush();
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    FileChannel channel = file();
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, (number - most) * BYTES + bytes.position()) < 0) {
        throw new IOException("a temporary file was cut");
      }
    }
    bytes.flip();
    long position = bytes.getLong();
    short[] sketch = new short[Sketch.BINS];
    bytes.asShortBuffer().get(sketch);
    return new Entry(position, sketch);
  }

  private void flush() throws IOException {
    buffer.flip();
    written += buffer.remaining() / BYTES;
    while (buffer.hasRemaining()) {
      file().write(buffer);
    }
    buffer.clear();
  }

  private FileChannel file() throws IOException {
    FileChannel channel = file;
    if (channel == null) {
      channel =
          FileChannel.open(
              Files.createTempFile(scratch, "tuneplane-", ".sketches"),
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      file = channel;
    }
    return channel;
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
