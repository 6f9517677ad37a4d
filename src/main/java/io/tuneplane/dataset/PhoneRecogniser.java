package io.tuneplane.dataset;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds telephone numbers that are written with `+`, a country's code and 7 to 12 more digits, 15
/// in all at most (ITU-T E.164). Numbers without `+` look like order numbers and points, so they
/// are left alone.
final class PhoneRecogniser implements Recogniser {

  private static final Pattern NUMBER =
      Pattern.compile("(?<![\\w+])\\+[1-9](?:[ .()/-]{0,2}\\d){7,14}(?!\\d)");

  /// Country codes that are in use, by their first digits (ITU's list, 2016).
  private static final Pattern COUNTRY =
      Pattern.compile(
          "(?:2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]"
              + "|2[1-689]\\d|3[578]\\d|42\\d|5[09]\\d|6[7-9]\\d|8[058]\\d|9[679]\\d).*");

  @Override
  public void find(String text, Sink sink) {
    if (text.indexOf('+') < 0) {
      return;
    }
    Matcher m = NUMBER.matcher(text);
    while (m.find()) {
      String digits = m.group().replaceAll("\\D", "");
      if (plausible(digits)) {
        sink.found(SensitiveKind.PHONE, m.group());
      }
    }
  }

  /// The countries of codes 1 and 7 have numbers of 11 digits in all, no more and no fewer.
  private static boolean plausible(String digits) {
    char first = digits.charAt(0);
    return (first == '1' || first == '7')
        ? digits.length() == 11
        : digits.length() <= 15 && COUNTRY.matcher(digits).matches();
  }
}
