package io.tuneplane.model;

import io.tuneplane.model.HubListing.RemoteFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.LongConsumer;

/// Fetches one file of the hub: into a `.part` file that later attempts go on with, checked against
/// the hub's digest, then renamed. A full disk or a false digest leaves nothing behind; a broken
/// connection leaves the part.
final class Download {

  private static final int BUFFER_BYTES = 1 << 17;

  /// Attempts in a row that brought nothing new.
  private static final int MAX_FAILURES = 4;

  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final HubClient client;
  private final URI address;
  private final RemoteFile file;
  private final Path target;
  private final Path part;
  private final Waits waits;

  /// How a download waits.
  ///
  /// @param patience how long a connection may bring nothing
  record Waits(Pause pause, Duration patience) {}

  Download(HubClient client, URI address, RemoteFile file, Path target, Waits waits) {
    this.client = client;
    this.address = address;
    this.file = file;
    this.target = target;
    this.part = target.resolveSibling(target.getFileName() + ".part");
    this.waits = waits;
  }

  /// @param done told the bytes that are here
  /// @return the file's SHA-256 in hex
  /// @throws ModelException if the hub refuses, the connection fails again and again, the digest is
  ///   false, or the disk is full
  String run(LongConsumer done) throws InterruptedException {
    if (isSound(target)) {
      return digest(target); // by a fetch that was broken off after it
    }
    boolean resumed = here() > 0;
    transfer(done);
    if (resumed && !isSound(part)) {
      delete(); // the part was of another version
      transfer(done);
    }
    if (!isSound(part)) {
      delete();
      throw new ModelException(
          "%s does not have the digest that the hub lists; nothing of it was kept"
              .formatted(file.name()));
    }
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new ModelException("%s can't be written: %s".formatted(target, e), e);
    }
    return digest(target);
  }

  private void transfer(LongConsumer done) throws InterruptedException {
    int failures = 0;
    while (true) {
      long before = here();
      try {
        if (attempt(done)) {
          return;
        }
        failures++;
      } catch (IOException e) {
        failures = here() > before ? 1 : failures + 1;
        if (failures >= MAX_FAILURES) {
          throw new ModelException(
              "%s: the connection broke %d times in a row without bringing more: %s"
                  .formatted(file.name(), failures, e),
              e);
        }
      }
      waits.pause().of(wait(failures));
    }
  }

  private static Duration wait(int failures) {
    Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(failures - 1, 10));
    return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
  }

  /// One request; whether the file is whole now.
  private boolean attempt(LongConsumer done) throws IOException, InterruptedException {
    long from = here();
    if (from > 0 && from == file.bytes()) {
      return true;
    }
    if (file.bytes() >= 0 && from > file.bytes()) {
      delete();
      from = 0;
    }
    HttpResponse<InputStream> answer = client.get(address, from);
    return switch (answer.statusCode()) {
      case 200 -> receive(answer, 0, done);
      case 206 -> receive(answer, resumed(answer, from), done);
      case 416 -> {
        answer.body().close();
        delete();
        yield false;
      }
      default -> throw refusal(answer);
    };
  }

  /// Where the answer goes on, which must be where we are.
  private long resumed(HttpResponse<InputStream> answer, long from) throws IOException {
    String range = answer.headers().firstValue("Content-Range").orElse("");
    if (range.startsWith("bytes %d-".formatted(from))) {
      return from;
    }
    answer.body().close();
    delete();
    throw new IOException("asked from byte %d, and the answer is '%s'".formatted(from, range));
  }

  /// Answers that may be better later are a failed attempt; others are final.
  private IOException refusal(HttpResponse<InputStream> answer) throws IOException {
    ModelException refusal = client.refusal(answer, file.name());
    if (answer.statusCode() == 429 || answer.statusCode() >= 500) {
      return new IOException(refusal.getMessage(), refusal);
    }
    throw refusal;
  }

  private boolean receive(HttpResponse<InputStream> answer, long from, LongConsumer done)
      throws IOException {
    try (InputStream body = answer.body();
        StallGuard guard = new StallGuard(body, waits.patience());
        FileChannel out = opened(from)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      long at = from;
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        at += n;
        if (file.bytes() >= 0 && at > file.bytes()) {
          throw new ModelException(file.name() + " is longer than the hub lists");
        }
        write(out, ByteBuffer.wrap(buffer, 0, n));
        guard.seen(at);
        done.accept(at);
      }
      if (file.bytes() >= 0 && at < file.bytes()) {
        throw new IOException("the connection ended after %d bytes".formatted(at));
      }
      out.force(true);
      return true;
    }
  }

  private FileChannel opened(long from) {
    try {
      FileChannel out = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      out.truncate(from).position(from);
      return out;
    } catch (IOException e) {
      throw new ModelException("%s can't be written: %s".formatted(part, e), e);
    }
  }

  /// A disk that is full is not a connection that broke: it is final, and the part is given back.
  private void write(FileChannel out, ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    } catch (IOException e) {
      delete();
      throw new ModelException(
          "%s can't be written, and what there was of it is deleted: %s".formatted(part, e), e);
    }
  }

  private boolean isSound(Path path) {
    if (!Files.isRegularFile(path)) {
      return false;
    }
    if (file.sha256().isPresent()) {
      return file.sha256().get().equals(digest(path));
    }
    try {
      return file.gitBlob().isEmpty() || file.gitBlob().get().equals(Digests.gitBlob(path));
    } catch (IOException e) {
      throw new ModelException("%s can't be read: %s".formatted(path, e), e);
    }
  }

  private static String digest(Path path) {
    try {
      return Digests.of(path);
    } catch (IOException e) {
      throw new ModelException("%s can't be read: %s".formatted(path, e), e);
    }
  }

  private long here() {
    try {
      return Files.exists(part) ? Files.size(part) : 0;
    } catch (IOException e) {
      throw new ModelException("%s can't be read: %s".formatted(part, e), e);
    }
  }

  private void delete() {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      throw new ModelException("%s can't be deleted: %s".formatted(part, e), e);
    }
  }
}
