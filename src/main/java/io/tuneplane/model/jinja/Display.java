package io.tuneplane.model.jinja;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;

/// Python's `str` and `repr`.
final class Display {

  private static final int LIMIT = Run.MAX_TEXT;

  private Display() {}

  /// What a value prints as.
  static String str(Object value) {
    return switch (value) {
      case String text -> text;
      case Undefined _ -> "";
      case Markup markup -> markup.text();
      default -> repr(value);
    };
  }

  /// Python's `repr`.
  ///
  /// @throws Fault if the value prints its address in Python, or is too large
  static String repr(Object value) {
    StringBuilder out = new StringBuilder();
    repr(value, out, 0);
    return out.toString();
  }

  private static void repr(Object value, StringBuilder out, int depth) {
    if (depth > Run.MAX_NESTING) {
      throw new Fault("maximum recursion depth exceeded while getting the repr of an object");
    }
    if (out.length() > LIMIT) {
      throw new Fault("the template makes a text of more than " + LIMIT + " characters");
    }
    switch (value) {
      case String text -> quote(text, out);
      case Long number -> out.append((long) number);
      case Boolean truth -> out.append(truth ? "True" : "False");
      case None _ -> out.append("None");
      case Double number -> out.append(Floats.repr(number));
      case BigInteger number -> out.append(number);
      case List<?> list -> list(list, "[", "]", out, depth);
      case Tuple(var items) -> list(items, "(", items.size() == 1 ? ",)" : ")", out, depth);
      case Dict dict -> dict(dict, out, depth);
      case DictView view -> {
        out.append(view.kind().label);
        list(view.elements(), "([", "])", out, depth);
      }
      case IntRange range -> range(range, out);
      case Undefined _ -> out.append("Undefined");
      case Namespace namespace -> {
        out.append("<Namespace ");
        dict(namespace.attributes(), out, depth);
        out.append('>');
      }
      case Macro macro -> out.append("<Macro ").append(macro.label()).append('>');
      case Loop loop ->
          out.append("<LoopContext ")
              .append(loop.index())
              .append('/')
              .append(loop.length())
              .append('>');
      default -> throw Fault.unsupported("printing a value of type " + TypeName.of(value));
    }
  }

  private static void list(List<?> items, String open, String end, StringBuilder out, int depth) {
    out.append(open);
    boolean first = true;
    for (Object item : items) {
      out.append(first ? "" : ", ");
      repr(item, out, depth + 1);
      first = false;
    }
    out.append(end);
  }

  private static void dict(Dict dict, StringBuilder out, int depth) {
    out.append('{');
    boolean first = true;
    for (Object item : dict.items()) {
      List<Object> pair = ((Tuple) item).items();
      out.append(first ? "" : ", ");
      repr(pair.get(0), out, depth + 1);
      out.append(": ");
      repr(pair.get(1), out, depth + 1);
      first = false;
    }
    out.append('}');
  }

  private static void range(IntRange range, StringBuilder out) {
    out.append("range(").append(range.start()).append(", ").append(range.stop());
    out.append(range.step() == 1 ? "" : ", " + range.step()).append(')');
  }

  /// A string in quotes, as Python shows it.
  static String quoted(String text) {
    StringBuilder out = new StringBuilder();
    quote(text, out);
    return out.toString();
  }

  private static void quote(String text, StringBuilder out) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    out.append(quote);
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int point = text.codePointAt(i);
      if (point == quote || point == '\\') {
        out.append('\\').append((char) point);
      } else if (point >= ' ' && point < 127) {
        out.append((char) point);
      } else {
        special(point, out);
      }
    }
    out.append(quote);
  }

  private static void special(int point, StringBuilder out) {
    switch (point) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (isPrintable(point)) {
          out.appendCodePoint(point);
        } else {
          out.append(String.format(Locale.ROOT, escape(point), point));
        }
      }
    }
  }

  private static String escape(int point) {
    return point < 256 ? "\\x%02x" : point < 65536 ? "\\u%04x" : "\\U%08x";
  }

  /// Python's `str.isprintable` for one code point.
  static boolean isPrintable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> point == ' ';
      default -> true;
    };
  }
}
