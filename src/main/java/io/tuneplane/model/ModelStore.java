package io.tuneplane.model;

import io.tuneplane.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The base models of this machine: a cache, filled from the hub, or from a Python package where
/// one carries the model. Safe for many threads and processes.
public final class ModelStore {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path models;
  private final FileDigests digests;
  private final Settings.Hub hub;
  private final ModelCatalogue catalogue;
  private final Pause pause;

  /// @param cacheDirectory ours; models go below `models`, digests below `digests`
  /// @param hub where to fetch from, and whether at all
  /// @param pause between attempts: `Thread::sleep`
  public ModelStore(Path cacheDirectory, Settings.Hub hub, ModelCatalogue catalogue, Pause pause) {
    this.models = cacheDirectory.resolve("models");
    this.digests = new FileDigests(Optional.of(cacheDirectory.resolve("digests")));
    this.hub = hub;
    this.catalogue = catalogue;
    this.pause = pause;
  }

  /// Opens a model, fetching it if it is not here; the caller closes it. A model from the cache is
  /// compared with the digests it was fetched with.
  ///
  /// @param name a catalogue id or alias, a hub id, or a path
  /// @throws ModelException if it can't be had or read; the message lists what was tried
  public BaseModel open(String name) {
    Path path = fetch(name, FetchListener.silent());
    if (catalogue.name(name) instanceof ModelName.OnDisk) {
      return Models.open(path, digests);
    }
    Path folder = folder(catalogue.name(name));
    StoredModel.in(folder).ifPresent(model -> model.verify(folder, digests));
    return Models.open(path, digests);
  }

  /// Where a model is, if it is here already.
  public Optional<Path> cached(String name) {
    ModelName parsed = catalogue.name(name);
    if (parsed instanceof ModelName.OnDisk(Path path)) {
      return Files.exists(path) ? Optional.of(path) : Optional.empty();
    }
    Path folder = folder(parsed);
    return StoredModel.in(folder).map(model -> model.path(folder));
  }

  /// Brings a model here if it is not yet. Of several callers one fetches, and the others wait.
  ///
  /// @return the folder or the GGUF file
  /// @throws ModelException listing every source that was tried, why it failed, and what to do
  public Path fetch(String name, FetchListener listener) {
    Optional<Path> here = cached(name);
    if (here.isPresent()) {
      return here.get();
    }
    ModelName parsed = catalogue.name(name);
    if (parsed instanceof ModelName.OnDisk(Path path)) {
      throw new ModelException("There is no file or folder " + path);
    }
    try {
      Files.createDirectories(models);
      Path lock = models.resolve("." + parsed.baseId() + ".lock");
      try (FetchLock _ = FetchLock.take(lock, pause, () -> tellWaiting(name, listener))) {
        Optional<Path> meanwhile = cached(name);
        return meanwhile.isPresent() ? meanwhile.get() : fetchFromAnywhere(name, parsed, listener);
      }
    } catch (IOException e) {
      throw new ModelException("The cache %s can't be used: %s".formatted(models, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ModelException("Fetching %s was interrupted".formatted(name), e);
    }
  }

  private static void tellWaiting(String name, FetchListener listener) {
    listener.progress(new FetchProgress("another process, which is fetching it", name, 0, -1));
  }

  private Path folder(ModelName name) {
    return models.resolve(name.baseId());
  }

  private Path fetchFromAnywhere(String name, ModelName parsed, FetchListener listener)
      throws IOException, InterruptedException {
    List<String> failures = new ArrayList<>();
    failures.add("the cache %s: it is not there".formatted(folder(parsed)));
    for (ModelSource source : sources(parsed)) {
      Path incoming = Files.createDirectories(models.resolve(".incoming-" + parsed.baseId()));
      try {
        StoredModel model = source.fetch(parsed, incoming, listener);
        return keep(model, incoming, folder(parsed));
      } catch (ModelException e) {
        failures.add("%s: %s".formatted(source.describe(), e.getMessage()));
      }
    }
    throw new ModelException(
        "The model %s can't be had. Tried:\n%s\n%s"
            .formatted(name, bullets(failures), advice(parsed)));
  }

  private List<ModelSource> sources(ModelName name) {
    List<ModelSource> sources = new ArrayList<>();
    if (!hub.offline()) {
      sources.add(new HubSource(hub, new Download.Waits(pause, PATIENCE)));
      if (name instanceof ModelName.Known known && known.entry().pythonPackage().isPresent()) {
        hub.pip().map(PythonPackageSource::new).ifPresent(sources::add);
      }
    }
    return sources;
  }

  private static String bullets(List<String> lines) {
    return String.join("\n", lines.stream().map(line -> "  - " + line).toList());
  }

  private String advice(ModelName name) {
    if (hub.offline()) {
      return "The network is switched off (offline). Give the path of the model's folder or GGUF"
          + " file (./...), or fetch it while online.";
    }
    String advice =
        "Set HF_ENDPOINT to a mirror of the hub that can be reached, or give the path of the"
            + " model's folder or GGUF file (./...).";
    boolean pipWouldHelp =
        name instanceof ModelName.Known known
            && known.entry().pythonPackage().isPresent()
            && hub.pip().isEmpty();
    return pipWouldHelp ? advice + " With pip installed, a Python package can bring it." : advice;
  }

  /// The folder appears under its name in one step, with all its files.
  private Path keep(StoredModel model, Path incoming, Path folder) throws IOException {
    deleteOthers(model, incoming);
    model.writeTo(incoming);
    deleteAll(folder);
    Files.move(incoming, folder, StandardCopyOption.ATOMIC_MOVE);
    for (String file : model.files().keySet()) {
      digests.remember(folder.resolve(file), model.files().get(file));
    }
    return model.path(folder);
  }

  /// What another source, which failed, has left.
  private static void deleteOthers(StoredModel model, Path incoming) throws IOException {
    try (Stream<Path> files = Files.list(incoming)) {
      for (Path file : files.toList()) {
        if (!model.files().containsKey(file.getFileName().toString())) {
          deleteAll(file);
        }
      }
    }
  }

  private static void deleteAll(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
