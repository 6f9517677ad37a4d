package io.tuneplane.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/// Names the host of a data directory: jobs whose runs are processes of this machine stay with it.
/// Kept in `host.id`; a copied data directory must lose it.
public final class HostId {

  private static final String NAME = "host.id";
  private static final int BYTES = 6;

  private HostId() {}

  /// The id, drawn the first time.
  ///
  /// @throws IOException if it can't be read or kept
  public static String of(Path dataDir) throws IOException {
    Path file = dataDir.resolve(NAME);
    try {
      return Files.readString(file).strip();
    } catch (NoSuchFileException _) {
      return draw(dataDir, file);
    }
  }

  private static String draw(Path dataDir, Path file) throws IOException {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    String id = "host-" + HexFormat.of().formatHex(bytes);
    Path aside = Files.createTempFile(dataDir, NAME, ".new");
    Files.writeString(aside, id + "\n");
    try {
      // A link, unlike a rename, never takes the place of what another process put there first.
      Files.createLink(file, aside);
      return id;
    } catch (FileAlreadyExistsException _) {
      return Files.readString(file).strip();
    } finally {
      Files.delete(aside);
    }
  }
}
