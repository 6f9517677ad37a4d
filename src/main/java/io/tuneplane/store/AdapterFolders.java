package io.tuneplane.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Folders of weights, each named by the SHA-256 of its manifest: the lines `sha256 name` of its
/// files, as `sha256sum` prints them, kept beside it as `<digest>.sha256`. Safe for many threads
/// and processes.
final class AdapterFolders {

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private final Path root;
  private final Path arriving;

  /// Folders that were found whole, by what the system says of their files: hashing hundreds of
  /// megabytes for every answer would be slower than the answer.
  private final Map<String, String> whole = new ConcurrentHashMap<>();

  /// @param root the folder, made when first needed
  AdapterFolders(Path root) {
    this.root = root.resolve("adapters");
    this.arriving = root.resolve("arriving");
  }

  /// Takes a copy of a folder of plain files.
  ///
  /// @return the manifest's digest
  /// @throws IOException if it can't be read or kept; nothing of it stays
  String keep(Path folder) throws IOException {
    Path aside = arriving.resolve(UUID.randomUUID() + ".part");
    try {
      Files.createDirectories(root);
      Files.createDirectories(aside);
      copy(folder, aside);
      String manifest = manifest(aside);
      String digest = Digests.of(manifest);
      if (damage(digest).isPresent()) {
        place(aside, digest, manifest);
      }
      return digest;
    } catch (IOException e) {
      throw DiskErrors.named(aside, e);
    } finally {
      Folders.remove(aside);
    }
  }

  private void place(Path aside, String digest, String manifest) throws IOException {
    Path place = root.resolve(digest);
    // What lies there is not what was kept, and a folder can't be renamed over.
    Folders.remove(place);
    DurableFiles.replace(
        root.resolve(digest + ".sha256"), manifest.getBytes(StandardCharsets.UTF_8));
    Files.move(aside, place, StandardCopyOption.ATOMIC_MOVE);
    DurableFiles.forceFolder(root);
  }

  /// Where a folder lies, if every byte of it is what was kept. A folder is read once, and again
  /// when one of its files was written to, replaced or renamed since.
  ///
  /// @throws IOException if it is gone or damaged
  Path checked(String digest) throws IOException {
    Path place = folder(digest);
    String state = state(place);
    if (!state.equals(whole.get(digest))) {
      Optional<String> damage = damage(digest);
      if (damage.isPresent()) {
        throw new IOException(place + ": " + damage.get() + "; put it back from a backup");
      }
      whole.put(digest, state);
    }
    return place;
  }

  /// Where a folder lies, unchecked.
  Path folder(String digest) {
    if (!DIGEST.matcher(digest).matches()) {
      throw new IllegalArgumentException("not a digest: " + digest);
    }
    return root.resolve(digest);
  }

  /// The digest of a folder that [#keep] made; empty for any other.
  Optional<String> digestOf(Path folder) {
    String name = String.valueOf(folder.getFileName());
    return Optional.of(name)
        .filter(n -> DIGEST.matcher(n).matches() && folder.equals(root.resolve(n)));
  }

  /// Removes folders that nothing names and that were placed before an instant, and what a crash
  /// before it left on its way in.
  void removeUnless(java.util.function.Predicate<String> named, Instant before) throws IOException {
    try (Stream<Path> parts = Files.exists(arriving) ? Files.list(arriving) : Stream.empty()) {
      for (Path part : parts.filter(p -> Artifacts.isOlder(p, before)).toList()) {
        Folders.remove(part);
      }
    }
    try (Stream<Path> folders = Files.exists(root) ? Files.list(root) : Stream.empty()) {
      List<Path> old =
          folders
              .filter(f -> DIGEST.matcher(String.valueOf(f.getFileName())).matches())
              .filter(f -> Artifacts.isOlder(f, before))
              .toList();
      for (Path folder : old) {
        String digest = String.valueOf(folder.getFileName());
        if (!named.test(digest)) {
          Folders.remove(folder);
          Files.deleteIfExists(root.resolve(digest + ".sha256"));
        }
      }
    }
  }

  /// What is wrong with a folder; empty if nothing is.
  private Optional<String> damage(String digest) throws IOException {
    Path place = folder(digest);
    if (!Files.isDirectory(place)) {
      return Optional.of("the folder is gone");
    }
    String found = manifest(place);
    if (Digests.of(found).equals(digest)) {
      return Optional.empty();
    }
    List<String> kept = keptManifest(digest);
    return Optional.of(
        kept.stream()
            .filter(line -> !found.contains(line + "\n"))
            .findFirst()
            .map(line -> line.substring(line.indexOf("  ") + 2) + " is not what was kept")
            .orElse("it is not what was kept"));
  }

  private List<String> keptManifest(String digest) throws IOException {
    try {
      return Files.readAllLines(root.resolve(digest + ".sha256"));
    } catch (NoSuchFileException _) {
      // It only helps to name the file that is damaged.
      return List.of();
    }
  }

  private static String manifest(Path folder) throws IOException {
    StringBuilder manifest = new StringBuilder();
    for (Path file : plainFiles(folder)) {
      try (InputStream content = Files.newInputStream(file)) {
        manifest
            .append(Artifacts.digest(content))
            .append("  ")
            .append(file.getFileName())
            .append('\n');
      }
    }
    return manifest.toString();
  }

  private static String state(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return "";
    }
    StringBuilder state = new StringBuilder();
    for (Path file : plainFiles(folder)) {
      BasicFileAttributes seen = Files.readAttributes(file, BasicFileAttributes.class);
      state
          .append(file.getFileName())
          .append('|')
          .append(seen.size())
          .append('|')
          .append(seen.lastModifiedTime())
          .append('|')
          .append(changed(file, seen))
          .append('\n');
    }
    return state.toString();
  }

  // The inode's change time can't be set back, the time of the last write can.
  private static Object changed(Path file, BasicFileAttributes seen) throws IOException {
    return file.getFileSystem().supportedFileAttributeViews().contains("unix")
        ? Files.getAttribute(file, "unix:ctime")
        : seen.creationTime();
  }

  /// By name. A link would make the folder depend on what it points to, so there may be none.
  private static List<Path> plainFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> sorted = files.sorted().toList();
      for (Path file : sorted) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          throw new IOException(file + " is not a plain file");
        }
      }
      return sorted;
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    for (Path file : plainFiles(from)) {
      Path copy = to.resolve(String.valueOf(file.getFileName()));
      Files.copy(file, copy);
      try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
    DurableFiles.forceFolder(to);
  }
}
