package io.tuneplane.model.jinja;

import java.util.List;
import java.util.random.RandomGenerator;

/// Writes random templates: mostly valid ones, with values of every kind meeting every operator.
final class RandomTemplate {

  private static final List<String> ATOMS =
      List.of(
          "1",
          "0",
          "-3",
          "2.5",
          "1e20",
          "true",
          "false",
          "none",
          "'a'",
          "'A b'",
          "''",
          "' x\\n'",
          "'äé😀'",
          "[1, 2, 3]",
          "[]",
          "['b', 'a']",
          "(1, 'x')",
          "{'a': 1, 'b': [2]}",
          "{}",
          "u",
          "s",
          "l",
          "d",
          "m",
          "x",
          "y",
          "ns.v",
          "range(4)",
          "m[0]",
          "m[-1].content",
          "d.k",
          "loop",
          "loop.index",
          "loop.last",
          "kw",
          "'{{ 1 }}'",
          "9223372036854775807",
          "12",
          "0.1");

  private static final List<String> BINARY =
      List.of(
          "+", "-", "*", "/", "//", "%", "~", "==", "!=", "<", "<=", ">", ">=", "in", "not in",
          "and", "or");

  private static final List<String> FILTERS =
      List.of(
          "upper",
          "lower",
          "trim",
          "length",
          "first",
          "last",
          "list",
          "join",
          "join(', ')",
          "reverse",
          "sort",
          "unique",
          "string",
          "int",
          "float",
          "tojson",
          "tojson(indent=2)",
          "default('d')",
          "default('d', true)",
          "capitalize",
          "title",
          "replace('a', 'b')",
          "items",
          "dictsort",
          "abs",
          "round",
          "sum",
          "min",
          "max",
          "map('upper')",
          "map(attribute='role')",
          "select",
          "reject",
          "select('string')",
          "selectattr('role', 'equalto', 'user')",
          "rejectattr('x')",
          "batch(2)",
          "indent",
          "indent(2, true)",
          "count",
          "slice(2)",
          "safe",
          "tojson(ensure_ascii=true, sort_keys=true)",
          "format(1)",
          "truncate(3)",
          "wordcount",
          "center(9)",
          "attr('a')",
          "groupby('role')",
          "string|length",
          "list|tojson",
          "map('length')");

  private static final List<String> TESTS =
      List.of(
          "defined",
          "undefined",
          "none",
          "string",
          "mapping",
          "iterable",
          "sequence",
          "number",
          "integer",
          "float",
          "boolean",
          "true",
          "false",
          "odd",
          "even",
          "eq 1",
          "in [1, 'a']",
          "callable",
          "lower",
          "upper",
          "divisibleby 2",
          "gt 1",
          "not defined",
          "not none");

  private static final List<String> METHODS =
      List.of(
          "strip()",
          "split()",
          "split('a')",
          "split(' ', 1)",
          "upper()",
          "lower()",
          "title()",
          "startswith('a')",
          "endswith('b')",
          "replace('a', 'z')",
          "items()",
          "keys()",
          "values()",
          "get('a')",
          "get('q', 1)",
          "lstrip('a')",
          "rstrip()",
          "splitlines()",
          "capitalize()",
          "count('a')",
          "find('x')",
          "join(['p', 'q'])",
          "append(1)",
          "index(1)",
          "copy()",
          "isdigit()",
          "swapcase()",
          "zfill(4)",
          "partition('a')",
          "rsplit(none, 1)",
          "format(1, 2)");

  private final RandomGenerator random;
  private final StringBuilder out = new StringBuilder();

  private RandomTemplate(RandomGenerator random) {
    this.random = random;
  }

  /// A template.
  static String of(RandomGenerator random) {
    RandomTemplate template = new RandomTemplate(random);
    template.out.append("{% set ns = namespace(v=1) %}");
    template.block(1 + random.nextInt(2));
    return template.out.toString();
  }

