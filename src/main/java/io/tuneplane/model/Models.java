package io.tuneplane.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// Opens models that are on this machine's disk.
public final class Models {

  private static final Set<String> PICKLES = Set.of(".bin", ".pt", ".pth", ".pkl", ".ckpt");

  private Models() {}

  /// Opens a folder in Hugging Face's layout, or a GGUF file.
  ///
  /// @throws ModelException if it is neither, is broken, or is of a kind that can't be run
  public static BaseModel open(Path path) {
    return open(path, Optional.<Path>empty());
  }

  /// As [#open(Path)].
  ///
  /// @param digests a directory in which the digests of weight files are remembered, so that they
  ///   are hashed once; it is made when needed
  public static BaseModel open(Path path, Optional<Path> digests) {
    return open(path, new FileDigests(digests));
  }

  static BaseModel open(Path path, FileDigests digests) {
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
    return openGguf(path, digests);
  }

  /// In the digest the file counts as `model.gguf`, so that it may be renamed.
  private static BaseModel openGguf(Path path, FileDigests digests) {
    GgufFile file = GgufFile.open(path);
    GgufTokenizer tokenizer = new GgufTokenizer(file.metadata());
    SequencedMap<String, Path> files = new LinkedHashMap<>(Map.of("model.gguf", path));
    return new OpenModel(
        path,
        file.config(),
        file,
        new WeightFiles(files, digests),
        () -> new BpeTokenizer(tokenizer.definition(), path.toString()),
        () -> ChatTemplates.parse(templateSource(file), tokenizer.specialTokens()));
  }

  private static String templateSource(GgufFile file) {
    return file.metadata()
        .optionalText("tokenizer.chat_template")
        .orElseThrow(() ->
            new ModelException(
                file.metadata().source() + " has no chat template: it is not a chat model"));
  }

  static boolean isPickle(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return PICKLES.stream().anyMatch(name::endsWith);
  }
}
