package io.tuneplane.backend.vertex;

import com.google.cloud.WriteChannel;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Bucket;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobWriteOption;
import com.google.cloud.storage.StorageException;
import io.tuneplane.backend.vertex.ConvertedData.Lines;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Locale;

/// The operator's bucket, where training data lies for Vertex AI to read. Objects are named by
/// their content and written once; a broken upload goes on where it stopped (Cloud Storage's
/// resumable protocol), and the service holds what arrived against its CRC32C before it is an
/// object.
final class DataBucket {

  private static final String PRECONDITION = "conditionNotMet";
  private static final int PRECONDITION_FAILED = 412;
  private static final int CHUNK = 4 << 20;

  private final Storage storage;
  private final VertexSettings settings;

  DataBucket(Storage storage, VertexSettings settings) {
    this.storage = storage;
    this.settings = settings;
  }

  /// Whether the bucket is there, may be used, and lies where the tuning runs.
  ///
  /// @throws io.tuneplane.backend.BackendException if not, with what to do
  void check() {
    Bucket bucket;
    try {
      bucket = storage.get(settings.bucket());
    } catch (StorageException e) {
      throw Failures.ofStorage(e, settings.bucket());
    }
    if (bucket == null) {
      throw Failures.rejected(
          "submit",
          "vertex.bucket",
          "there is no bucket gs://%s; make one: gcloud storage buckets create gs://%s --location=%s"
              .formatted(settings.bucket(), settings.bucket(), settings.location()));
    }
    String there = bucket.getLocation();
    if (there != null && !reachable(there.toLowerCase(Locale.ROOT), settings.location())) {
      throw Failures.rejected(
          "submit",
          "vertex.bucket",
          "gs://%s lies in %s, and tuning in %s reads from a bucket there: use one in %s, or set"
                  .formatted(settings.bucket(), there, settings.location(), settings.location())
              + " vertex.location to where the bucket is");
    }
  }

  // A bucket of a multi-region (US, EU) serves the regions in it; the locations `global`, `us` and
  // `eu`
  // of Vertex AI are no region, so Google decides.
  private static boolean reachable(String bucket, String location) {
    return switch (location) {
      case "global", "us", "eu" -> true;
      default ->
          bucket.equals(location)
              || (bucket.equals("us") && location.startsWith("us-"))
              || (bucket.equals("eu") && location.startsWith("europe-"))
              || (bucket.equals("asia") && location.startsWith("asia-"));
    };
  }

  /// Uploads, unless the same content is there already.
  ///
  /// @return the object's `gs://` address
  /// @throws io.tuneplane.backend.BackendException.Rejected if an object of that name has other
  ///   content, or what arrived was not what was sent
  String put(Lines lines) throws IOException {
    String folder = settings.google().prefix();
    String name = (folder.isEmpty() ? "" : folder + "/") + lines.sha256() + ".jsonl";
    BlobId id = BlobId.of(settings.bucket(), name);
    try {
      Blob there = storage.get(id);
      if (there != null) {
        expectSame(there, lines);
      } else {
        create(id, lines);
      }
    } catch (StorageException e) {
      throw Failures.ofStorage(e, settings.bucket());
    }
    return "gs://" + settings.bucket() + "/" + name;
  }

  private void create(BlobId id, Lines lines) throws IOException {
    BlobInfo object =
        BlobInfo.newBuilder(id)
            .setContentType("application/jsonl")
            .setCrc32c(lines.crc32c())
            .build();
    try {
      send(object, lines.file());
    } catch (StorageException e) {
      Blob there = lostTheRace(e) ? storage.get(id) : null;
      if (there == null) {
        throw e;
      }
      expectSame(there, lines);
    }
  }

  // Piece by piece: where a connection breaks, the client asks how far the service has got.
  private void send(BlobInfo object, Path file) throws IOException {
    try (WriteChannel out =
            storage.writer(object, BlobWriteOption.doesNotExist(), BlobWriteOption.crc32cMatch());
        FileChannel in = FileChannel.open(file)) {
      out.setChunkSize(CHUNK);
      ByteBuffer piece = ByteBuffer.allocate(CHUNK);
      while (in.read(piece.clear()) >= 0) {
        piece.flip();
        while (piece.hasRemaining()) {
          out.write(piece);
        }
      }
    }
  }

  private static boolean lostTheRace(StorageException e) {
    return e.getCode() == PRECONDITION_FAILED || PRECONDITION.equals(e.getReason());
  }

  private void expectSame(Blob there, Lines lines) {
    if (!lines.crc32c().equals(there.getCrc32c())) {
      throw Failures.rejected(
          "submit",
          "training_file",
          "gs://%s/%s is there with other content (CRC32C %s, ours is %s); remove it or set another"
                  .formatted(settings.bucket(), there.getName(), there.getCrc32c(), lines.crc32c())
              + " folder in vertex.bucket");
    }
  }
}
