package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// What lets us into a server, and the server into our trust: two tokens, and a certificate of its
/// own, which is the only one that we take from it. Made once for each server; kept in its Secret.
///
/// @param token for questions
/// @param control for bringing adapters
/// @param certificate PEM
/// @param key its private key, PEM
record ServerSecrets(String token, String control, String certificate, String key) {

  private static final int TOKEN_BYTES = 32;
  private static final Duration LIFE = Duration.ofDays(3650);

  /// New ones.
  static ServerSecrets make(String server, Instant now, SecureRandom random) throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      KeyPair pair = generator.generateKeyPair();
      X500Principal self = new X500Principal("CN=" + server);
      byte[] certificate =
          new JcaX509v3CertificateBuilder(
                  self,
                  new BigInteger(128, random),
                  Date.from(now.minus(Duration.ofDays(1))),
                  Date.from(now.plus(LIFE)),
                  self,
                  pair.getPublic())
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
              .getEncoded();
      return new ServerSecrets(
          word(random),
          word(random),
          pem("CERTIFICATE", certificate),
          pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException("no certificate could be made for " + server, e);
    }
  }

  private static String word(SecureRandom random) {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static String pem(String what, byte[] der) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
  }

  /// As a Secret's data.
  ObjectNode data() {
    return Json.object()
        .put("token", base64(token))
        .put("control-token", base64(control))
        .put("tls.crt", base64(certificate))
        .put("tls.key", base64(key));
  }

  /// Out of a Secret.
  static ServerSecrets of(JsonNode secret) {
    JsonNode data = secret.path("data");
    return new ServerSecrets(
        text(data, "token"), text(data, "control-token"), text(data, "tls.crt"), "");
  }

  private static String text(JsonNode data, String name) {
    byte[] bytes = Base64.getDecoder().decode(data.path(name).asText());
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "ServerSecrets[present]";
  }
}
