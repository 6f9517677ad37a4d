package io.tuneplane.job;

import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of a tuned model, in OpenAI's form: `ft:<base>:<organisation>:<suffix>:<8 base62>`.
///
/// @param base the base model's catalogue id, else its hub id in lower case with `/` as `--`
/// @param organisation whose it is
/// @param suffix the user's part; empty for none
/// @param id eight characters of base 62
public record TunedModelName(String base, String organisation, String suffix, String id) {

  private static final String BASE62 =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final Pattern SUFFIX = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern FORM =
      Pattern.compile("ft:([^:]+):([^:]+):([^:]*):([0-9A-Za-z]{8})");

  /// A new name.
  ///
  /// @param baseName the base model's catalogue id or hub id
  public static TunedModelName fresh(
      String baseName, String organisation, Optional<String> suffix, RandomGenerator random) {
    String base = baseName.toLowerCase(Locale.ROOT).replace("/", "--");
    return new TunedModelName(base, organisation, suffix.orElse(""), base62(8, random));
  }

  /// Whether a suffix may be part of a name.
  public static boolean isSuffix(String suffix) {
    return SUFFIX.matcher(suffix).matches();
  }

  /// Reads a name.
  ///
  /// @return empty if the text is no tuned model's name
  public static Optional<TunedModelName> parse(String text) {
    Matcher m = FORM.matcher(text);
    return m.matches()
        ? Optional.of(new TunedModelName(m.group(1), m.group(2), m.group(3), m.group(4)))
        : Optional.empty();
  }

  static String base62(int length, RandomGenerator random) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(BASE62.charAt(random.nextInt(BASE62.length())));
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return "ft:" + base + ":" + organisation + ":" + suffix + ":" + id;
  }
}
