package io.tuneplane.runner.serve.engine;

import io.tuneplane.model.BaseModel;
import io.tuneplane.model.ModelException;
import io.tuneplane.model.SafetensorsFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// Reads adapters for one base model, and refuses those that are not for it. Safe for many threads.
public final class AdapterReader {

  private static final String WEIGHTS = "adapter_model.safetensors";

  private final BaseModel base;
  private final boolean unverified;

  /// @param unverified whether an adapter that does not record its base is taken
  public AdapterReader(BaseModel base, boolean unverified) {
    this.base = base;
    this.unverified = unverified;
  }

  /// Reads a folder in PEFT's layout.
  ///
  /// @throws AdapterException if there is none, or it can't be served with this base
  public Adapter read(Path folder) {
    LoraConfig config = LoraConfig.read(folder);
    Path weights = folder.resolve(WEIGHTS);
    if (!Files.isRegularFile(weights)) {
      throw AdapterException.missing("No adapter found: there is no " + weights);
    }
    checkOrigin(folder, weights);
    try (SafetensorsFile file = SafetensorsFile.open(weights)) {
      return new AdapterAssembly(base.config(), config, weights).of(file);
    } catch (ModelException e) {
      throw AdapterException.refused(String.valueOf(e.getMessage()));
    }
  }

  private void checkOrigin(Path folder, Path weights) {
    if (!Files.exists(folder.resolve(AdapterOrigin.FILE))) {
      if (!unverified) {
        throw AdapterException.refused(
            "%s has no %s, which records the base model that it was trained on"
                .formatted(folder, AdapterOrigin.FILE));
      }
      return;
    }
    AdapterOrigin origin = AdapterOrigin.read(folder);
    require(origin.adapter(), sha256(weights), weights + " is damaged: its digest");
    require(
        origin.base(), base.digest(), folder + " was trained on another base model: its digest");
    if (origin.template().isPresent()) {
      require(
          origin.template(),
          base.chatTemplate().digest(),
          folder + " was trained with another chat template: its digest");
    }
  }

  private static void require(Optional<String> recorded, String actual, String what) {
    if (recorded.isPresent() && !recorded.get().equalsIgnoreCase(actual)) {
      throw AdapterException.refused(
          "%s is recorded as %s, here it is %s".formatted(what, recorded.get(), actual));
    }
  }

  private static String sha256(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      new DigestInputStream(in, digest).transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw AdapterException.refused("%s can't be read: %s".formatted(file, e));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
