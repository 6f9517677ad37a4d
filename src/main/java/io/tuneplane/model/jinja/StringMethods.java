package io.tuneplane.model.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Methods of `str`.
final class StringMethods {

  static final List<Builtin> ALL = all();

  private StringMethods() {}

  private static List<Builtin> all() {
    List<Builtin> all = new ArrayList<>();
    all.add(change("upper", Case::upper));
    all.add(change("lower", Case::lower));
    all.add(change("casefold", s -> Case.lower(Case.lower(Case.upper(s)))));
    all.add(change("title", Case::title));
    all.add(change("capitalize", Text::capitalize));
    all.add(change("swapcase", Case::swapped));
    all.add(strip("strip", true, true));
    all.add(strip("lstrip", true, false));
    all.add(strip("rstrip", false, true));
    all.addAll(StringTests.ALL);
    all.addAll(StringSplits.ALL);
    all.addAll(StringSearches.ALL);
    all.add(Builtin.of("join", "/ self items", (run, a) -> join(run, a.text(0), a.get(1))));
    all.add(Builtin.of("replace", "/ self old new count?", StringMethods::replace));
    all.add(Builtin.of("removeprefix", "/ self prefix", (_, a) -> withoutPrefix(a)));
    all.add(Builtin.of("removesuffix", "/ self suffix", (_, a) -> withoutSuffix(a)));
    all.add(Builtin.of("ljust", "/ self width fill?", (run, a) -> justify(run, a, 0)));
    all.add(Builtin.of("rjust", "/ self width fill?", (run, a) -> justify(run, a, 1)));
    all.add(Builtin.of("center", "/ self width fill?", StringMethods::center));
    all.add(Builtin.of("zfill", "/ self width", StringMethods::zeroFill));
    all.add(Builtin.raw("format", StringMethods::format));
    return all;
  }

  private static Builtin change(String name, UnaryOperator<String> change) {
    return Builtin.of(name, "/ self", (_, a) -> change.apply(a.text(0)));
  }

  private static Builtin strip(String name, boolean left, boolean right) {
    return Builtin.of(
        name,
        "/ self chars?",
        (run, a) -> {
          @Nullable String unwanted = a.textOrNull(1);
          run.spendOnSearch(a.text(0), unwanted == null ? "" : unwanted);
          return Text.strip(a.text(0), unwanted, left, right);
        });
  }

  private static Object join(Run run, String separator, Object items) {
    StringBuilder text = new StringBuilder();
    int count = 0;
    for (Object item : Elements.all(run, items)) {
      if (!(item instanceof String) && !(item instanceof Markup)) {
        throw new Fault(
            "sequence item " + count + ": expected str instance, " + TypeName.of(item) + " found");
      }
      append(run, text, count++ == 0 ? "" : separator);
      append(run, text, Display.str(item));
    }
    return text.toString();
  }

  static void append(Run run, StringBuilder text, String more) {
    run.print(text.length(), more.length());
    text.append(more);
  }

  private static Object replace(Run run, Builtin.Bound a) {
    return replaced(run, a.text(0), a.text(1), a.text(2), a.number(3, -1));
  }

  /// Python's `replace`: the first `count` places, all if it is negative.
  static String replaced(Run run, String text, String old, String with, long count) {
    run.spendOnSearch(text, old);
    StringBuilder out = new StringBuilder();
    long left = count < 0 ? Long.MAX_VALUE : count;
    int at = 0;
    int found = text.indexOf(old);
    while (found >= 0 && left-- > 0) {
      append(run, out, text.substring(at, found));
      append(run, out, with);
      at = found + old.length();
      int from = old.isEmpty() ? after(text, found) : at;
      found = from > text.length() ? -1 : text.indexOf(old, from);
    }
    append(run, out, text.substring(at));
    return out.toString();
  }

  /// The index after the code point here, beyond the end for the end.
  private static int after(String text, int at) {
    return at >= text.length() ? at + 1 : text.offsetByCodePoints(at, 1);
  }

  private static Object withoutPrefix(Builtin.Bound a) {
    String text = a.text(0);
    return text.startsWith(a.text(1)) ? text.substring(a.text(1).length()) : text;
  }

  private static Object withoutSuffix(Builtin.Bound a) {
    String text = a.text(0);
    boolean ends = text.endsWith(a.text(1));
    return ends ? text.substring(0, text.length() - a.text(1).length()) : text;
  }

  private static int missing(Run run, String text, long width) {
    return run.textOf(Math.max(0, width - Text.length(text)));
  }

  private static String fill(Builtin.Bound a) {
    String fill = a.has(2) ? a.text(2) : " ";
    if (Text.length(fill) != 1) {
      throw new Fault("The fill character must be exactly one character long");
    }
    return fill;
  }

  private static Object justify(Run run, Builtin.Bound a, int side) {
    String text = a.text(0);
    String padding = fill(a).repeat(missing(run, text, a.number(1, 0)));
    return side == 0 ? text + padding : padding + text;
  }

  private static Object center(Run run, Builtin.Bound a) {
    return centered(run, a.text(0), a.number(1, 0), fill(a));
  }

  /// CPython's `center`: an odd blank goes left if the width is odd.
  static String centered(Run run, String text, long width, String fill) {
    int missing = missing(run, text, width);
    int left = missing / 2 + (int) (missing & width & 1);
    return fill.repeat(left) + text + fill.repeat(missing - left);
  }

  private static Object zeroFill(Run run, Builtin.Bound a) {
    String text = a.text(0);
    String zeros = "0".repeat(missing(run, text, a.number(1, 0)));
    boolean signed = text.startsWith("+") || text.startsWith("-");
    return signed ? text.charAt(0) + zeros + text.substring(1) : zeros + text;
  }

  private static Object format(Run run, Arguments arguments) {
    Object self = arguments.positional().getFirst();
    return BraceFormat.format(run, Display.str(self), arguments.from(1));
  }

  /// Whether a text or, if it is a tuple, one of several fits.
  static boolean any(Object wanted, Predicate<String> fits) {
    List<Object> all =
        wanted instanceof Tuple(var items) ? items : Collections.singletonList(wanted);
    for (Object one : all) {
      if (!(one instanceof String text)) {
        throw new Fault("a string or a tuple of strings is needed, not " + TypeName.of(one));
      }
      if (fits.test(text)) {
        return true;
      }
    }
    return false;
  }
}
