package io.tuneplane.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;

/// Signs and checks heads with Ed25519 (RFC 8032).
final class AuditSigner {

  private static final String ALGORITHM = "Ed25519";

  private AuditSigner() {}

  static String sign(long seq, String hash, PrivateKey key) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(statement(seq, hash));
      return Base64.getEncoder().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the audit log's key can't sign", e);
    }
  }

  static boolean isValid(AuditHead head, PublicKey key) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(key);
      signature.update(statement(head.seq(), head.hash()));
      return signature.verify(Base64.getDecoder().decode(head.signature()));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // Not a signature at all: as false as a wrong one.
      return false;
    }
  }

  private static byte[] statement(long seq, String hash) {
    return ("tuneplane-audit-v1\n" + seq + "\n" + hash).getBytes(UTF_8);
  }
}
