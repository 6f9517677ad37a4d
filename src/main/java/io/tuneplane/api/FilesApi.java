package io.tuneplane.api;

import io.tuneplane.job.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/// Uploaded files and result files.
public interface FilesApi {

  /// Takes a file in.
  ///
  /// @param content read to its end; not closed
  /// @throws RequestException if the purpose is not one we know, or the file is empty
  /// @throws IOException if it can't be read or kept; nothing of it stays
  StoredFile create(String filename, String purpose, InputStream content) throws IOException;

  /// One file.
  ///
  /// @throws NotFoundException if there is none
  StoredFile get(String id);

  /// Files, newest first.
  ///
  /// @param after the id of the last file of the page before
  List<StoredFile> list(Optional<String> after, Optional<String> purpose, int limit);

  /// A file's content; the caller closes it.
  ///
  /// @throws NotFoundException if there is none
  /// @throws IOException if it can't be read, or is not what was uploaded
  InputStream content(String id) throws IOException;

  /// Forgets a file. Jobs that were made with it keep what they took in.
  ///
  /// @throws NotFoundException if there is none
  void delete(String id);
}
