package io.tuneplane.dataset;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds US social security numbers with dashes. Area 000, 666 and 900 to 999, group 00 and serial
/// 0000 are never given out (SSA, "Social Security Number Randomization", 2011).
final class SsnRecogniser implements Recogniser {

  private static final Pattern SSN =
      Pattern.compile("(?<![\\w-])(?!000|666|9)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}(?![\\w-])");

  @Override
  public void find(String text, Sink sink) {
    if (text.indexOf('-') < 0) {
      return;
    }
    Matcher m = SSN.matcher(text);
    while (m.find()) {
      sink.found(SensitiveKind.US_SSN, m.group());
    }
  }
}
