package io.tuneplane.dataset;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds IBANs: the country's length, and the remainder of 1 modulo 97 (ISO 13616, ISO 7064).
final class IbanRecogniser implements Recogniser {

  private static final Pattern SHAPE =
      Pattern.compile("(?<![A-Za-z0-9])[A-Z]{2}\\d{2}(?: ?[A-Z0-9]){11,30}");

  /// Lengths by country, from the SWIFT IBAN registry.
  private static final Map<String, Integer> LENGTHS =
      Map.ofEntries(
          Map.entry("AD", 24),
          Map.entry("AE", 23),
          Map.entry("AL", 28),
          Map.entry("AT", 20),
          Map.entry("BE", 16),
          Map.entry("BG", 22),
          Map.entry("BH", 22),
          Map.entry("BR", 29),
          Map.entry("CH", 21),
          Map.entry("CY", 28),
          Map.entry("CZ", 24),
          Map.entry("DE", 22),
          Map.entry("DK", 18),
          Map.entry("EE", 20),
          Map.entry("ES", 24),
          Map.entry("FI", 18),
          Map.entry("FR", 27),
          Map.entry("GB", 22),
          Map.entry("GE", 22),
          Map.entry("GI", 23),
          Map.entry("GR", 27),
          Map.entry("HR", 21),
          Map.entry("HU", 28),
          Map.entry("IE", 22),
          Map.entry("IL", 23),
          Map.entry("IS", 26),
          Map.entry("IT", 27),
          Map.entry("KW", 30),
          Map.entry("LI", 21),
          Map.entry("LT", 20),
          Map.entry("LU", 20),
          Map.entry("LV", 21),
          Map.entry("MC", 27),
          Map.entry("MT", 31),
          Map.entry("NL", 18),
          Map.entry("NO", 15),
          Map.entry("PK", 24),
          Map.entry("PL", 28),
          Map.entry("PT", 25),
          Map.entry("QA", 29),
          Map.entry("RO", 24),
          Map.entry("RS", 22),
          Map.entry("SA", 24),
          Map.entry("SE", 24),
          Map.entry("SI", 19),
          Map.entry("SK", 24),
          Map.entry("SM", 27),
          Map.entry("TR", 26),
          Map.entry("UA", 29));

  @Override
  public void find(String text, Sink sink) {
    Matcher m = SHAPE.matcher(text);
    while (m.find()) {
      String all = m.group().replace(" ", "");
      int length = LENGTHS.getOrDefault(all.substring(0, 2), Integer.MAX_VALUE);
      // In plain text the next word may have been taken for a part.
      if (all.length() >= length && remainder(all.substring(0, length)) == 1) {
        sink.found(SensitiveKind.IBAN, all.substring(0, length));
      }
    }
  }

  private static int remainder(String iban) {
    String turned = iban.substring(4) + iban.substring(0, 4);
    int rest = 0;
    for (int i = 0; i < turned.length(); i++) {
      int value = Character.digit(turned.charAt(i), 36);
      rest = (value > 9 ? 100 * rest + value : 10 * rest + value) % 97;
    }
    return rest;
  }
}
