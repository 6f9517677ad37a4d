package io.tuneplane.model;

import java.nio.file.Path;
import java.util.SequencedMap;

/// The files that hold a model's weights.
///
/// @param files by the name under which they count in the digest
/// @param digests hashes them
record WeightFiles(SequencedMap<String, Path> files, FileDigests digests) {

  /// SHA-256 over a line `NAME SHA-256` for each file.
  ///
  /// @throws ModelException if a file can't be read
  String digest() {
    StringBuilder lines = new StringBuilder();
    files.forEach(
        (name, file) -> lines.append(name).append(' ').append(digests.of(file)).append('\n'));
    return Digests.of(lines.toString());
  }
}
