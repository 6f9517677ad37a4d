package io.tuneplane.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// The certificate of this machine's own server. Commands know it by its digest, from a file that
/// only its owner can write, and so need neither its authority nor the name that it is for.
public final class Certificate {

  private Certificate() {}

  /// SHA-256 of the first certificate of a PEM file, in hex.
  ///
  /// @throws IOException if the file can't be read, or holds none
  public static String digest(Path pem) throws IOException {
    try (InputStream in = Files.newInputStream(pem)) {
      return digest(
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in));
    } catch (CertificateException e) {
      throw new IOException(pem + " holds no certificate: " + e.getMessage(), e);
    }
  }

  private static String digest(X509Certificate certificate) throws CertificateException {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java machine has SHA-256", e);
    }
  }

  /// TLS with a server that shows that certificate, and with no other.
  static SSLContext only(String digest) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Only(digest)}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java machine has TLS", e);
    }
  }

  private static final class Only extends X509ExtendedTrustManager {

    private final String digest;

    Only(String digest) {
      this.digest = digest;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
      if (chain.length == 0 || !digest(chain[0]).equals(digest)) {
        throw new CertificateException(
            "this is not the certificate that the server of the data directory has");
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("no client is asked for a certificate");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      throw new CertificateException("no client is asked for a certificate");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("no client is asked for a certificate");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
