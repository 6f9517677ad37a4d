package io.tuneplane.store;

import io.tuneplane.job.DatasetFlags;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Flags of data as a file each, named by the digest, one flag a line. Safe for many threads of one
/// process.
public final class FileDatasetFlags implements DatasetFlags {

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{1,64}");

  private final Path root;

  /// Keeps flags under this folder, which is made when first needed.
  public FileDatasetFlags(Path root) {
    this.root = root;
  }

  @Override
  public synchronized Set<String> of(String organisation, String digest) {
    try {
      Path file = file(digest);
      return Files.isRegularFile(file) ? new TreeSet<>(Files.readAllLines(file)) : Set.of();
    } catch (IOException e) {
      throw new UncheckedIOException("the flags of the data can't be read: " + e.getMessage(), e);
    }
  }

  @Override
  public synchronized void add(String organisation, String digest, Set<String> flags) {
    Set<String> all = new TreeSet<>(of(organisation, digest));
    if (!all.addAll(flags)) {
      return;
    }
    try {
      Files.createDirectories(root);
      DurableFiles.replace(
          file(digest),
          (String.join("\n", all) + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
      DurableFiles.forceFolder(root);
    } catch (IOException e) {
      throw new UncheckedIOException("the flags of the data can't be kept: " + e.getMessage(), e);
    }
  }

  private Path file(String digest) {
    if (!DIGEST.matcher(digest).matches()) {
      throw new IllegalArgumentException("not a digest: " + digest);
    }
    return root.resolve(digest);
  }
}
