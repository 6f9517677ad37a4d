package io.tuneplane.store;

import io.tuneplane.job.Job;
import io.tuneplane.job.JobEvent;
import io.tuneplane.job.Jobs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Jobs as a folder each: `job.json`, and `events.jsonl` with one event a line. `job.json` says how
/// much of `events.jsonl` counts, so that a job and its events change in one step: the rename of
/// `job.json`. Safe for many threads of one process.
public final class FileJobs implements Jobs {

  private static final Pattern ID = Pattern.compile("ftjob-[0-9A-Za-z]{1,64}");

  private final Path root;

  /// Keeps jobs under this folder, which is made when first needed.
  public FileJobs(Path root) {
    this.root = root;
  }

  /// What `job.json` holds.
  ///
  /// @param eventsLength how many bytes of the events file count
  /// @param lastSeq the sequence number of the last event that counts
  record Stored(Job job, long eventsLength, long lastSeq) {}

  @Override
  public void save(Job job) {
    save(job, List.of());
  }

  @Override
  public synchronized void save(Job job, List<JobEvent> events) {
    try {
      Path folder = Files.createDirectories(folder(job.id()));
      Optional<Stored> before = load(folder);
      long length = before.map(Stored::eventsLength).orElse(0L);
      long lastSeq = before.map(Stored::lastSeq).orElse(0L);
      if (!events.isEmpty()) {
        length =
            DurableFiles.append(folder.resolve("events.jsonl"), length, lines(events, lastSeq));
        lastSeq += events.size();
      }
      DurableFiles.replace(
          folder.resolve("job.json"), StoredJson.write(new Stored(job, length, lastSeq)));
      if (before.isEmpty()) {
        DurableFiles.forceFolder(root);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the job can't be kept in " + root + ": " + e.getMessage(), e);
    }
  }

  private static byte[] lines(List<JobEvent> events, long lastSeq) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    long seq = lastSeq;
    for (JobEvent event : events) {
      if (event.seq() != ++seq) {
        throw new IllegalArgumentException("event " + event.seq() + " after " + (seq - 1));
      }
      lines.writeBytes(StoredJson.write(event));
      lines.write('\n');
    }
    return lines.toByteArray();
  }

  @Override
  public synchronized Optional<Job> find(String organisation, String id) {
    return stored(id).map(Stored::job).filter(job -> job.organisation().equals(organisation));
  }

  @Override
  public synchronized List<Job> list(String organisation) {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(root)) {
      return folders
          .map(folder -> folder.getFileName().toString())
          .filter(id -> ID.matcher(id).matches())
          .flatMap(id -> find(organisation, id).stream())
          .sorted(Comparator.comparing(Job::createdAt).thenComparing(Job::id).reversed())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized List<JobEvent> events(String id, long after) {
    Optional<Stored> stored = stored(id);
    if (stored.isEmpty() || stored.get().eventsLength() == 0) {
      return List.of();
    }
    try {
      byte[] all = Files.readAllBytes(folder(id).resolve("events.jsonl"));
      byte[] counted = Arrays.copyOf(all, Math.toIntExact(stored.get().eventsLength()));
      return new String(counted, StandardCharsets.UTF_8)
          .lines()
          .map(line -> StoredJson.read(line, JobEvent.class))
          .filter(event -> event.seq() > after)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<Stored> stored(String id) {
    return ID.matcher(id).matches() ? load(folder(id)) : Optional.empty();
  }

  private static Optional<Stored> load(Path folder) {
    try {
      return Optional.of(
          StoredJson.read(Files.readAllBytes(folder.resolve("job.json")), Stored.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path folder(String id) {
    return root.resolve(id);
  }
}
