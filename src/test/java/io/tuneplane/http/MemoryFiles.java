package io.tuneplane.http;

import io.tuneplane.job.DataFiles;
import io.tuneplane.job.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Uploaded files in a folder, known in memory.
final class MemoryFiles implements DataFiles {

  private final Path folder;
  private final List<StoredFile> files = new ArrayList<>();
  private Optional<IOException> failure = Optional.empty();

  MemoryFiles(Path folder) {
    this.folder = folder;
  }

  /// Lets every upload fail from now on.
  void failWith(IOException exception) {
    failure = Optional.of(exception);
  }

  void work() {
    failure = Optional.empty();
  }

  @Override
  public synchronized StoredFile keep(
      String organisation, String filename, String purpose, InputStream content)
      throws IOException {
    if (failure.isPresent()) {
      throw failure.get();
    }
    byte[] bytes = content.readAllBytes();
    String id = "file-%024d".formatted(files.size() + 1);
    String sha = HexFormat.of().formatHex(Fingerprint.sha256().digest(bytes));
    Files.write(folder.resolve(sha), bytes);
    StoredFile file =
        new StoredFile(
            id,
            organisation,
            filename,
            purpose,
            bytes.length,
            sha,
            Instant.ofEpochSecond(1_800_000_000L + files.size()));
    files.add(file);
    return file;
  }

  @Override
  public synchronized Optional<StoredFile> find(String organisation, String id) {
    return own(organisation).filter(file -> file.id().equals(id)).findFirst();
  }

  private Stream<StoredFile> own(String organisation) {
    return files.reversed().stream().filter(file -> file.organisation().equals(organisation));
  }

  @Override
  public synchronized List<StoredFile> list(
      String organisation, Optional<String> after, Optional<String> purpose, int limit) {
    List<StoredFile> all =
        own(organisation)
            .filter(file -> purpose.isEmpty() || file.purpose().equals(purpose.get()))
            .toList();
    return all.stream()
        .dropWhile(file -> after.isPresent() && !file.id().equals(after.get()))
        .skip(after.isPresent() ? 1 : 0)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized boolean delete(String organisation, String id) {
    return files.removeIf(file -> file.organisation().equals(organisation) && file.id().equals(id));
  }

  @Override
  public Path content(StoredFile file) {
    return folder.resolve(file.sha256());
  }

  synchronized int count() {
    return files.size();
  }
}
