package io.tuneplane.job;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Keeps uploaded files and result files. What a method has returned from would survive a power
/// cut. Safe for many threads and processes.
public interface DataFiles {

  /// Takes a file in: streamed to disk, hashed on the way, forced, then made known.
  ///
  /// @param content read to its end; not closed
  /// @throws IOException if the content can't be read or kept (a full disk is a
  ///   `java.nio.file.FileSystemException`); no part of it stays
  StoredFile keep(String organisation, String filename, String purpose, InputStream content)
      throws IOException;

  /// One file that was not deleted.
  Optional<StoredFile> find(String organisation, String id);

  /// An organisation's files, newest first.
  ///
  /// @param after the id of the last file of the page before
  /// @param purpose only these
  List<StoredFile> list(
      String organisation, Optional<String> after, Optional<String> purpose, int limit);

  /// Forgets a file; its content goes once nothing else needs it.
  ///
  /// @return whether there was one
  boolean delete(String organisation, String id);

  /// Where a file's content lies. Read only.
  ///
  /// @throws IOException if the content is gone or its digest is not the one that was kept
  Path content(StoredFile file) throws IOException;
}
