package io.tuneplane.http;

import io.helidon.common.configurable.Resource;
import io.helidon.common.pki.Keys;
import io.helidon.common.tls.TlsConfig;
import io.tuneplane.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Function;

/// A certificate chain and its private key, in PEM.
public record TlsFiles(Path certificate, Path key) {

  private static final String CERTIFICATE = "server.tls_cert";
  private static final String KEY = "server.tls_key";

  /// Has a server show the certificate.
  ///
  /// @throws ConfigException if a file can't be read or holds something else, or the key is not the
  ///   certificate's
  void into(TlsConfig.Builder tls) {
    List<X509Certificate> chain =
        read(
            CERTIFICATE,
            certificate,
            file ->
                Keys.builder()
                    .pem(pem -> pem.certChain(Resource.create(file)))
                    .build()
                    .certChain());
    PrivateKey own =
        read(
            KEY,
            key,
            file ->
                Keys.builder()
                    .pem(pem -> pem.key(Resource.create(file)))
                    .build()
                    .privateKey()
                    .orElseThrow());
    if (chain.isEmpty() || !fits(own, chain.getFirst())) {
      throw wrong(KEY, key, "is not the key of the certificate in " + certificate);
    }
    tls.privateKey(own).privateKeyCertChain(chain);
  }

  private static <T> T read(String setting, Path file, Function<Path, T> reader) {
    if (!Files.isReadable(file) || !Files.isRegularFile(file)) {
      throw wrong(setting, file, "can't be read");
    }
    try {
      return reader.apply(file);
    } catch (RuntimeException e) {
      // The library has no one type for what it can't read.
      throw wrong(setting, file, "is no %s in PEM: %s".formatted(what(setting), e.getMessage()));
    }
  }

  private static String what(String setting) {
    return setting.equals(KEY) ? "private key without a password" : "certificate chain";
  }

  /// Whether what the key signs is what the certificate vouches for.
  private static boolean fits(PrivateKey key, X509Certificate certificate) {
    String algorithm = "SHA256with" + (key.getAlgorithm().equals("EC") ? "ECDSA" : "RSA");
    try {
      byte[] text = {1, 2, 3};
      Signature signing = Signature.getInstance(algorithm);
      signing.initSign(key);
      signing.update(text);
      byte[] signature = signing.sign();
      signing.initVerify(certificate.getPublicKey());
      signing.update(text);
      return signing.verify(signature);
    } catch (GeneralSecurityException _) {
      return false; // the two are not even of one kind
    }
  }

  private static ConfigException wrong(String setting, Path file, String message) {
    return new ConfigException(List.of("%s: %s %s".formatted(setting, file, message)));
  }
}
