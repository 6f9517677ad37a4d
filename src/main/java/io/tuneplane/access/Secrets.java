package io.tuneplane.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The installation's secret: 32 random bytes, from which HKDF (RFC 5869) makes one key for the
/// digests of API keys, one for the tokens of runners, and one that seals what must be read again.
/// Whoever has the database without it has neither. Safe for many threads.
public final class Secrets {

  /// The file in the data directory, where no other is named.
  public static final String FILE = "secret.key";

  private static final int BYTES = 32;
  private static final byte VERSION = 1;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKey digesting;
  private final SecretKey admitting;
  private final SecretKey sealing;
  private final SecureRandom random = new SecureRandom();

  private Secrets(byte[] secret) {
    this.digesting = derive(secret, "tuneplane api keys v1", "HmacSHA256");
    this.admitting = derive(secret, "tuneplane runner tokens v1", "HmacSHA256");
    this.sealing = derive(secret, "tuneplane sealing v1", "AES");
  }

  /// Reads the secret, or makes one in the data directory.
  ///
  /// @param dataDir where it lies, unless a file is named
  /// @param named a file that must be there: 32 bytes in base64
  /// @throws SecretsException if it can't be read or made, or is no secret
  public static Secrets open(Path dataDir, Optional<Path> named) {
    Path file = named.orElse(dataDir.resolve(FILE));
    try {
      if (named.isEmpty() && !Files.exists(file)) {
        byte[] secret = new byte[BYTES];
        new SecureRandom().nextBytes(secret);
        PrivateFile.writeFirst(file, Base64.getEncoder().encodeToString(secret) + "\n");
      }
      return new Secrets(parse(file, Files.readString(file)));
    } catch (NoSuchFileException e) {
      throw new SecretsException(
          "secret_file: "
              + file
              + " is missing; make one with: (umask 077; head -c 32 /dev/urandom | base64 > "
              + file
              + ")",
          e);
    } catch (IOException e) {
      throw new SecretsException("the secret " + file + " can't be read or made: " + e, e);
    }
  }

  private static byte[] parse(Path file, String text) {
    try {
      byte[] secret = Base64.getDecoder().decode(text.strip());
      if (secret.length == BYTES) {
        return secret;
      }
    } catch (IllegalArgumentException _) {
      // Said below: the decoder's words would quote the secret.
    }
    throw new SecretsException(
        file + " is no secret: expected 32 bytes in base64; put the right file back");
  }

  /// The keyed digest of a text, HMAC-SHA-256 in hex.
  public String digest(String text) {
    return digest(digesting, text);
  }

  /// The keyed digest of what a runner is let in to, under a key of its own, in hex: it is a secret
  /// itself.
  public String admit(String text) {
    return digest(admitting, text);
  }

  private static String digest(SecretKey key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC-SHA-256", e);
    }
  }

  /// Seals bytes with AES-256-GCM.
  ///
  /// @param name what they are; they open under no other name
  public byte[] seal(String name, byte[] open) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, name).doFinal(open);
      return ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length)
          .put(VERSION)
          .put(nonce)
          .put(sealed)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has AES-GCM", e);
    }
  }

  /// Opens what [#seal] sealed under this name.
  ///
  /// @throws SecretsException if it was sealed with another secret or under another name, or was
  ///   changed since
  public byte[] open(String name, byte[] sealed) {
    if (sealed.length <= 1 + NONCE_BYTES || sealed[0] != VERSION) {
      throw new SecretsException("\"" + name + "\" was not sealed here");
    }
    ByteBuffer rest = ByteBuffer.wrap(sealed, 1, sealed.length - 1);
    byte[] nonce = new byte[NONCE_BYTES];
    rest.get(nonce);
    byte[] text = new byte[rest.remaining()];
    rest.get(text);
    try {
      return cipher(Cipher.DECRYPT_MODE, nonce, name).doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new SecretsException(
          "\"" + name + "\" was sealed with another secret, or was changed since", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String name) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, sealing, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(name.getBytes(UTF_8));
    return cipher;
  }

  private static SecretKey derive(byte[] secret, String purpose, String algorithm) {
    try {
      HKDFParameterSpec spec =
          HKDFParameterSpec.ofExtract()
              .addIKM(new SecretKeySpec(secret, "Generic"))
              .thenExpand(purpose.getBytes(UTF_8), BYTES);
      return KDF.getInstance("HKDF-SHA256").deriveKey(algorithm, spec);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HKDF-SHA256", e);
    }
  }
}
