package io.tuneplane.runner.train;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Wraps the kernels' text in the archive that libtorch loads modules from: an uncompressed zip
/// with the code, a pickled object of the class `Kernels` without fields of its own, no constants,
/// and the format's version (`caffe2/serialize/versions.h`: 3 is the oldest that is still read).
final class KernelArchive {

  private static final String CODE = "kernels.torchscript";

  /// Pickle protocol 2: `Kernels.__new__()`, then its state `{training: true,
  /// _is_full_backward_hook: None}`.
  private static final byte[] OBJECT =
      concat(
          new byte[] {(byte) 0x80, 2},
          ascii("c__torch__\nKernels\n"),
          ascii(")"),
          new byte[] {(byte) 0x81},
          ascii("}("),
          text("training"),
          new byte[] {(byte) 0x88},
          text("_is_full_backward_hook"),
          ascii("Nub."));

  /// Pickle protocol 2: an empty tuple.
  private static final byte[] NO_CONSTANTS = concat(new byte[] {(byte) 0x80, 2}, ascii(")."));

  private KernelArchive() {}

  static byte[] bytes() {
    try (InputStream code = KernelArchive.class.getResourceAsStream(CODE)) {
      if (code == null) {
        throw new IllegalStateException(CODE + " is missing from the jar");
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (ZipOutputStream zip = new ZipOutputStream(out)) {
        zip.setMethod(ZipOutputStream.STORED);
        add(zip, "data.pkl", OBJECT);
        add(zip, "code/__torch__.py", code.readAllBytes());
        add(zip, "constants.pkl", NO_CONSTANTS);
        add(zip, "version", ascii("3\n"));
      }
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void add(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    ZipEntry entry = new ZipEntry("kernels/" + name);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    entry.setCrc(crc.getValue());
    entry.setSize(bytes.length);
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }

  /// `BINUNICODE` and a length of 4 bytes.
  private static byte[] text(String s) {
    return concat(new byte[] {'X', (byte) s.length(), 0, 0, 0}, ascii(s));
  }

  private static byte[] ascii(String s) {
    return s.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
