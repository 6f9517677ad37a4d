package io.tuneplane.http;

import io.tuneplane.api.Deleted;
import io.tuneplane.api.FileObject;
import io.tuneplane.api.InProcessFiles;
import io.tuneplane.api.Json;
import io.tuneplane.api.Page;
import io.tuneplane.job.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `/v1/files`.
final class FilesRoutes {

  private static final int MOST = 10_000;
  private static final int MOST_FIELDS = 16;
  private static final int LONGEST_FIELD = 4096;
  private static final String UNNAMED = "";

  private final Once once;
  private final HttpSettings.Sizes sizes;

  FilesRoutes(Once once, HttpSettings.Sizes sizes) {
    this.once = once;
    this.sizes = sizes;
  }

  void handlers(Handlers handlers) {
    handlers
        .on(Route.FILES_CREATE, this::create)
        .on(Route.FILES_LIST, FilesRoutes::list)
        .on(Route.FILES_GET, call -> Answer.ok(FileObject.of(call.api().files().get(id(call)))))
        .on(Route.FILES_CONTENT, FilesRoutes::content)
        .on(Route.FILES_DELETE, FilesRoutes::delete);
  }

  private static String id(Call call) {
    return call.part("file_id");
  }

  /// An upload, its file not yet read.
  private record Upload(String filename, String purpose, InputStream file) {}

  /// Streams the file to where it is kept. Its purpose may come after it, as Node's client sends
  /// it, and with an idempotency key its content must be known first: then it is laid by.
  private Answer create(Call call) throws IOException {
    Multipart parts = Multipart.of(call.contentType(), call.stream());
    String purpose = "";
    for (int fields = 0; fields < MOST_FIELDS; fields++) {
      Multipart.Part part =
          parts.next().orElseThrow(() -> Refusal.field("file", "missing", "file: is missing"));
      if (part.name().equals("file")) {
        return file(call, parts, part, purpose);
      }
      String value = field(part);
      if (part.name().equals("purpose")) {
        purpose = value;
      }
    }
    throw Refusal.of(400, "invalid_multipart", "The body has too many fields before its file.");
  }

  private Answer file(Call call, Multipart parts, Multipart.Part part, String purpose)
      throws IOException {
    String filename = part.filename().orElse(UNNAMED);
    InputStream file = new Bounded(part.content(), sizes.fileBytes());
    Once.Request request = FrontDoor.onceRequest(call, "");
    if (!purpose.isEmpty() && request.key().isEmpty()) {
      return keep(call, new Upload(filename, purpose, file));
    }
    Path laidBy = Files.createTempFile("tuneplane-upload", ".part");
    try {
      MessageDigest digest = Fingerprint.sha256();
      Files.copy(
          new DigestInputStream(file, digest),
          laidBy,
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      String said = purpose.isEmpty() ? purposeAfter(parts) : purpose;
      return kept(
          call, new Upload(filename, said, InputStream.nullInputStream()), laidBy, digest.digest());
    } finally {
      Files.deleteIfExists(laidBy);
    }
  }

  private Answer kept(Call call, Upload upload, Path laidBy, byte[] digest) throws IOException {
    String fingerprint =
        Fingerprint.of(
            Fingerprint.bytes(call.caller().keyId()),
            Fingerprint.bytes(upload.filename()),
            Fingerprint.bytes(upload.purpose()),
            digest);
    Once.Request request = FrontDoor.onceRequest(call, fingerprint);
    Once.Work work =
        () -> {
          try (InputStream in = Files.newInputStream(laidBy)) {
            return keep(call, new Upload(upload.filename(), upload.purpose(), in));
          }
        };
    return request.key().isPresent() ? once.withKey(request, false, work) : work.run();
  }

  private static Answer.Body keep(Call call, Upload upload) throws IOException {
    StoredFile kept = call.api().files().create(upload.filename(), upload.purpose(), upload.file());
    return new Answer.Body(200, Json.tree(FileObject.of(kept)), Map.of());
  }

  private static String purposeAfter(Multipart parts) throws IOException {
    Optional<Multipart.Part> part = parts.next();
    for (int fields = 0; part.isPresent() && fields < MOST_FIELDS; fields++) {
      String value = field(part.get());
      if (part.get().name().equals("purpose")) {
        return value;
      }
      part = parts.next();
    }
    throw Refusal.field(
        "purpose", "missing", "purpose: is missing; send " + InProcessFiles.FINE_TUNE);
  }

  private static String field(Multipart.Part part) throws IOException {
    byte[] value = part.content().readNBytes(LONGEST_FIELD + 1);
    if (value.length > LONGEST_FIELD) {
      throw Refusal.of(413, "body_too_large", "A field of the form is too long.");
    }
    return new String(value, StandardCharsets.UTF_8);
  }

  private static Answer list(Call call) {
    int limit = call.limit(MOST, MOST);
    Optional<String> after = call.query("after");
    Optional<String> purpose = call.query("purpose");
    boolean oldestFirst =
        switch (call.query("order").orElse("desc")) {
          case "desc" -> false;
          case "asc" -> true;
          default -> throw Refusal.field("order", "invalid_value", "order: must be asc or desc");
        };
    List<StoredFile> found =
        oldestFirst
            ? oldestFirst(call, after, purpose)
            : call.api().files().list(after, purpose, limit + 1);
    return Answer.ok(page(found.stream().map(FileObject::of).toList(), limit));
  }

  /// Of files alone, OpenAI's description has no null for the ids of an empty page.
  private static Page<FileObject> page(List<FileObject> found, int limit) {
    Page<FileObject> page = Page.of(found, limit, FileObject::id);
    return found.isEmpty()
        ? new Page<>(page.object(), page.data(), Optional.of(""), Optional.of(""), false)
        : page;
  }

  /// The newest ten thousand, turned round: nobody has more in practice.
  private static List<StoredFile> oldestFirst(
      Call call, Optional<String> after, Optional<String> purpose) {
    List<StoredFile> all = call.api().files().list(Optional.empty(), purpose, MOST + 1).reversed();
    return after
        .map(id -> all.stream().dropWhile(file -> !file.id().equals(id)).skip(1).toList())
        .orElse(all);
  }

  private static Answer content(Call call) throws IOException {
    StoredFile file = call.api().files().get(id(call));
    return new Answer.Content(call.api().files().content(file.id()), file.bytes());
  }

  private static Answer delete(Call call) {
    call.api().files().delete(id(call));
    return Answer.ok(new Deleted(id(call), "file", true));
  }
}
