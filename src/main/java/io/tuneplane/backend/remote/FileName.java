package io.tuneplane.backend.remote;

import io.tuneplane.backend.remote.RefusedException.Why;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Names of files that runners send: one to four plain parts, and only formats that carry no code.
final class FileName {

  private static final Pattern PATH =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}(/[A-Za-z0-9_][A-Za-z0-9._-]{0,127}){0,3}");

  private static final Set<String> FORMATS =
      Set.of("json", "jsonl", "csv", "txt", "jinja", "model", "safetensors");

  private static final List<String> RESULT =
      List.of("adapter/.+", "model/.+", "golden\\.jsonl", "metrics\\.csv");

  private FileName() {}

  /// A path below a set, as it may be written.
  ///
  /// @throws RefusedException if it is another one
  static String checked(UploadSet.Name set, String path) {
    if (!PATH.matcher(path).matches()) {
      throw RefusedException.of(
          Why.INVALID, "a path is one to four parts of [A-Za-z0-9_][A-Za-z0-9._-]{0,127}");
    }
    if (!isHarmless(path)) {
      throw RefusedException.of(
          Why.INVALID, path + ": taken are files of the formats " + String.join(", ", formats()));
    }
    if (set.isResult() && RESULT.stream().noneMatch(path::matches)) {
      throw RefusedException.of(
          Why.INVALID, path + ": a result is adapter/, model/, golden.jsonl and metrics.csv");
    }
    if (!set.isResult() && path.equals(UploadSet.MANIFEST)) {
      throw RefusedException.of(
          Why.INVALID, "a manifest is what ends an upload: POST it to the set");
    }
    return path;
  }

  /// Whether a file's format is one that can't carry code.
  static boolean isHarmless(String name) {
    return FORMATS.contains(name.substring(name.lastIndexOf('.') + 1));
  }

  private static List<String> formats() {
    return FORMATS.stream().sorted().toList();
  }
}
