package io.tuneplane.backend.vertex;

import io.tuneplane.dataset.ConversionReport;
import io.tuneplane.dataset.DatasetConversion;
import io.tuneplane.dataset.Format;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/// A data file in Vertex AI's form, on our disk while it is uploaded. Close it to remove it.
final class ConvertedData implements AutoCloseable {

  private final Path file;

  /// The converted lines.
  ///
  /// @param file where they are
  /// @param bytes how many bytes
  /// @param sha256 their digest, in hex
  /// @param crc32c their CRC32C as Cloud Storage writes it: base64 of its four bytes, biggest first
  record Lines(Path file, long bytes, String sha256, String crc32c) {}

  private ConvertedData(Path file) {
    this.file = file;
  }

  /// Converts a checked file.
  ///
  /// @throws io.tuneplane.backend.BackendException.Rejected if an example can't be said in Vertex's
  ///   form
  static ConvertedData of(Path source, Path directory) throws IOException {
    Files.createDirectories(directory);
    // A temporary file is the owner's alone.
    ConvertedData data = new ConvertedData(Files.createTempFile(directory, "upload-", ".jsonl"));
    boolean whole = false;
    try {
      data.convert(source);
      whole = true;
      return data;
    } finally {
      if (!whole) {
        data.close();
      }
    }
  }

  private void convert(Path source) throws IOException {
    DatasetConversion.Request request =
        new DatasetConversion.Request(
            source, Optional.empty(), Format.VERTEX, file, Optional.empty(), false);
    ConversionReport report = new DatasetConversion(request, 1).run();
    if (!report.errors().isEmpty()) {
      throw Failures.rejected("submit", "training_file", report.errors().getFirst().message());
    }
  }

  /// What was written, with its checksums.
  Lines lines() throws IOException {
    MessageDigest sha256 = sha256();
    CRC32C crc = new CRC32C();
    long bytes;
    try (InputStream in =
        new CheckedInputStream(new DigestInputStream(Files.newInputStream(file), sha256), crc)) {
      bytes = in.transferTo(java.io.OutputStream.nullOutputStream());
    }
    byte[] checksum = ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
    return new Lines(
        file,
        bytes,
        HexFormat.of().formatHex(sha256.digest()),
        Base64.getEncoder().encodeToString(checksum));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
