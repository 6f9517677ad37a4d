package io.tuneplane.config;

import io.tuneplane.config.ClusterSettings.Toleration;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Parses values of a cluster's settings: each is held against the grammar that Kubernetes has for
/// it, so that nothing but a name gets to where a name belongs.
final class ClusterValues {

  private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
  private static final String QUALIFIED = "[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?";
  private static final String KEY = "(" + SUBDOMAIN + "/)?" + QUALIFIED;

  // The grammar of an image's reference: host, path, tag, digest.
  private static final String IMAGE =
      "[a-zA-Z0-9][a-zA-Z0-9._-]*(:[0-9]{1,5})?(/[a-z0-9._-]+)*(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?"
          + "(@sha256:[0-9a-f]{64})?";

  private static final Pattern TOLERATION =
      Pattern.compile("(" + KEY + ")(=(" + QUALIFIED + "))?:(NoSchedule|NoExecute)");

  private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "[::1]", "localhost");
  private static final int MOST_HOURS = 24 * 366;
  private static final int LONGEST = 253;

  private ClusterValues() {}

  static String label(String text) {
    return matching(LABEL, text, "a name of [a-z0-9-], at most 63 characters");
  }

  static String name(String text) {
    return matching(SUBDOMAIN, text, "a name of [a-z0-9.-]");
  }

  static String labelKey(String text) {
    return matching(KEY, text, "a label's key");
  }

  static String labelValue(String text) {
    return text.isEmpty() ? text : matching(QUALIFIED, text, "a label's value");
  }

  static String resource(String text) {
    return matching(SUBDOMAIN + "/" + QUALIFIED, text, "a resource such as nvidia.com/gpu");
  }

  static String image(String text) {
    return matching(IMAGE, text, "an image such as registry.example/tuneplane-trl:1.0");
  }

  static boolean onPrem(String text) {
    return switch (text) {
      case "on_prem" -> true;
      case "rented" -> false;
      default ->
          throw new IllegalArgumentException(
              "expected on_prem or rented, not \"%s\"".formatted(text));
    };
  }

  /// An address that a job's token and data may be sent to: encrypted, unless it stays on this
  /// machine.
  static URI https(String text) {
    URI uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    String scheme = String.valueOf(uri.getScheme());
    boolean stays = scheme.equals("http") && THIS_MACHINE.contains(String.valueOf(uri.getHost()));
    if (uri.getHost() == null
        || uri.getUserInfo() != null
        || uri.getQuery() != null
        || !(scheme.equals("https") || stays)) {
      throw new IllegalArgumentException(
          "expected an https address that pods can reach, not \"" + text + "\"");
    }
    return uri;
  }

  static Duration hours(String text) {
    return Duration.ofHours(number(text, MOST_HOURS));
  }

  static int number(String text, int most) {
    if (!text.matches("[0-9]{1,9}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > most) {
      throw new IllegalArgumentException("expected 1 to %d, not \"%s\"".formatted(most, text));
    }
    return Integer.parseInt(text);
  }

  static long bytes(String text) {
    Matcher parts = Pattern.compile("([0-9]{1,12})(G|GiB|M|MiB)").matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("expected a size such as 80G, not \"" + text + "\"");
    }
    return Long.parseLong(parts.group(1)) << (parts.group(2).startsWith("G") ? 30 : 20);
  }

  static List<Toleration> tolerations(String text) {
    return Stream.of(text.split(",", -1))
        .map(String::strip)
        .map(ClusterValues::toleration)
        .toList();
  }

  private static Toleration toleration(String text) {
    Matcher parts = TOLERATION.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "expected key:NoSchedule or key=value:NoExecute, with commas between, not \"%s\""
              .formatted(text));
    }
    String[] sides = text.split(":", 2);
    String[] pair = sides[0].split("=", 2);
    return new Toleration(
        pair[0], pair.length == 2 ? Optional.of(pair[1]) : Optional.empty(), sides[1]);
  }

  private static String matching(String form, String text, String what) {
    if ((text.length() > LONGEST && !form.equals(IMAGE)) || !text.matches(form)) {
      throw new IllegalArgumentException("expected %s, not \"%s\"".formatted(what, text));
    }
    return text;
  }
}
