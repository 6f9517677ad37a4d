package io.tuneplane.backend.kubernetes;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// The name that all of a run's objects carry, made from the run's mark: the same mark always gives
/// the same name, so that whoever comes later finds what was made before.
///
/// @param value a DNS label that leaves room for what Kubernetes appends (`-0`, `-xxxxx`)
record RunName(String value) {

  private static final int LONGEST = 48;
  private static final int DIGITS = 24;
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?");

  /// The name of a mark. A mark that is no label, or too long for one, stands as its digest.
  static RunName of(String mark) {
    boolean fits = mark.length() <= LONGEST && LABEL.matcher(mark).matches();
    return new RunName("tp-" + (fits ? mark : digest(mark)));
  }

  private static String digest(String mark) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] bytes = sha.digest(mark.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(bytes).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// The name of the Job of one round: a run that was paused or given less memory goes on as a new
  /// Job.
  String job(int round) {
    return value + "-" + round;
  }

  @Override
  public String toString() {
    return value;
  }
}
