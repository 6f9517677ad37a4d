package io.tuneplane.dataset;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds numbers of payment cards: 13 to 19 digits, perhaps in groups, that an issuer's prefix and
/// the check digit confirm. One number in ten passes the check digit by chance, so the prefix and
/// the length that goes with it matter.
final class CardRecogniser implements Recogniser {

  private static final Pattern DIGITS =
      Pattern.compile("(?<![\\dA-Za-z.+-])\\d(?:[ -]?\\d){12,18}(?![\\dA-Za-z-])");
  private static final Pattern ISSUERS =
      Pattern.compile(
          "4\\d{12}(?:\\d{3}){0,2}" // Visa
              + "|5[1-5]\\d{14}" // Mastercard
              + "|2(?:22[1-9]|2[3-9]\\d|[3-6]\\d\\d|7[01]\\d|720)\\d{12}" // Mastercard since 2017
              + "|3[47]\\d{13}" // American Express
              + "|6(?:011|4[4-9]\\d|5\\d\\d)\\d{12}" // Discover
              + "|35(?:2[89]|[3-8]\\d)\\d{12}" // JCB
              + "|3(?:0[0-5]|[68]\\d)\\d{11}" // Diners
              + "|62\\d{14,17}"); // UnionPay

  @Override
  public void find(String text, Sink sink) {
    Matcher m = DIGITS.matcher(text);
    while (m.find()) {
      String digits = m.group().replaceAll("[ -]", "");
      if (ISSUERS.matcher(digits).matches()
          && luhn(digits)
          && digits.chars().distinct().count() > 1) {
        sink.found(SensitiveKind.CARD, m.group());
      }
    }
  }

  /// ISO/IEC 7812-1, annex B.
  static boolean luhn(String digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int twice = i % 2 == 1 ? 2 * digit : digit;
      sum += twice > 9 ? twice - 9 : twice;
    }
    return sum % 10 == 0;
  }
}
