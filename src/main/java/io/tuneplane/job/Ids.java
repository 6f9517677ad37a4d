package io.tuneplane.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.random.RandomGenerator;

/// Makes ids.
final class Ids {

  private static final int LENGTH = 24;

  private Ids() {}

  /// A new job's id.
  static String job(RandomGenerator random) {
    return "ftjob-" + TunedModelName.base62(LENGTH, random);
  }

  /// A checkpoint's id: the same for the same step of the same job, however often it is made.
  static String checkpoint(String jobId, long step) {
    return "ftckpt_" + digest(jobId + "/" + step);
  }

  private static String digest(String text) {
    try {
      byte[] sha = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      String digits = new BigInteger(1, sha).toString(36);
      return digits.substring(digits.length() - LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
