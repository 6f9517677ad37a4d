package io.tuneplane.model.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Python's `format % values`, for strings and numbers.
final class PercentFormat {

  private static final Pattern DIRECTIVE =
      Pattern.compile(
          "%(?:\\(([^()]*)\\))?([-+ #0]*)(\\d{0,6})(?:\\.(\\d{0,6}))?(.)", Pattern.DOTALL);

  private PercentFormat() {}

  /// The format with the values put in.
  ///
  /// @param values a tuple for several, a dict for named ones, or the only one
  static String format(Run run, String format, Object values) {
    List<Object> all = values instanceof Tuple(var items) ? items : List.of(values);
    Iterator<Object> next = all.iterator();
    StringBuilder out = new StringBuilder();
    Matcher directive = DIRECTIVE.matcher(format);
    int at = 0;
    while (directive.find()) {
      StringMethods.append(run, out, format.substring(at, directive.start()));
      StringMethods.append(run, out, directive(run, directive, next, values));
      at = directive.end();
    }
    String rest = format.substring(at);
    if (rest.indexOf('%') >= 0) {
      throw new Fault("incomplete format");
    }
    if (next.hasNext() && !isMapping(values)) {
      throw new Fault("not all arguments converted during string formatting");
    }
    StringMethods.append(run, out, rest);
    return out.toString();
  }

  /// What can be subscribed and is neither tuple nor text is a mapping here, and those may have
  /// more than is used.
  private static boolean isMapping(Object values) {
    return switch (values) {
      case Dict _, List<?> _, IntRange _, Undefined _ -> true;
      default -> false;
    };
  }

  private static String directive(
      Run run, Matcher directive, Iterator<Object> next, Object values) {
    char type = directive.group(5).charAt(0);
    if (type == '%') {
      return "%";
    }
    Object value = value(directive.group(1), next, values);
    NumberFormat format =
        new NumberFormat(
            directive.group(2),
            run.textOf(integer(directive.group(3), 0)),
            run.textOf(integer(directive.group(4), -1) + 1L) - 1);
    return switch (type) {
      case 's' -> format.text(Display.str(value));
      case 'r' -> format.text(Display.repr(value));
      case 'd', 'i', 'u' -> format.whole(wholeOf(value));
      case 'x' -> format.radix(wholeOf(value), 16);
      case 'X' -> Case.upper(format.radix(wholeOf(value), 16));
      case 'o' -> format.radix(wholeOf(value), 8);
      case 'f', 'F' -> format.fixed(Conversions.real(value));
      default -> throw Fault.unsupported(String.format(Locale.ROOT, "'%%%c'", type));
    };
  }

  private static Object value(@Nullable String name, Iterator<Object> next, Object values) {
    if (name != null) {
      if (!(values instanceof Dict dict)) {
        throw new Fault("format requires a mapping");
      }
      Object value = dict.get(name);
      if (value == null) {
        throw new Fault("KeyError: " + Display.quoted(name));
      }
      return value;
    }
    if (!next.hasNext()) {
      throw new Fault("not enough arguments for format string");
    }
    return next.next();
  }

  private static int integer(@Nullable String digits, int absent) {
    if (digits == null) {
      return absent;
    }
    return digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }

  private static Object wholeOf(Object value) {
    if (!Arithmetic.isNumber(value)) {
      throw new Fault("%d format: a real number is required, not " + TypeName.of(value));
    }
    return Conversions.truncated(value);
  }
}
