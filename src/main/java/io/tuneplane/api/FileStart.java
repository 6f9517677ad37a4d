package io.tuneplane.api;

import io.tuneplane.backend.Problem;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// The first bytes of a file: enough to see that it is no data file. Archives and formats that can
/// carry code are refused before anything of them is kept.
final class FileStart {

  private static final int LENGTH = 512;
  private static final int TAR_MARK = 257;

  private final byte[] bytes;

  private FileStart(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Looks at the beginning, and leaves the stream there.
  static FileStart read(BufferedInputStream stream) throws IOException {
    stream.mark(LENGTH);
    byte[] start = stream.readNBytes(LENGTH);
    stream.reset();
    return new FileStart(start);
  }

  /// @throws RequestException if the file is empty, or an archive, a pickle or weights
  void refuseUnlessData() {
    if (bytes.length == 0) {
      throw wrong("is empty", RequestException.INVALID);
    }
    if (isOther()) {
      throw wrong(
          "is an archive or a model, not data; upload JSON lines, plain or compressed with gzip or"
              + " zstd",
          "unsupported_file");
    }
  }

  private boolean isOther() {
    return startsWith(0, "PK\u0003\u0004") // zip, and what PyTorch saves
        || startsWith(0, "PK\u0005\u0006")
        || startsWith(0, "7z\u00bc\u00af")
        || startsWith(0, "Rar!")
        || startsWith(0, "BZh")
        || startsWith(0, "\u00fd7zXZ")
        || startsWith(0, "GGUF")
        || startsWith(0, "\u0080\u0002") // pickle
        || startsWith(0, "\u0080\u0004")
        || startsWith(0, "\u0080\u0005")
        || startsWith(TAR_MARK, "ustar");
  }

  private boolean startsWith(int from, String mark) {
    byte[] wanted = mark.getBytes(StandardCharsets.ISO_8859_1);
    return bytes.length >= from + wanted.length
        && Arrays.equals(bytes, from, from + wanted.length, wanted, 0, wanted.length);
  }

  private static RequestException wrong(String message, String code) {
    return new RequestException(List.of(new Problem("file", message)), code);
  }
}
