package io.tuneplane.dataset;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds keys and tokens by the prefixes that their services give them, and private keys. What
/// follows the prefix must look random: placeholders such as `sk-xxxxxxxx` are no secrets.
final class SecretRecogniser implements Recogniser {

  private static final Pattern SECRET =
      Pattern.compile(
          "(?<![A-Za-z0-9_-])(?:"
              + "sk-(?:proj-|ant-|svcacct-)?[A-Za-z0-9_-]{20,200}" // OpenAI, Anthropic
              + "|(?:AKIA|ASIA)[A-Z0-9]{16}" // AWS
              + "|gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255}" // GitHub
              + "|glpat-[A-Za-z0-9_-]{20,}" // GitLab
              + "|xox[abprs]-[A-Za-z0-9-]{10,200}" // Slack
              + "|AIza[A-Za-z0-9_-]{35}" // Google
              + "|hf_[A-Za-z0-9]{30,}" // Hugging Face
              + "|[rs]k_live_[A-Za-z0-9]{16,}" // Stripe
              + "|eyJ[A-Za-z0-9_-]{8,2000}\\.eyJ[A-Za-z0-9_-]{8,4000}\\.[A-Za-z0-9_-]{16,1000}" // JWT
              + ")(?![A-Za-z0-9_-])");
  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----");
  private static final double LEAST_BITS = 3.0;

  @Override
  public void find(String text, Sink sink) {
    Matcher m = SECRET.matcher(text);
    while (m.find()) {
      if (bits(m.group()) >= LEAST_BITS) {
        sink.found(SensitiveKind.SECRET, m.group());
      }
    }
    if (text.contains("-----BEGIN")) {
      PRIVATE_KEY.matcher(text).results().forEach(r -> sink.found(SensitiveKind.SECRET, r.group()));
    }
  }

  /// Shannon's entropy of a character, in bits.
  private static double bits(String text) {
    int[] counts = new int[128];
    text.chars().forEach(c -> counts[c]++);
    double bits = 0;
    for (int count : counts) {
      if (count > 0) {
        double p = (double) count / text.length();
        bits -= p * Math.log(p) / Math.log(2);
      }
    }
    return bits;
  }
}
