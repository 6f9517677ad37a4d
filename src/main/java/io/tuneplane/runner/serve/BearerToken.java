package io.tuneplane.runner.serve;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/// The token that requests must carry. Only its digest is kept, and compared in constant time. Safe
/// for many threads.
final class BearerToken {

  private static final String SCHEME = "Bearer ";

  private final byte[] digest;

  private BearerToken(byte[] digest) {
    this.digest = digest;
  }

  /// Reads a token from a file: its text, without the white space around it.
  ///
  /// @throws IllegalArgumentException if it is empty
  static BearerToken read(Path file) throws IOException {
    String token = Files.readString(file).strip();
    if (token.isEmpty()) {
      throw new IllegalArgumentException("the token file is empty");
    }
    return new BearerToken(sha256(token));
  }

  /// Whether a request's `Authorization` headers carry it: there must be one alone.
  boolean allows(List<String> authorization) {
    if (authorization.size() != 1) {
      return false;
    }
    String header = authorization.getFirst();
    return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && MessageDigest.isEqual(digest, sha256(header.substring(SCHEME.length()).strip()));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
