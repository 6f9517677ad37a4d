package io.tuneplane.dataset;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;

/// Opens a data file, whatever it is packed with: plain, gzip or zstd, told by its first bytes and
/// never by its name; JSONL or one JSON array.
final class DataFile {

  private static final int HEAD = 8;

  private DataFile() {}

  static RecordSource open(Path file) throws IOException {
    return open(file, read -> {});
  }

  /// @param progress told how many bytes of the file were read, now and then
  /// @throws DataException if it is an archive or another kind of file
  static RecordSource open(Path file, LongConsumer progress) throws IOException {
    if (Files.isDirectory(file)) {
      throw new DataException(file + " is a folder; name a file in it");
    }
    InputStream raw = Files.newInputStream(file);
    try {
      return open(raw, progress);
    } catch (IOException | DataException e) {
      raw.close();
      throw e;
    }
  }

  private static RecordSource open(InputStream raw, LongConsumer progress) throws IOException {
    CountingStream counted = new CountingStream(raw, progress);
    PushbackInputStream text = plain(counted);
    byte[] head = head(text, 3);
    if (starts(head, 0xfe, 0xff) || starts(head, 0xff, 0xfe)) {
      throw new DataException("the file is UTF-16; save it as UTF-8");
    }
    boolean bom = starts(head, 0xef, 0xbb, 0xbf);
    if (bom) {
      text.skipNBytes(3);
    }
    int first = firstSign(text);
    return first == '[' ? new ArraySource(text, bom) : new LineSource(text, bom);
  }

  private static PushbackInputStream plain(CountingStream counted) throws IOException {
    PushbackInputStream in = new PushbackInputStream(counted, HEAD);
    byte[] head = head(in, HEAD);
    if (starts(head, 0x1f, 0x8b)) {
      InputStream gzip = new GZIPInputStream(in, 64 << 10);
      return pushback(new BombGuard(gzip, counted));
    }
    if (starts(head, 0x28, 0xb5, 0x2f, 0xfd)) {
      InputStream zstd = new ZstdInputStream(new BufferedInputStream(in, 64 << 10));
      return pushback(new BombGuard(zstd, counted));
    }
    refuseOthers(head);
    return pushback(in);
  }

  private static void refuseOthers(byte[] head) {
    String kind =
        starts(head, 'P', 'K', 3, 4)
            ? "a zip archive; unpack it first"
            : starts(head, 'B', 'Z', 'h')
                ? "packed with bzip2; unpack it first, or use gzip or zstd"
                : starts(head, 0xfd, '7', 'z', 'X', 'Z')
                    ? "packed with xz; unpack it first, or use gzip or zstd"
                    : starts(head, 'P', 'A', 'R', '1') ? "Parquet; write it as JSONL first" : "";
    if (!kind.isEmpty()) {
      throw new DataException("the file is " + kind);
    }
  }

  /// The first byte that is no white space, or -1. Looks no further than the pushback holds: an
  /// array that starts behind more white space reads as lines, and is reported as such.
  private static int firstSign(PushbackInputStream in) throws IOException {
    byte[] head = head(in, RecordSource.BATCH);
    for (byte b : head) {
      if (!JsonTape.isSpace(b)) {
        return b;
      }
    }
    return -1;
  }

  private static PushbackInputStream pushback(InputStream in) {
    return new PushbackInputStream(in, RecordSource.BATCH);
  }

  private static byte[] head(PushbackInputStream in, int length) throws IOException {
    byte[] head = in.readNBytes(length);
    in.unread(head);
    return head;
  }

  private static boolean starts(byte[] head, int... magic) {
    return head.length >= magic.length
        && Arrays.equals(Arrays.copyOf(head, magic.length), bytes(magic));
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
