package io.tuneplane.model.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Python's `json.dumps`.
///
/// @param indent what each level is indented by, null for one line
/// @param between what stands between two elements
/// @param colon what stands between key and value
record Json(boolean ascii, @Nullable String indent, String between, String colon, boolean sorted) {

  /// The text of a value.
  ///
  /// @throws Fault if JSON has nothing for it
  String dumps(Run run, Object value) {
    StringBuilder out = new StringBuilder();
    write(run, value, out, 0);
    return out.toString();
  }

  private void write(Run run, Object value, StringBuilder out, int depth) {
    if (depth > Run.MAX_NESTING) {
      throw new Fault("maximum recursion depth exceeded while encoding a JSON object");
    }
    run.print(out.length(), 8);
    switch (value) {
      case String text -> string(run, text, out);
      case Markup markup -> string(run, markup.text(), out);
      case List<?> list -> list(run, list, out, depth);
      case Tuple(var items) -> list(run, items, out, depth);
      case Dict dict -> dict(run, dict, out, depth);
      default -> out.append(scalar(value));
    }
  }

  private static String scalar(Object value) {
    return switch (value) {
      case None _ -> "null";
      case Boolean truth -> truth ? "true" : "false";
      case Long number -> Long.toString(number);
      case BigInteger number -> number.toString();
      case Double number when number.isNaN() -> "NaN";
      case Double number when number.isInfinite() -> number > 0 ? "Infinity" : "-Infinity";
      case Double number -> Floats.repr(number);
      default ->
          throw new Fault("Object of type " + TypeName.of(value) + " is not JSON serializable");
    };
  }

  private void list(Run run, List<?> list, StringBuilder out, int depth) {
    out.append('[');
    for (int i = 0; i < list.size(); i++) {
      separate(out, i, depth + 1);
      write(run, list.get(i), out, depth + 1);
    }
    end(out, list.size(), depth);
    out.append(']');
  }

  private void dict(Run run, Dict dict, StringBuilder out, int depth) {
    List<Object> keys = new ArrayList<>(dict.keys());
    if (sorted) {
      keys.sort(Ordering.ascending(run));
    }
    out.append('{');
    for (int i = 0; i < keys.size(); i++) {
      separate(out, i, depth + 1);
      string(run, key(keys.get(i)), out);
      out.append(colon);
      write(run, Members.item(dict, keys.get(i)), out, depth + 1);
    }
    end(out, keys.size(), depth);
    out.append('}');
  }

  private static String key(Object key) {
    return switch (key) {
      case String text -> text;
      case Markup markup -> markup.text();
      case Tuple _, Undefined _ ->
          throw new Fault("keys must be str, int, float, bool or None, not " + TypeName.of(key));
      default -> scalar(key);
    };
  }

  private void separate(StringBuilder out, int index, int depth) {
    out.append(index == 0 ? "" : between);
    if (indent != null) {
      out.append('\n').append(indent.repeat(depth));
    }
  }

  private void end(StringBuilder out, int size, int depth) {
    if (indent != null && size > 0) {
      out.append('\n').append(indent.repeat(depth));
    }
  }

  private void string(Run run, String text, StringBuilder out) {
    run.print(out.length(), text.length());
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      character(text.charAt(i), out);
    }
    out.append('"');
  }

  private void character(char c, StringBuilder out) {
    int escape = "\"\\\n\r\t\b\f".indexOf(c);
    if (escape >= 0) {
      out.append('\\').append("\"\\nrtbf".charAt(escape));
    } else if (c < ' ' || (ascii && c > 126)) {
      out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
    } else {
      out.append(c);
    }
  }
}
