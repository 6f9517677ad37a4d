package io.tuneplane.job;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of a tuned model, in OpenAI's form: `ft:<base>:<organisation>:<suffix>:<8 base62>`; a
/// checkpoint's ends in `:ckpt-step-N`.
///
/// @param base the base model's catalogue id, else its hub id in lower case with `/` as `--`
/// @param organisation whose it is
/// @param suffix the user's part; empty for none
/// @param id eight characters of base 62
/// @param step the optimiser step of a checkpoint; empty for the result
public record TunedModelName(
    String base, String organisation, String suffix, String id, OptionalLong step) {

  static final int ID_LENGTH = 8;

  private static final String BASE62 =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final Pattern SUFFIX = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern FORM =
      Pattern.compile(
          "ft:([^:]+):([^:]+):([^:]*):([0-9A-Za-z]{8})(?::ckpt-step-([1-9][0-9]{0,17}))?");

  /// A new name.
  ///
  /// @param baseName the base model's catalogue id or hub id
  public static TunedModelName fresh(
      String baseName, String organisation, Optional<String> suffix, RandomGenerator random) {
    return of(baseName, organisation, suffix, base62(ID_LENGTH, random));
  }

  /// The name with this id.
  ///
  /// @param baseName the base model's catalogue id or hub id
  static TunedModelName of(
      String baseName, String organisation, Optional<String> suffix, String id) {
    String base = baseName.toLowerCase(Locale.ROOT).replace("/", "--");
    return new TunedModelName(base, organisation, suffix.orElse(""), id, OptionalLong.empty());
  }

  /// The name of a checkpoint on the way to this model.
  TunedModelName atStep(long number) {
    return new TunedModelName(base, organisation, suffix, id, OptionalLong.of(number));
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
    if (!m.matches()) {
      return Optional.empty();
    }
    OptionalLong step =
        m.group(5) == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(m.group(5)));
    return Optional.of(new TunedModelName(m.group(1), m.group(2), m.group(3), m.group(4), step));
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
    String name = "ft:" + base + ":" + organisation + ":" + suffix + ":" + id;
    return step.isPresent() ? name + ":ckpt-step-" + step.getAsLong() : name;
  }
}