  /// A template with a few characters changed.
  static String mutated(RandomGenerator random) {
    StringBuilder text = new StringBuilder(of(random));
    String alphabet = "{}%#-+|.,:()[]'\"\\ \n\t=<>!~*/0a_eé";
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      int at = random.nextInt(text.length());
      char c = alphabet.charAt(random.nextInt(alphabet.length()));
      if (Character.isSurrogate(text.charAt(at))) {
        continue; // Half a character is no text, in Python even less than here.
      }
      switch (random.nextInt(3)) {
        case 0 -> text.setCharAt(at, c);
        case 1 -> text.insert(at, c);
        default -> text.deleteCharAt(at);
      }
    }
    return text.toString();
  }

  private String pick(List<String> list) {
    return list.get(random.nextInt(list.size()));
  }

  private void block(int depth) {
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      statement(depth);
    }
  }

  private void statement(int depth) {
    switch (random.nextInt(depth > 0 ? 14 : 4)) {
      case 0 -> out.append(pick(List.of("text", " a ", "\n", "  \n ", "{", "é\n")));
      case 1, 2 -> output();
      case 3 -> tag("set " + pick(List.of("x", "y", "ns.v", "x, y", "l")) + " = " + expr(1));
      case 4, 5 -> nested("if " + expr(1), "endif", depth, "else");
      case 6, 7 -> loop(depth);
      case 8 -> nested("set " + pick(List.of("x", "y", "x | upper")), "endset", depth, "");
      case 9 -> nested("with x = " + expr(1), "endwith", depth, "");
      case 10 -> macro(depth);
      case 11 ->
          nested("filter " + pick(List.of("upper", "trim", "indent")), "endfilter", depth, "");
      case 12 -> nested("generation", "endgeneration", depth, "");
      default -> out.append(pick(List.of("{# note #}\n", "{%- raw %} {{ x }} {% endraw -%}\n")));
    }
  }

  private void output() {
    out.append(pick(List.of("{{ ", "{{- "))).append(expr(1 + random.nextInt(2)));
    out.append(pick(List.of(" }}", " -}}", " }}\n")));
  }

  private void tag(String content) {
    out.append(pick(List.of("{% ", "{%- ", "  {% ", "{%+ "))).append(content);
    out.append(pick(List.of(" %}", " -%}", " %}\n", " +%}\n")));
  }

  private void nested(String tag, String end, int depth, String middle) {
    tag(tag);
    block(depth - 1);
    if (!middle.isEmpty() && random.nextBoolean()) {
      tag(middle);
      block(depth - 1);
    }
    tag(end);
  }

  private void loop(int depth) {
    String target = pick(List.of("x", "y", "i", "x, y"));
    String condition = random.nextInt(4) == 0 ? " if " + expr(1) : "";
    tag(
        "for "
            + target
            + " in "
            + pick(List.of("l", "m", "d", "s", "range(3)", "d.items()", expr(1)))
            + condition);
    block(depth - 1);
    if (random.nextInt(3) == 0) {
      tag("if loop.index > 1");
      tag(pick(List.of("break", "continue")));
      tag("endif");
    }
    if (random.nextInt(3) == 0) {
      tag("else");
      block(depth - 1);
    }
    tag("endfor");
  }

  private void macro(int depth) {
    tag("macro mac(x, kw=" + expr(1) + ")");
    block(depth - 1);
    tag("endmacro");
    out.append("{{ mac(").append(expr(1)).append(") }}");
  }

  private String expr(int depth) {
    if (depth == 0) {
      return pick(ATOMS);
    }
    String inner = expr(depth - 1);
    return switch (random.nextInt(12)) {
      case 0, 1 -> inner + " " + pick(BINARY) + " " + expr(depth - 1);
      case 2, 3 -> inner + "|" + pick(FILTERS);
      case 4 -> inner + " is " + pick(TESTS);
      case 5 -> inner + "." + pick(METHODS);
      case 6 -> inner + pick(List.of("[0]", "[-1]", "['a']", ".a", "[1:]", "[::-1]", "[:2]", ".0"));
      case 7 -> "(" + inner + " if " + expr(depth - 1) + " else " + expr(depth - 1) + ")";
      case 8 -> "not " + inner;
      case 9 -> "(" + inner + ")";
      case 10 -> "[" + inner + ", " + expr(depth - 1) + "]";
      default -> inner;
    };
  }
}
