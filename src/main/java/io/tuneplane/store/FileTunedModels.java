package io.tuneplane.store;

import io.tuneplane.job.TunedModel;
import io.tuneplane.job.TunedModelName;
import io.tuneplane.job.TunedModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Tuned models as a folder each, named by the eight characters that end the model's name:
/// `model.json`, and `adapter/` where the weights are ours. Safe for many threads.
public final class FileTunedModels implements TunedModels {

  private final Path root;

  /// Keeps models under this folder, which is made when first needed.
  public FileTunedModels(Path root) {
    this.root = root;
  }

  @Override
  public Path keep(String id, Path adapter) {
    Path target = folder(id).resolve("adapter");
    Path aside = folder(id).resolve("adapter.part");
    try {
      Files.createDirectories(folder(id));
      remove(aside);
      copy(adapter, aside);
      Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
      DurableFiles.forceFolder(folder(id));
      return target;
    } catch (IOException e) {
      throw cantKeep(id, aside, e);
    }
  }

  private static UncheckedIOException cantKeep(String id, Path aside, IOException cause) {
    try {
      remove(aside);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
    return new UncheckedIOException("the adapter " + id + " can't be kept: " + cause, cause);
  }

  @Override
  public void save(TunedModel model) {
    String id =
        TunedModelName.parse(model.name())
            .orElseThrow(() -> new IllegalArgumentException("not a name: " + model.name()))
            .id();
    try {
      Files.createDirectories(folder(id));
      DurableFiles.replace(folder(id).resolve("model.json"), StoredJson.write(model));
      DurableFiles.forceFolder(root);
    } catch (IOException e) {
      throw new UncheckedIOException("the model can't be kept: " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<TunedModel> find(String organisation, String name) {
    return TunedModelName.parse(name)
        .flatMap(parsed -> load(folder(parsed.id())))
        .filter(m -> m.organisation().equals(organisation) && m.name().equals(name));
  }

  @Override
  public List<TunedModel> list(String organisation) {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(root)) {
      return folders
          .flatMap(folder -> load(folder).stream())
          .filter(model -> model.organisation().equals(organisation))
          .sorted(Comparator.comparing(TunedModel::createdAt).reversed())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<TunedModel> load(Path folder) {
    try {
      return Optional.of(
          StoredJson.read(Files.readAllBytes(folder.resolve("model.json")), TunedModel.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path folder(String id) {
    if (!id.matches("[0-9A-Za-z-]{1,63}")) {
      throw new IllegalArgumentException("not an id: " + id);
    }
    return root.resolve(id);
  }

  /// Copies plain files; a link would make the copy depend on what it points to, so there may be
  /// none.
  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        if (!Files.isRegularFile(file, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
          throw new IOException(file + " is not a plain file");
        }
        Path copy = to.resolve(file.getFileName().toString());
        Files.copy(file, copy);
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      }
    }
    DurableFiles.forceFolder(to);
  }

  private static void remove(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
