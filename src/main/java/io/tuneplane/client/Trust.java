package io.tuneplane.client;

import io.tuneplane.client.ServerException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Whose signature under a server's certificate is believed.
///
/// @param authorities certificates in PEM; empty for the authorities that Java knows
public record Trust(Optional<Path> authorities) {

  /// The authorities that Java knows.
  public static final Trust PUBLIC = new Trust(Optional.empty());

  /// The context of connections; empty for Java's own.
  ///
  /// @throws ServerException if the file can't be read or holds no certificate
  Optional<SSLContext> context() {
    return authorities.map(Trust::of);
  }

  private static SSLContext of(Path file) {
    try (InputStream pem = Files.newInputStream(file)) {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(pem);
      if (found.isEmpty()) {
        throw new IOException("it holds no certificate");
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate certificate : found) {
        store.setCertificateEntry("authority-" + store.size(), certificate);
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw unusable(file, e);
    }
  }

  private static ServerException unusable(Path file, Exception cause) {
    return new ServerException(
        Kind.UNREACHABLE,
        "TUNEPLANE_CA_FILE: %s can't be used (%s); it has to hold certificates in PEM"
            .formatted(file, cause.getMessage()),
        cause);
  }
}
