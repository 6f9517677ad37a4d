package io.tuneplane.store;

import io.tuneplane.decision.StoredDecision;
import io.tuneplane.job.Decisions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/// Decisions as a file each, named by the digest of their text: the same decision is kept once, and
/// one that was altered no longer has its name.
public final class FileDecisions implements Decisions {

  private static final Pattern ID = Pattern.compile("decision-[0-9a-f]{24}");

  private final Path root;

  /// Keeps decisions under this folder, which is made when first needed.
  public FileDecisions(Path root) {
    this.root = root;
  }

  @Override
  public String save(String organisation, StoredDecision decision) {
    byte[] text = decision.text().getBytes(StandardCharsets.UTF_8);
    String id = "decision-" + digest(text).substring(0, 24);
    try {
      Files.createDirectories(root);
      DurableFiles.replace(root.resolve(id + ".json"), text);
      return id;
    } catch (IOException e) {
      throw new UncheckedIOException("the decision can't be kept: " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<String> find(String organisation, String id) {
    Path file = root.resolve(id + ".json");
    if (!ID.matcher(id).matches() || !Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest(byte[] text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
