package io.tuneplane.store;

import io.tuneplane.access.Secrets;
import io.tuneplane.access.SecretsException;
import io.tuneplane.job.StorageException;
import io.tuneplane.job.StorageException.Kind;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/// What a database has once: the audit log's Ed25519 key pair, the private half sealed with the
/// installation's secret. A database opens with the secret that it was begun with, and no other.
final class Installation {

  private static final String ALGORITHM = "Ed25519";
  private static final String PRIVATE = "audit private key";
  private static final String PUBLIC = "audit public key";

  private Installation() {}

  /// The audit log's keys, made the first time.
  ///
  /// @throws StorageException if the secret is another one than at the first time
  static KeyPair auditKeys(Database database, Secrets secrets) {
    return database.write(tx -> {
      tx.lock("installation");
      Map<String, String> known = new HashMap<>();
      tx.list(
          "SELECT name, value FROM installation",
          row -> known.put(row.getString(1), row.getString(2)));
      return known.containsKey(PRIVATE) ? read(known, secrets) : begin(tx, secrets);
    });
  }

  private static KeyPair begin(Transaction tx, Secrets secrets) {
    try {
      KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
      put(tx, PRIVATE, secrets.seal(PRIVATE, pair.getPrivate().getEncoded()));
      put(tx, PUBLIC, pair.getPublic().getEncoded());
      tx.update("INSERT INTO audit_head (id, head) VALUES (1, '')");
      return pair;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has Ed25519", e);
    }
  }

  private static void put(Transaction tx, String name, byte[] value) {
    tx.update(
        "INSERT INTO installation (name, value) VALUES (?, ?)",
        name,
        Base64.getEncoder().encodeToString(value));
  }

  private static KeyPair read(Map<String, String> known, Secrets secrets) {
    try {
      KeyFactory factory = KeyFactory.getInstance(ALGORITHM);
      byte[] opened = secrets.open(PRIVATE, Base64.getDecoder().decode(known.get(PRIVATE)));
      byte[] open = Base64.getDecoder().decode(String.valueOf(known.get(PUBLIC)));
      return new KeyPair(
          factory.generatePublic(new X509EncodedKeySpec(open)),
          factory.generatePrivate(new PKCS8EncodedKeySpec(opened)));
    } catch (SecretsException | GeneralSecurityException | IllegalArgumentException e) {
      throw new StorageException(
          Kind.BROKEN,
          "the database was begun with another secret: put the right secret.key back, or name it"
              + " with secret_file",
          e);
    }
  }
}
