package io.tuneplane.model;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/// What somebody called a base model.
public sealed interface ModelName {

  /// How the base is written in the names of tuned models: the catalogue id, else the hub id in
  /// lower case with `/` as `--`, else the last part of the path in lower case.
  String baseId();

  /// A model of the catalogue.
  record Known(CatalogueEntry entry) implements ModelName {
    @Override
    public String baseId() {
      return entry.id();
    }
  }

  /// A model of the hub that is not in the catalogue.
  ///
  /// @param id `organisation/name`
  record OnHub(String id) implements ModelName {
    @Override
    public String baseId() {
      return id.toLowerCase(Locale.ROOT).replace("/", "--");
    }
  }

  /// A folder or a GGUF file on this machine. Whoever takes names from others must decide whether
  /// they may name paths.
  record OnDisk(Path path) implements ModelName {
    @Override
    public String baseId() {
      String last = String.valueOf(path.toAbsolutePath().normalize().getFileName());
      return last.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]", "-");
    }
  }

  /// `organisation/name`, of characters that the hub allows.
  Pattern HUB_ID =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}");

  /// Whether a name is written as a path: absolute, or with `./` or `../` in front.
  static boolean isPath(String name) {
    return name.startsWith("./")
        || name.startsWith("../")
        || name.startsWith("/")
        || name.matches("[A-Za-z]:[/\\\\].*");
  }

  /// A name that is written as a path.
  ///
  /// @throws ModelException if no path can be written so
  static OnDisk path(String name) {
    try {
      return new OnDisk(Path.of(name));
    } catch (InvalidPathException e) {
      throw new ModelException("'%s' is not a path: %s".formatted(name, e.getReason()), e);
    }
  }
}
