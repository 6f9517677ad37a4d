package io.tuneplane.backend.kubernetes;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;

/// Connections to the pods of one server: taken is the server's own certificate and no other, so
/// that it does not matter under which address a pod is reached.
final class PinnedHttp {

  private static final Duration CONNECT = Duration.ofSeconds(5);

  // Until the first byte of an answer: a long prompt in a full queue takes a while.
  private static final Duration READ = Duration.ofMinutes(10);

  private PinnedHttp() {}

  static OkHttpClient of(String pem) throws IOException {
    try {
      Certificate own =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry("server", own);
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      X509TrustManager trust = trust(factory.getTrustManagers());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {trust}, null);
      return new OkHttpClient.Builder()
          .sslSocketFactory(context.getSocketFactory(), trust)
          // Whoever holds the certificate's key is the server, whatever its address.
          .hostnameVerifier((_, session) -> isFrom(own, session))
          .followRedirects(false)
          .connectTimeout(CONNECT)
          .readTimeout(READ)
          .writeTimeout(READ)
          .build();
    } catch (GeneralSecurityException e) {
      throw new IOException("the server's certificate can't be read", e);
    }
  }

  private static boolean isFrom(Certificate own, javax.net.ssl.SSLSession session) {
    try {
      return session.getPeerCertificates()[0].equals(own);
    } catch (javax.net.ssl.SSLPeerUnverifiedException _) {
      return false;
    }
  }

  private static X509TrustManager trust(TrustManager[] managers) {
    for (TrustManager manager : managers) {
      if (manager instanceof X509TrustManager x509) {
        return x509;
      }
    }
    throw new IllegalStateException("every Java checks X.509 certificates");
  }
}
