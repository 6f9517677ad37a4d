package io.tuneplane.migration;

import io.tuneplane.backend.PastJobs;
import io.tuneplane.job.DataFiles;
import io.tuneplane.job.StoredFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Brings an account's files here, each once. For one import and one thread.
final class FileImport {

  private static final String PURPOSE = "fine-tune";

  private static final int PAGE = 100;

  private final PastJobs history;
  private final DataFiles files;
  private final String organisation;
  private final Map<String, String> known;
  private int brought;

  /// @param known our ids by the place's, of files that an earlier import brought
  FileImport(PastJobs history, DataFiles files, String organisation, Map<String, String> known) {
    this.history = history;
    this.files = files;
    this.organisation = organisation;
    this.known = new HashMap<>(known);
  }

  /// Our id of a file.
  ///
  /// @param notes takes what is wrong with it
  /// @return the place's own id where it no longer has the file
  String bring(String id, List<String> notes) throws IOException {
    Optional<String> here =
        Optional.ofNullable(known.get(id))
            .filter(ours -> files.find(organisation, ours).isPresent());
    if (here.isPresent()) {
      return here.get();
    }
    Optional<StoredFile> kept =
        history.file(id, (name, content) -> files.keep(organisation, name, PURPOSE, content));
    if (kept.isEmpty()) {
      notes.add("%s no longer has %s".formatted(history.backend(), id));
      return id;
    }
    StoredFile ours = earlier(kept.get()).orElseGet(kept::get);
    if (ours.id().equals(kept.get().id())) {
      brought++;
    } else {
      files.delete(organisation, kept.get().id());
    }
    known.put(id, ours.id());
    return ours.id();
  }

  /// The same file from an import that broke off before a job of it was here.
  private Optional<StoredFile> earlier(StoredFile fresh) {
    Optional<String> after = Optional.empty();
    List<StoredFile> page;
    do {
      page = files.list(organisation, after, Optional.of(PURPOSE), PAGE);
      Optional<StoredFile> same =
          page.stream()
              .filter(file -> !file.id().equals(fresh.id()))
              .filter(file -> file.sha256().equals(fresh.sha256()))
              .filter(file -> file.filename().equals(fresh.filename()))
              .findFirst();
      if (same.isPresent()) {
        return same;
      }
      after = page.stream().reduce((_, last) -> last).map(StoredFile::id);
    } while (page.size() == PAGE);
    return Optional.empty();
  }

  int brought() {
    return brought;
  }
}
