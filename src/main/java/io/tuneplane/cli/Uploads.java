package io.tuneplane.cli;

import io.tuneplane.api.Api;
import io.tuneplane.api.FilesApi;
import io.tuneplane.api.RequestException;
import io.tuneplane.backend.Problem;
import io.tuneplane.job.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Files of this machine, sent to where jobs can read them. Not safe for many threads.
final class Uploads {

  static final String PURPOSE = "fine-tune";

  private final Api api;
  private final List<String> sent = new ArrayList<>();

  Uploads(Api api) {
    this.api = api;
  }

  /// Sends the training file.
  ///
  /// @return its id
  /// @throws RequestException if there is no such file
  String training(Path file) throws IOException {
    return send("training_file", file);
  }

  /// Sends the validation file, if there is one.
  Optional<String> validation(@Nullable Path file) throws IOException {
    return file == null ? Optional.empty() : Optional.of(send("validation_file", file));
  }

  private String send(String field, Path file) throws IOException {
    StoredFile stored = send(api.files(), field, file);
    sent.add(stored.id());
    return stored.id();
  }

  static StoredFile send(FilesApi files, String field, Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw wrong(field, "there is no file " + file);
    }
    if (!Files.isReadable(file)) {
      throw wrong(field, file + " can't be read");
    }
    try (InputStream content = Files.newInputStream(file)) {
      return files.create(String.valueOf(file.getFileName()), PURPOSE, content);
    }
  }

  private static RequestException wrong(String field, String message) {
    return new RequestException(List.of(new Problem(field, message)));
  }

  /// Takes back what was sent, where it was for a question only.
  void forget() {
    sent.forEach(api.files()::delete);
    sent.clear();
  }
}
