package io.tuneplane.job;

import io.tuneplane.policy.AuditEvent;
import io.tuneplane.policy.AuditLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/// The audit log's Ed25519 key pair in the data directory: `audit.key`, which only its owner can
/// read, and `audit.pub`, to be kept elsewhere too.
final class AuditKeys {

  private static final String ALGORITHM = "Ed25519";

  private AuditKeys() {}

  /// Reads the pair, or makes one for a log that is only beginning.
  ///
  /// @param begins whether there is no log yet; an old log without its key is an error
  static KeyPair open(Path directory, boolean begins) {
    Path secret = directory.resolve("audit.key");
    Path open = directory.resolve("audit.pub");
    try {
      if (!Files.exists(secret)) {
        if (!begins) {
          throw new AuditException(
              secret + " is missing, but there is an audit log: put the key back");
        }
        return create(secret, open);
      }
      return matching(new KeyPair(readPublic(open), readPrivate(secret)));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new AuditException("the audit log's key in " + directory + " can't be used", e);
    }
  }

  /// Reads the public half.
  static PublicKey publicKey(Path directory) {
    Path file = directory.resolve("audit.pub");
    try {
      return readPublic(file);
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new AuditException("the audit log's public key " + file + " can't be read", e);
    }
  }

  private static KeyPair create(Path secret, Path open)
      throws IOException, GeneralSecurityException {
    KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
    // The public half first: a key without it would be of no use after a crash in between.
    PrivateFiles.write(open, text(pair.getPublic().getEncoded()));
    PrivateFiles.write(secret, text(pair.getPrivate().getEncoded()));
    return pair;
  }

  /// A public half that was put in another's place would call every old line forged.
  private static KeyPair matching(KeyPair pair) {
    AuditEvent probe = AuditEvent.of(Instant.EPOCH, AuditEvent.Kind.RECOVERY, Map.of());
    if (!AuditLine.after(Optional.empty(), probe, pair.getPrivate()).isSigned(pair.getPublic())) {
      throw new AuditException("audit.key and audit.pub are not a pair: put the right ones back");
    }
    return pair;
  }

  private static PrivateKey readPrivate(Path file) throws IOException, GeneralSecurityException {
    return KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(bytes(file)));
  }

  private static PublicKey readPublic(Path file) throws IOException, GeneralSecurityException {
    return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(bytes(file)));
  }

  private static byte[] bytes(Path file) throws IOException {
    return Base64.getDecoder().decode(Files.readString(file).strip());
  }

  private static String text(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes) + "\n";
  }
}
