package io.tuneplane.backend.openai;

import com.openai.client.OpenAIClient;
import com.openai.core.MultipartField;
import com.openai.core.RequestOptions;
import com.openai.core.Timeout;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileListParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.Method;
import io.tuneplane.dataset.ConversionReport;
import io.tuneplane.dataset.DatasetConversion;
import io.tuneplane.dataset.Format;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/// Brings data files to the host, in OpenAI's format and once each: a file is found again by its
/// name, which holds the digest of its bytes, and its size. Safe for many threads.
final class Uploads {

  private static final String NAME = OpenAiSettings.NAME;
  private static final String PURPOSE = "fine-tune";
  private static final int FINDINGS = 5;

  /// Half a gigabyte on a slow line.
  private static final Timeout PATIENT =
      Timeout.builder()
          .read(Duration.ofMinutes(10))
          .write(Duration.ofMinutes(10))
          .request(Duration.ofHours(1))
          .build();

  private final Account account;
  private final Failures failures;

  Uploads(Account account, Failures failures) {
    this.account = account;
    this.failures = failures;
  }

  /// The host's id of this file, uploaded now where it wasn't there.
  ///
  /// @param param the file's name in the API, for errors: `training_file` or `validation_file`
  String put(String param, Path file, Method method) {
    try {
      Path converted = Files.createTempFile("tuneplane-upload-", ".jsonl");
      try {
        convert(param, file, method, converted);
        return put(converted);
      } finally {
        Files.deleteIfExists(converted);
      }
    } catch (IOException e) {
      throw new BackendException.Unavailable(NAME, "submit", param + ": " + e.getMessage(), e);
    }
  }

  private static void convert(String param, Path file, Method method, Path to) throws IOException {
    Format format =
        switch (method) {
          case SUPERVISED -> Format.CHATML;
          case DPO -> Format.OPENAI_PREFERENCE;
        };
    ConversionReport report =
        new DatasetConversion(
                new DatasetConversion.Request(
                    file, Optional.empty(), format, to, Optional.empty(), false),
                FINDINGS)
            .run();
    if (report.leftOut() > 0) {
      throw Failures.rejected("submit", param, report.errors().getFirst().message());
    }
  }

  private String put(Path file) throws IOException {
    String name = "tuneplane-" + digest(file) + ".jsonl";
    Optional<FileObject> there = find(name, Files.size(file));
    return there.isPresent() ? there.get().id() : upload(name, file);
  }

  private Optional<FileObject> find(String name, long bytes) {
    FileListParams params = FileListParams.builder().purpose(PURPOSE).limit(10_000).build();
    return failures.of(
        "submit",
        () ->
            client().files().list(params).autoPager().stream()
                .filter(f -> f.filename().equals(name) && f.bytes() == bytes)
                .findFirst());
  }

  private String upload(String name, Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      FileCreateParams params =
          FileCreateParams.builder()
              .file(
                  MultipartField.<InputStream>builder()
                      .value(content)
                      .filename(name)
                      .contentType("application/jsonl")
                      .build())
              .purpose(FilePurpose.FINE_TUNE)
              .build();
      RequestOptions options = RequestOptions.builder().timeout(PATIENT).build();
      return failures.of("submit", () -> client().files().create(params, options)).id();
    }
  }

  private OpenAIClient client() {
    return account.client("submit");
  }

  private static String digest(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        DigestOutputStream digest =
            new DigestOutputStream(
                OutputStream.nullOutputStream(), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(digest);
      return HexFormat.of().formatHex(digest.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
