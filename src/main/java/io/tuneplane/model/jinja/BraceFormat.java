package io.tuneplane.model.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Python's `str.format`, for strings and numbers.
final class BraceFormat {

  private static final Pattern SPEC =
      Pattern.compile(
          "(?:(.)?([<>^]))?([-+ ]?)(0?)(\\d{0,6})(?:\\.(\\d{1,6}))?([sdfF]?)", Pattern.DOTALL);

  private final Run run;
  private final String format;
  private final Arguments arguments;
  private final StringBuilder out = new StringBuilder();
  private int at;
  private int automatic;

  private BraceFormat(Run run, String format, Arguments arguments) {
    this.run = run;
    this.format = format;
    this.arguments = arguments;
  }

  /// The format with the arguments put in.
  static String format(Run run, String format, Arguments arguments) {
    return new BraceFormat(run, format, arguments).whole();
  }

  private String whole() {
    while (at < format.length()) {
      char c = format.charAt(at++);
      if (c != '{' && c != '}') {
        StringMethods.append(run, out, String.valueOf(c));
      } else if (format.startsWith(String.valueOf(c), at)) {
        at++;
        StringMethods.append(run, out, String.valueOf(c));
      } else if (c == '{') {
        StringMethods.append(run, out, field());
      } else {
        throw new Fault("Single '}' encountered in format string");
      }
    }
    return out.toString();
  }

  private String field() {
    int end = format.indexOf('}', at);
    if (end < 0) {
      throw new Fault("expected '}' before end of string");
    }
    String field = format.substring(at, end);
    at = end + 1;
    if (field.indexOf('{') >= 0 || field.indexOf('[') >= 0) {
      throw Fault.unsupported("the format field {" + field + "}");
    }
    int colon = field.indexOf(':');
    String spec = colon < 0 ? "" : field.substring(colon + 1);
    String name = colon < 0 ? field : field.substring(0, colon);
    int conversion = name.indexOf('!');
    Object value = value(conversion < 0 ? name : name.substring(0, conversion));
    return laidOut(conversion < 0 ? value : converted(value, name.substring(conversion)), spec);
  }

  private static Object converted(Object value, String conversion) {
    return switch (conversion) {
      case "!s" -> Display.str(value);
      case "!r" -> Display.repr(value);
      default -> throw Fault.unsupported("the format conversion " + conversion);
    };
  }

  private Object value(String name) {
    List<String> path = new ArrayList<>(List.of(name.split("\\.", -1)));
    Object value = argument(path.removeFirst());
    for (String attribute : path) {
      value = Members.attribute(value, attribute);
    }
    return value;
  }

  private Object argument(String name) {
    if (!name.isEmpty() && !name.matches("\\d{1,6}")) {
      Object value = arguments.named().get(name);
      if (value == null) {
        throw new Fault("KeyError: " + Display.quoted(name));
      }
      return value;
    }
    if ((automatic > 0 && !name.isEmpty()) || (automatic < 0 && name.isEmpty())) {
      throw new Fault("cannot switch between manual and automatic field numbering");
    }
    int index = name.isEmpty() ? automatic : Integer.parseInt(name);
    automatic = name.isEmpty() ? automatic + 1 : -1;
    if (index >= arguments.positional().size()) {
      throw new Fault("Replacement index " + index + " out of range for positional args tuple");
    }
    return arguments.positional().get(index);
  }

  private String laidOut(Object value, String spec) {
    if (spec.isEmpty()) {
      return Display.str(value);
    }
    Matcher parts = SPEC.matcher(spec);
    if (!parts.matches()) {
      throw Fault.unsupported("the format specification " + Display.quoted(spec));
    }
    boolean number = Arithmetic.isNumber(value) && !(value instanceof Boolean);
    if (!number && !(value instanceof String)) {
      throw Fault.unsupported("a format specification for " + TypeName.of(value));
    }
    String body = body(value, parts);
    String align = parts.group(2) != null ? parts.group(2) : number ? ">" : "<";
    String fill = parts.group(1) != null ? parts.group(1) : " ";
    int width = parts.group(5).isEmpty() ? 0 : Integer.parseInt(parts.group(5));
    int missing = run.textOf(Math.max(0, width - Text.length(body)));
    int left = align.equals(">") ? missing : align.equals("^") ? missing / 2 : 0;
    return fill.repeat(left) + body + fill.repeat(missing - left);
  }

  private static String body(Object value, Matcher parts) {
    boolean zeros = !parts.group(4).isEmpty() && parts.group(2) == null;
    int width = zeros && !parts.group(5).isEmpty() ? Integer.parseInt(parts.group(5)) : 0;
    int precision = parts.group(6) == null ? -1 : Integer.parseInt(parts.group(6));
    NumberFormat format = new NumberFormat(parts.group(3) + (zeros ? "0" : ""), width, precision);
    String type = parts.group(7);
    return switch (value) {
      case String text
          when (type.isEmpty() || type.equals("s")) && parts.group(3).isEmpty() && !zeros ->
          new NumberFormat("", 0, precision).text(text);
      case Object number when Arithmetic.isInt(number) && precision < 0 && !type.matches("[sfF]") ->
          format.whole(number);
      case Object number when Arithmetic.isNumber(number) && type.matches("[fF]") ->
          format.fixed(Arithmetic.real(number));
      default -> throw Fault.unsupported("this format specification for " + TypeName.of(value));
    };
  }
}
