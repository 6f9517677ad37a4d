package io.tuneplane.job;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Files in memory.
public final class MemoryDataFiles implements DataFiles {

  private final Map<String, StoredFile> files = new LinkedHashMap<>();
  private final Map<String, byte[]> contents = new LinkedHashMap<>();

  @Override
  public synchronized StoredFile keep(
      String organisation, String filename, String purpose, InputStream content)
      throws IOException {
    String id = "file-%d".formatted(files.size() + 1);
    byte[] bytes = content.readAllBytes();
    StoredFile file =
        new StoredFile(id, organisation, filename, purpose, bytes.length, "ab", Instant.EPOCH);
    files.put(id, file);
    contents.put(id, bytes);
    return file;
  }

  @Override
  public synchronized Optional<StoredFile> find(String organisation, String id) {
    return Optional.ofNullable(files.get(id)).filter(f -> f.organisation().equals(organisation));
  }

  @Override
  public synchronized List<StoredFile> list(
      String organisation, Optional<String> after, Optional<String> purpose, int limit) {
    return new ArrayList<>(files.values())
        .reversed().stream()
            .filter(f -> f.organisation().equals(organisation))
            .filter(f -> purpose.isEmpty() || f.purpose().equals(purpose.get()))
            .limit(limit)
            .toList();
  }

  @Override
  public synchronized boolean delete(String organisation, String id) {
    return files.remove(id) != null;
  }

  @Override
  public Path content(StoredFile file) {
    return Path.of(file.id());
  }

  synchronized byte[] bytes(String id) {
    return Objects.requireNonNull(contents.get(id)).clone();
  }
}
