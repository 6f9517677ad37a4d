package io.tuneplane.dataset;

import java.io.IOException;
import java.util.Optional;

/// Reads a file as batches of records, in bounded memory. Not safe for many threads.
interface RecordSource extends AutoCloseable {

  /// The longest line, or element of an array, in bytes: 16 MiB.
  int MAX_RECORD = 16 << 20;

  /// About how many bytes a batch has.
  int BATCH = 256 << 10;

  /// The next records; empty at the end.
  Optional<Batch> next() throws IOException;

  /// Whether the file starts with a byte order mark.
  boolean bom();

  @Override
  void close() throws IOException;
}
