package io.tuneplane.model.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Filters whose input is a text, or is made one.
final class TextFilters {

  private static final Pattern WORD_BEGINS =
      Pattern.compile("[-\\s({\\[<]+", Pattern.UNICODE_CHARACTER_CLASS);

  private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);

  static final List<Builtin> ALL =
      List.of(
          Builtin.of("upper", "s", (_, a) -> Case.upper(text(a))),
          Builtin.of("lower", "s", (_, a) -> Case.lower(text(a))),
          Builtin.of("capitalize", "s", (_, a) -> Text.capitalize(text(a))),
          Builtin.of("title", "s", (_, a) -> title(text(a))),
          Builtin.of("trim", "value chars?", TextFilters::trim),
          Builtin.of("replace", "s old new count?", TextFilters::replace),
          Builtin.of("string", "object", (_, a) -> text(a)),
          Builtin.of("safe", "value", (_, a) -> new Markup(text(a))),
          Builtin.of("indent", "s width? first? blank?", TextFilters::indent),
          Builtin.of("center", "value width?", TextFilters::center),
          Builtin.of("truncate", "s length? killwords? end? leeway?", TextFilters::truncate),
          Builtin.of("wordcount", "s", (_, a) -> WORD.matcher(text(a)).results().count()),
          Builtin.raw("format", TextFilters::format),
          Builtin.of(
              "tojson",
              "x ensure_ascii? indent? separators? sort_keys?",
              (run, a) -> json(run, a).dumps(run, a.get(0))));

  private TextFilters() {}

  private static String text(Builtin.Bound a) {
    return Display.str(a.get(0));
  }

  private static String title(String text) {
    StringBuilder title = new StringBuilder();
    Matcher between = WORD_BEGINS.matcher(text);
    int at = 0;
    while (between.find()) {
      title.append(upperFirst(text.substring(at, between.start()))).append(between.group());
      at = between.end();
    }
    return title.append(upperFirst(text.substring(at))).toString();
  }

  private static String upperFirst(String word) {
    if (word.isEmpty()) {
      return word;
    }
    int end = word.offsetByCodePoints(0, 1);
    return Case.upper(word.substring(0, end)) + Case.lower(word.substring(end));
  }

  private static Object trim(Run run, Builtin.Bound a) {
    @Nullable String unwanted = a.textOrNull(1);
    run.spendOnSearch(text(a), unwanted == null ? "" : unwanted);
    return Text.strip(text(a), unwanted, true, true);
  }

  private static Object replace(Run run, Builtin.Bound a) {
    boolean all = a.get(3, None.NONE) == None.NONE;
    return StringMethods.replaced(
        run, text(a), Display.str(a.get(1)), Display.str(a.get(2)), all ? -1 : a.number(3, -1));
  }

  private static Object indent(Run run, Builtin.Bound a) {
    if (!(a.get(0) instanceof String text)) {
      throw new Fault("indent needs a string, not " + TypeName.of(a.get(0)));
    }
    Object width = a.get(1, 4L);
    String indent = width instanceof String given ? given : " ".repeat(spaces(run, width));
    boolean blank = a.truth(3);
    StringBuilder out = new StringBuilder(a.truth(2) ? indent : "");
    boolean first = true;
    for (String line : Text.lines(text + "\n", false)) {
      StringMethods.append(run, out, first ? "" : "\n");
      StringMethods.append(run, out, first || (line.isEmpty() && !blank) ? "" : indent);
      StringMethods.append(run, out, line);
      first = false;
    }
    return out.toString();
  }

  private static int spaces(Run run, Object width) {
    return run.textOf(Math.max(0, Index.require(width)));
  }

  private static Object center(Run run, Builtin.Bound a) {
    return StringMethods.centered(run, text(a), a.number(1, 80), " ");
  }

  private static Object truncate(Run run, Builtin.Bound a) {
    String end = a.has(3) ? a.text(3) : "...";
    long length = a.number(1, 255);
    long leeway = a.get(4, None.NONE) == None.NONE ? 5 : a.number(4, 5);
    long kept = length - Text.length(end);
    if (kept < 0 || leeway < 0) {
      throw new Fault("truncate: expected length >= " + Text.length(end));
    }
    if (Elements.length(a.get(0)) <= length + leeway) {
      return a.get(0);
    }
    String cut = Text.sub(a.text(0), 0, (int) kept);
    int blank = a.truth(2) ? -1 : cut.lastIndexOf(' ');
    return Arithmetic.add(run, blank < 0 ? cut : cut.substring(0, blank), end);
  }

  private static Object format(Run run, Arguments arguments) {
    Object format = arguments.positional().getFirst();
    Arguments values = arguments.from(1);
    if (!values.positional().isEmpty() && !values.named().isEmpty()) {
      throw new Fault("can't handle positional and keyword arguments at the same time");
    }
    Dict named = new Dict();
    values.named().forEach(named::put);
    return PercentFormat.format(
        run,
        Display.str(format),
        values.named().isEmpty() ? new Tuple(values.positional()) : named);
  }

  private static Json json(Run run, Builtin.Bound a) {
    @Nullable String indent = jsonIndent(run, a.get(2, None.NONE));
    List<Object> separators = new ArrayList<>();
    if (a.get(3, None.NONE) != None.NONE) {
      separators.addAll(Elements.all(run, a.get(3)));
    } else {
      separators.addAll(List.of(indent == null ? ", " : ",", ": "));
    }
    if (separators.size() != 2
        || !(separators.get(0) instanceof String between)
        || !(separators.get(1) instanceof String colon)) {
      throw new Fault("separators must be two strings");
    }
    return new Json(a.truth(1), indent, between, colon, a.truth(4));
  }

  private static @Nullable String jsonIndent(Run run, Object indent) {
    return switch (indent) {
      case None _ -> null;
      case String text -> text;
      default -> " ".repeat(run.textOf(Math.max(0, Index.require(indent))));
    };
  }
}
