package io.tuneplane.dataset;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// A file that is written aside and takes its name only once it is whole; if not, nothing is left.
/// Not safe for many threads.
final class CanonicalFile implements AutoCloseable {

  private final Optional<Path> target;
  private final Path aside;
  private final OutputStream out;
  private final Optional<FileChannel> channel;

  private CanonicalFile(
      Optional<Path> target, Path aside, OutputStream out, Optional<FileChannel> channel) {
    this.target = target;
    this.aside = aside;
    this.out = out;
    this.channel = channel;
  }

  /// @param target the file, or none to write nothing
  static CanonicalFile of(Optional<Path> target) throws IOException {
    if (target.isEmpty()) {
      return new CanonicalFile(
          target, Path.of(""), OutputStream.nullOutputStream(), Optional.empty());
    }
    Path file = target.get().toAbsolutePath();
    if (!Files.isDirectory(file.resolveSibling(""))) {
      throw new DataException(
          "there is no folder " + file.resolveSibling("") + " to write into; make it first");
    }
    Path aside = file.resolveSibling(file.getFileName() + ".part");
    FileChannel channel =
        FileChannel.open(
            aside,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
    return new CanonicalFile(target, aside, out, Optional.of(channel));
  }

  void write(ByteSink bytes) throws IOException {
    out.write(bytes.bytes(), 0, bytes.length());
  }

  void write(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  /// Ends the writing: when this returns, the bytes are on the disk. So where two files belong
  /// together, a full disk is found before either has its name.
  void finish() throws IOException {
    out.flush();
    if (channel.isPresent() && channel.get().isOpen()) {
      channel.get().force(true);
    }
    out.close();
  }

  /// Gives the file its name, once its bytes are on the disk.
  void keep() throws IOException {
    finish();
    if (target.isPresent()) {
      Files.move(aside, target.get(), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      out.close();
    } finally {
      if (target.isPresent()) {
        Files.deleteIfExists(aside);
      }
    }
  }
}
