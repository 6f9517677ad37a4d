package io.tuneplane.backend;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/// What an account at a place holds of jobs that were run there before, so that it can be taken
/// over while it is still there. Reads only. Every method throws [BackendException] on failure.
/// Safe for many threads.
public interface PastJobs extends AutoCloseable {

  /// The backend's name; its [TrainingBackend#observe] takes a [PastJob]'s id for a run's.
  String backend();

  /// All jobs, oldest first.
  List<PastJob> jobs();

  /// Reads a file.
  ///
  /// @param id the place's id of the file
  /// @return what the reader made of it; empty if the place no longer has the file
  /// @throws IOException if the reader does
  <T> Optional<T> file(String id, Reader<T> reader) throws IOException;

  /// Releases connections.
  @Override
  void close();

  /// Reads a file's content.
  @FunctionalInterface
  interface Reader<T> {

    /// Reads one file.
    ///
    /// @param filename the name under which it was uploaded
    /// @param content to be read to its end; not to be closed
    T read(String filename, InputStream content) throws IOException;
  }
}
