package io.tuneplane.api;

import io.tuneplane.access.Caller;
import io.tuneplane.backend.Problem;
import io.tuneplane.job.DataFiles;
import io.tuneplane.job.StoredFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/// The files of a caller's organisation. Safe for many threads.
public final class InProcessFiles implements FilesApi {

  /// What uploaded data is for.
  public static final String FINE_TUNE = "fine-tune";

  private static final String UNNAMED = "data.jsonl";
  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_ID = 128;

  private final Caller caller;
  private final DataFiles files;

  /// @param caller whose files they are
  public InProcessFiles(Caller caller, DataFiles files) {
    this.caller = caller;
    this.files = files;
  }

  @Override
  public StoredFile create(String filename, String purpose, InputStream content)
      throws IOException {
    if (!purpose.equals(FINE_TUNE)) {
      throw wrong("purpose", "must be \"%s\", not %s".formatted(FINE_TUNE, Words.quoted(purpose)));
    }
    BufferedInputStream data = new BufferedInputStream(content);
    FileStart.read(data).refuseUnlessData();
    return files.keep(caller.organisation(), shown(filename), purpose, data);
  }

  /// A file's name for people: its last part, without control characters.
  private static String shown(String filename) {
    String last =
        filename.substring(1 + Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\')));
    String clean = last.replaceAll("\\p{Cntrl}", "_").strip();
    String cut = clean.substring(0, Math.min(LONGEST_NAME, clean.length()));
    return cut.isEmpty() || cut.equals(".") || cut.equals("..") ? UNNAMED : cut;
  }

  @Override
  public StoredFile get(String id) {
    return Optional.of(id)
        .filter(text -> text.length() <= LONGEST_ID)
        .flatMap(text -> files.find(caller.organisation(), text))
        .orElseThrow(() -> new NotFoundException("file", id));
  }

  @Override
  public List<StoredFile> list(Optional<String> after, Optional<String> purpose, int limit) {
    return files.list(caller.organisation(), after, purpose, limit);
  }

  @Override
  public InputStream content(String id) throws IOException {
    return Files.newInputStream(files.content(get(id)));
  }

  @Override
  public void delete(String id) {
    StoredFile file = get(id);
    if (!files.delete(caller.organisation(), file.id())) {
      throw new NotFoundException("file", id);
    }
  }

  private static RequestException wrong(String field, String message) {
    return new RequestException(List.of(new Problem(field, message)));
  }
}
