package io.tuneplane.model.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Methods of `str` that cut it up.
final class StringSplits {

  static final List<Builtin> ALL =
      List.of(
          Builtin.of("split", "self sep? maxsplit?", (run, a) -> split(run, a, false)),
          Builtin.of("rsplit", "self sep? maxsplit?", (run, a) -> split(run, a, true)),
          Builtin.of(
              "splitlines",
              "self keepends?",
              (_, a) -> new ArrayList<Object>(Text.lines(a.text(0), a.truth(1)))),
          Builtin.of("partition", "/ self sep", (run, a) -> partition(run, a, false)),
          Builtin.of("rpartition", "/ self sep", (run, a) -> partition(run, a, true)));

  private StringSplits() {}

  private static Object split(Run run, Builtin.Bound a, boolean fromEnd) {
    String text = a.text(0);
    @Nullable String separator = a.textOrNull(1);
    long most = a.number(2, -1);
    long limit = most < 0 ? Long.MAX_VALUE : most;
    run.spendOnSearch(text, separator == null ? "" : separator);
    if (separator == null) {
      return fromEnd ? wordsFromEnd(text, limit) : words(text, limit);
    }
    if (separator.isEmpty()) {
      throw new Fault("empty separator");
    }
    return fromEnd ? partsFromEnd(text, separator, limit) : parts(text, separator, limit);
  }

  private static List<Object> parts(String text, String separator, long limit) {
    List<Object> parts = new ArrayList<>();
    int at = 0;
    for (int found = text.indexOf(separator); found >= 0 && parts.size() < limit; ) {
      parts.add(text.substring(at, found));
      at = found + separator.length();
      found = text.indexOf(separator, at);
    }
    parts.add(text.substring(at));
    return parts;
  }

  private static List<Object> partsFromEnd(String text, String separator, long limit) {
    List<Object> parts = new ArrayList<>();
    int end = text.length();
    int found = text.lastIndexOf(separator);
    while (found >= 0 && parts.size() < limit) {
      parts.add(text.substring(found + separator.length(), end));
      end = found;
      found = end < separator.length() ? -1 : text.lastIndexOf(separator, end - separator.length());
    }
    parts.add(text.substring(0, end));
    Collections.reverse(parts);
    return parts;
  }

  private static List<Object> words(String text, long limit) {
    List<Object> words = new ArrayList<>();
    String rest = Text.stripLeading(text);
    int at = 0;
    while (at < rest.length()) {
      int end = words.size() < limit ? wordEnd(rest, at) : rest.length();
      words.add(rest.substring(at, end));
      at = spaceEnd(rest, end);
    }
    return words;
  }

  private static int wordEnd(String text, int from) {
    int end = from;
    while (end < text.length() && !Text.isSpace(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static int spaceEnd(String text, int from) {
    int end = from;
    while (end < text.length() && Text.isSpace(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static List<Object> wordsFromEnd(String text, long limit) {
    List<Object> words = new ArrayList<>();
    String rest = Text.stripTrailing(text);
    while (!rest.isEmpty()) {
      int start = words.size() < limit ? wordStart(rest) : 0;
      words.add(rest.substring(start));
      rest = Text.stripTrailing(rest.substring(0, start));
    }
    Collections.reverse(words);
    return words;
  }

  private static int wordStart(String text) {
    int start = text.length();
    while (start > 0 && !Text.isSpace(text.charAt(start - 1))) {
      start--;
    }
    return start;
  }

  private static Object partition(Run run, Builtin.Bound a, boolean fromEnd) {
    String text = a.text(0);
    String separator = a.text(1);
    run.spendOnSearch(text, separator);
    if (separator.isEmpty()) {
      throw new Fault("empty separator");
    }
    int at = fromEnd ? text.lastIndexOf(separator) : text.indexOf(separator);
    if (at < 0) {
      return fromEnd ? Tuple.of("", "", text) : Tuple.of(text, "", "");
    }
    return Tuple.of(text.substring(0, at), separator, text.substring(at + separator.length()));
  }
}
