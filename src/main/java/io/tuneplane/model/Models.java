package io.tuneplane.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Opens models that are on this machine's disk.
public final class Models {

  private static final Set<String> PICKLES = Set.of(".bin", ".pt", ".pth", ".pkl", ".ckpt");

  private Models() {}

  /// Opens a folder in Hugging Face's layout, or a GGUF file.
  ///
  /// @throws ModelException if it is neither, is broken, or is of a kind that can't be run
  public static BaseModel open(Path path) {
    return open(path, Optional.empty());
  }

  /// As [#open(Path)].
  ///
  /// @param digests a directory in which the digests of weight files are remembered, so that they
  ///   are hashed once; it is made when needed
  public static BaseModel open(Path path, Optional<Path> digests) {
    if (Files.isDirectory(path)) {
      return new ModelFolder(path).open(digests);
    }
    if (!Files.isRegularFile(path)) {
      throw new ModelException(path + " is neither a folder nor a file");
    }
    if (isPickle(path)) {
      throw new ModelException(
          path + " can carry code and is not read; only safetensors and GGUF are");
    }
    throw new ModelException(path + " is neither a folder in Hugging Face's layout nor GGUF");
  }

  static boolean isPickle(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return PICKLES.stream().anyMatch(name::endsWith);
  }
}
