package io.tuneplane.model.jinja;

import io.tuneplane.model.jinja.Stmt.Branch;
import io.tuneplane.model.jinja.Stmt.Signature;
import io.tuneplane.model.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/// Parses a template into statements.
final class Parser {

  /// How deep blocks may be nested.
  private static final int MAX_NESTING = 50;

  /// How deep one expression's parts may be nested, counting `a + b + c` as two.
  static final int MAX_DEPTH = 200;

  /// Tags of Jinja that only make sense among several templates, or with HTML.
  private static final Set<String> UNSUPPORTED =
      Set.of("block", "extends", "include", "import", "from", "autoescape");

  private final Tokens tokens;
  private final ExpressionParser expressions;
  private int nesting;

  private Parser(Tokens tokens) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens);
  }

  /// The statements of a template.
  ///
  /// @throws Fault if it doesn't parse
  static List<Stmt> parse(String template) {
    Parser parser = new Parser(new Tokens(Lexer.scan(template)));
    return parser.statements(Set.of());
  }

  /// Statements up to a tag with one of these names, which becomes the current token.
  private List<Stmt> statements(Set<String> ends) {
    if (++nesting > MAX_NESTING) {
      throw tokens.fault("blocks are nested too deep");
    }
    List<Stmt> body = new ArrayList<>();
    while (!tokens.is(Kind.END)) {
      Token token = tokens.next();
      switch (token.kind()) {
        case DATA -> body.add(new Stmt.TextOut(token.text()));
        case VARIABLE_BEGIN -> body.add(output());
        default -> {
          if (tokens.is(Kind.NAME) && ends.contains(tokens.current().text())) {
            nesting--;
            return body;
          }
          statement(body);
          tokens.expect(Kind.BLOCK_END, "'%}'");
        }
      }
    }
    if (!ends.isEmpty()) {
      throw tokens.fault("Unexpected end of template, looking for " + String.join(" or ", ends));
    }
    return body;
  }

  /// The body of a block: the rest of its tag, and statements up to one of these tags.
  private List<Stmt> body(String... ends) {
    tokens.skipOperator(":");
    tokens.expect(Kind.BLOCK_END, "'%}'");
    return statements(Set.of(ends));
  }

  private List<Stmt> wholeBody(String end) {
    List<Stmt> body = body(end);
    tokens.next();
    return body;
  }

  private Stmt output() {
    int line = tokens.line();
    Expr value = checked(expressions.tuple(false, true));
    tokens.expect(Kind.VARIABLE_END, "'}}'");
    return new Stmt.Output(value, line);
  }

  private void statement(List<Stmt> body) {
    int line = tokens.line();
    String tag = tokens.expectName();
    switch (tag) {
      case "for" -> body.add(loop(line));
      case "if" -> body.add(condition(line));
      case "set" -> body.add(assignment(line));
      case "with" -> body.add(with(line));
      case "macro" -> body.add(macro(line));
      case "call" -> body.add(call(line));
      case "filter" -> body.add(filter(line));
      case "generation" -> body.add(generation(line));
      case "print" -> print(body, line);
      case "break" -> body.add(new Stmt.Break(line));
      case "continue" -> body.add(new Stmt.Continue(line));
      default -> throw unknown(tag, line);
    }
  }

  private Fault unknown(String tag, int line) {
    return new Fault(
        UNSUPPORTED.contains(tag)
            ? "the tag '" + tag + "' is not supported"
            : "Encountered unknown tag '" + tag + "'.",
        line);
  }

  private Stmt loop(int line) {
    Target target = targets(false);
    tokens.expectName("in");
    Expr iterable = checked(expressions.tuple(false, false));
    Expr test = tokens.skipName("if") ? checked(expressions.expression()) : null;
    if (tokens.isName("recursive")) {
      throw tokens.fault("a recursive loop is not supported");
    }
    List<Stmt> body = body("endfor", "else");
    List<Stmt> otherwise = tokens.next().isName("else") ? wholeBody("endfor") : List.of();
    return new Stmt.For(target, iterable, test, body, otherwise, line);
  }

  private Stmt condition(int first) {
    List<Branch> branches = new ArrayList<>();
    int line = first;
    while (true) {
      Expr test = checked(expressions.tuple(false, false));
      branches.add(new Branch(test, body("elif", "else", "endif"), line));
      line = tokens.line();
      Token end = tokens.next();
      if (end.isName("endif")) {
        return new Stmt.If(branches, List.of());
      }
      if (end.isName("else")) {
        return new Stmt.If(branches, wholeBody("endif"));
      }
    }
  }

  private Stmt assignment(int line) {
    Target target = targets(true);
    if (tokens.skipOperator("=")) {
      return new Stmt.Assign(target, checked(expressions.tuple(false, true)), line);
    }
    Expr.Filter filter = null;
    while (tokens.skipOperator("|")) {
      filter = expressions.filter(filter);
    }
    if (filter != null) {
      checked(filter);
    }
    return new Stmt.AssignBlock(target, filter, wholeBody("endset"), line);
  }

  /// One target, or several with commas between them.
  private Target targets(boolean namespaces) {
    List<Target> targets = new ArrayList<>();
    boolean comma = false;
    while (!tokens.is(Kind.BLOCK_END) && !tokens.isOperator(")")) {
      targets.add(target(namespaces));
      if (!tokens.skipOperator(",")) {
        break;
      }
      comma = true;
    }
    if (!comma && targets.size() == 1) {
      return targets.getFirst();
    }
    if (!comma) {
      throw tokens.expected("a name to assign to");
    }
    return new Target.Unpacked(targets);
  }

  private Target target(boolean namespaces) {
    int line = tokens.line();
    if (tokens.skipOperator("(")) {
      if (++nesting > MAX_NESTING) {
        throw tokens.fault("targets are nested too deep");
      }
      Target inner = targets(false);
      nesting--;
      tokens.expectOperator(")");
      return inner;
    }
    String name = tokens.expectName();
    if (namespaces && tokens.skipOperator(".")) {
      return new Target.NamespaceAttribute(name, tokens.expectName());
    }
    return new Target.Variable(assignable(name, line));
  }

  private static String assignable(String name, int line) {
    if (Set.of("true", "false", "none", "True", "False", "None").contains(name)) {
      throw new Fault("can't assign to '" + name + "'", line);
    }
    return name;
  }

  private Stmt with(int line) {
    List<Target> targets = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    while (!tokens.is(Kind.BLOCK_END)) {
      if (!targets.isEmpty()) {
        tokens.expectOperator(",");
      }
      targets.add(target(false));
      tokens.expectOperator("=");
      values.add(checked(expressions.expression()));
    }
    return new Stmt.With(targets, values, wholeBody("endwith"), line);
  }

  private Stmt macro(int line) {
    String name = assignable(tokens.expectName(), line);
    List<String> parameters = new ArrayList<>();
    List<Expr> defaults = new ArrayList<>();
    parameters(parameters, defaults);
    List<Stmt> body = wholeBody("endmacro");
    return new Stmt.MacroOf(name, new Signature(parameters, defaults, body), line);
  }

  private void parameters(List<String> parameters, List<Expr> defaults) {
    tokens.expectOperator("(");
    while (!tokens.isOperator(")")) {
      if (!parameters.isEmpty()) {
        tokens.expectOperator(",");
      }
      String name = assignable(tokens.expectName(), tokens.line());
      if (parameters.contains(name)) {
        throw tokens.fault("duplicate argument '" + name + "'");
      }
      parameters.add(name);
      if (tokens.skipOperator("=")) {
        defaults.add(checked(expressions.expression()));
      } else if (!defaults.isEmpty()) {
        throw tokens.fault("non-default argument follows default argument");
      }
    }
    tokens.expectOperator(")");
  }

  private Stmt call(int line) {
    List<String> parameters = new ArrayList<>();
    List<Expr> defaults = new ArrayList<>();
    if (tokens.isOperator("(")) {
      parameters(parameters, defaults);
    }
    if (!(checked(expressions.expression()) instanceof Expr.Call call)) {
      throw new Fault("expected call", line);
    }
    List<Stmt> body = wholeBody("endcall");
    return new Stmt.CallBlock(call, new Signature(parameters, defaults, body), line);
  }

  private Stmt filter(int line) {
    Expr.Filter filter = expressions.filter(null);
    while (tokens.skipOperator("|")) {
      filter = expressions.filter(filter);
    }
    checked(filter);
    return new Stmt.FilterBlock(filter, wholeBody("endfilter"), line);
  }

  private Stmt generation(int line) {
    List<Stmt> body = wholeBody("endgeneration");
    return new Stmt.Generation(new Signature(List.of(), List.of(), body), line);
  }

  private void print(List<Stmt> body, int line) {
    boolean first = true;
    while (!tokens.is(Kind.BLOCK_END)) {
      if (!first) {
        tokens.expectOperator(",");
      }
      body.add(new Stmt.Output(checked(expressions.expression()), line));
      first = false;
    }
  }

  /// The expression, unless its parts are nested too deep to be worked on by recursion.
  private Expr checked(Expr expr) {
    Deque<Expr> level = new ArrayDeque<>(List.of(expr));
    for (int depth = 0; !level.isEmpty(); depth++) {
      if (depth > MAX_DEPTH) {
        throw tokens.fault("an expression has too many parts");
      }
      Deque<Expr> next = new ArrayDeque<>();
      level.forEach(e -> next.addAll(e.children()));
      level = next;
    }
    return expr;
  }
}
