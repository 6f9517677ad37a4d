package io.tuneplane.backend.vertex;

import io.tuneplane.backend.SubmissionKey;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Labels of a job, in Google's syntax: at most 64, keys and values of at most 63 lower-case
/// letters, digits, `_` and `-`, keys beginning with a letter (Google Cloud, "Requirements for
/// labels").
final class Labels {

  /// The label that holds our mark.
  static final String MARK = "tuneplane-mark";

  private static final int MOST = 64;
  private static final int LONGEST = 63;

  private Labels() {}

  /// Our mark and the user's own labels, made to fit. What does not fit into 64 is left out, ours
  /// never.
  static Map<String, String> of(SubmissionKey key, Map<String, String> own) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(MARK, key.mark());
    new TreeMap<>(own)
        .forEach((name, value) -> {
          if (labels.size() < MOST) {
            labels.put(free(labels, key(name)), cut(lower(value)));
          }
        });
    return labels;
  }

  private static String free(Map<String, String> labels, String key) {
    String name = key;
    for (int n = 2; labels.containsKey(name); n++) {
      String tail = "-" + n;
      name = key.substring(0, Math.min(key.length(), LONGEST - tail.length())) + tail;
    }
    return name;
  }

  private static String key(String name) {
    String lower = lower(name);
    boolean letterFirst = !lower.isEmpty() && lower.charAt(0) >= 'a' && lower.charAt(0) <= 'z';
    return cut(letterFirst ? lower : "l-" + lower);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "_");
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
  }
}
