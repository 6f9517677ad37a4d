package io.tuneplane.model.jinja;

import io.tuneplane.model.jinja.Expr.Args;
import io.tuneplane.model.jinja.Expr.Named;
import io.tuneplane.model.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Parses expressions with Jinja's precedence: `if`, `or`, `and`, `not`, comparison, `+ -`, `~`, `*
/// / // %`, `**`, sign, then calls, subscripts, filters and tests.
final class ExpressionParser {

  /// How deep parentheses and the like may be nested.
  private static final int MAX_NESTING = 100;

  private static final Map<String, Object> CONSTANTS =
      Map.of(
          "true", true, "True", true, "false", false, "False", false, "none", None.NONE, "None",
          None.NONE);

  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final Set<String> PRODUCTS = Set.of("*", "/", "//", "%");

  private final Tokens tokens;
  private int nesting;

  ExpressionParser(Tokens tokens) {
    this.tokens = tokens;
  }

  /// An expression.
  Expr expression() {
    if (++nesting > MAX_NESTING) {
      throw tokens.fault("expressions are nested too deep");
    }
    Expr expr = conditional();
    nesting--;
    return expr;
  }

  /// An expression that doesn't end in a condition of its own: what stands before `if`.
  private Expr unconditional() {
    return or();
  }

  private Expr conditional() {
    int line = tokens.line();
    Expr expr = or();
    while (tokens.skipName("if")) {
      Expr test = or();
      Expr otherwise = tokens.skipName("else") ? expression() : null;
      expr = new Expr.Conditional(test, expr, otherwise, line);
    }
    return expr;
  }

  private Expr or() {
    Expr left = and();
    while (tokens.skipName("or")) {
      left = new Expr.Or(left, and());
    }
    return left;
  }

  private Expr and() {
    Expr left = not();
    while (tokens.skipName("and")) {
      left = new Expr.And(left, not());
    }
    return left;
  }

  private Expr not() {
    int negations = 0;
    while (tokens.skipName("not")) {
      negations++;
    }
    Expr expr = comparison();
    for (int i = 0; i < negations; i++) {
      expr = new Expr.Not(expr);
    }
    return expr;
  }

  private Expr comparison() {
    List<Expr> operands = new ArrayList<>(List.of(sum()));
    List<String> operators = new ArrayList<>();
    for (String operator = comparator(); operator != null; operator = comparator()) {
      operators.add(operator);
      operands.add(sum());
    }
    return operators.isEmpty() ? operands.getFirst() : new Expr.Compare(operands, operators);
  }

  private @Nullable String comparator() {
    if (tokens.is(Kind.OPERATOR) && COMPARISONS.contains(tokens.current().text())) {
      return tokens.next().text();
    }
    if (tokens.skipName("in")) {
      return "in";
    }
    if (tokens.isName("not") && tokens.look().isName("in")) {
      tokens.next();
      tokens.next();
      return "not in";
    }
    return null;
  }

  private Expr sum() {
    Expr left = concat();
    while (tokens.isOperator("+") || tokens.isOperator("-")) {
      left = new Expr.Binary(tokens.next().text(), left, concat());
    }
    return left;
  }

  private Expr concat() {
    List<Expr> parts = new ArrayList<>(List.of(product()));
    while (tokens.skipOperator("~")) {
      parts.add(product());
    }
    return parts.size() == 1 ? parts.getFirst() : new Expr.Concat(parts);
  }

  private Expr product() {
    Expr left = power();
    while (tokens.is(Kind.OPERATOR) && PRODUCTS.contains(tokens.current().text())) {
      left = new Expr.Binary(tokens.next().text(), left, power());
    }
    return left;
  }

  private Expr power() {
    Expr left = unary(true);
    while (tokens.skipOperator("**")) {
      left = new Expr.Binary("**", left, unary(true));
    }
    return left;
  }

  private Expr unary(boolean filtered) {
    Expr expr;
    if (tokens.isOperator("-") || tokens.isOperator("+")) {
      char sign = tokens.next().text().charAt(0);
      if (++nesting > MAX_NESTING) {
        throw tokens.fault("expressions are nested too deep");
      }
      expr = new Expr.Unary(sign, unary(false));
      nesting--;
    } else {
      expr = primary();
    }
    expr = postfix(expr);
    return filtered ? filtered(expr) : expr;
  }

  private Expr primary() {
    Token token = tokens.current();
    return switch (token.kind()) {
      case NAME -> {
        tokens.next();
        Object constant = CONSTANTS.get(token.text());
        yield constant != null ? new Expr.Const(constant) : new Expr.Name(token.text());
      }
      case STRING -> strings();
      case NUMBER -> new Expr.Const(tokens.next().value());
      case OPERATOR -> bracketed(token);
      case DATA, VARIABLE_BEGIN, VARIABLE_END, BLOCK_BEGIN, BLOCK_END, END ->
          throw tokens.expected("an expression");
    };
  }

  private Expr strings() {
    StringBuilder text = new StringBuilder();
    while (tokens.is(Kind.STRING)) {
      text.append(tokens.next().text());
    }
    return new Expr.Const(text.toString());
  }

  private Expr bracketed(Token token) {
    if (tokens.skipOperator("(")) {
      Expr expr = tuple(true, true);
      tokens.expectOperator(")");
      return expr;
    }
    if (tokens.skipOperator("[")) {
      return new Expr.ListOf(items("]"));
    }
    if (tokens.skipOperator("{")) {
      return dict();
    }
    throw tokens.fault("unexpected '" + token.text() + "'");
  }

  private List<Expr> items(String end) {
    List<Expr> items = new ArrayList<>();
    while (!tokens.isOperator(end)) {
      if (!items.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.isOperator(end)) {
          break;
        }
      }
      items.add(expression());
    }
    tokens.expectOperator(end);
    return items;
  }

  private Expr dict() {
    List<Expr> pairs = new ArrayList<>();
    while (!tokens.isOperator("}")) {
      if (!pairs.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.isOperator("}")) {
          break;
        }
      }
      pairs.add(expression());
      tokens.expectOperator(":");
      pairs.add(expression());
    }
    tokens.expectOperator("}");
    return new Expr.DictOf(pairs);
  }

  /// One expression, or several with commas between them, which make a tuple.
  ///
  /// @param mayBeEmpty whether nothing at all is the empty tuple
  /// @param conditional whether the expressions may have conditions
  Expr tuple(boolean mayBeEmpty, boolean conditional) {
    List<Expr> items = new ArrayList<>();
    boolean comma = false;
    while (!tupleEnds()) {
      items.add(conditional ? expression() : unconditional());
      if (!tokens.skipOperator(",")) {
        break;
      }
      comma = true;
    }
    if (!comma && items.size() == 1) {
      return items.getFirst();
    }
    if (!comma && !mayBeEmpty) {
      throw tokens.expected("an expression");
    }
    return new Expr.TupleOf(items);
  }

  private boolean tupleEnds() {
    return tokens.is(Kind.VARIABLE_END) || tokens.is(Kind.BLOCK_END) || tokens.isOperator(")");
  }

  private Expr postfix(Expr start) {
    Expr expr = start;
    while (true) {
      if (tokens.skipOperator(".")) {
        expr = attribute(expr);
      } else if (tokens.skipOperator("[")) {
        expr = subscript(expr);
      } else if (tokens.isOperator("(")) {
        expr = new Expr.Call(expr, args());
      } else {
        return expr;
      }
    }
  }

  private Expr filtered(Expr start) {
    Expr expr = start;
    while (true) {
      if (tokens.skipOperator("|")) {
        expr = filter(expr);
      } else if (tokens.skipName("is")) {
        expr = test(expr);
      } else if (tokens.isOperator("(")) {
        expr = new Expr.Call(expr, args());
      } else {
        return expr;
      }
    }
  }

  private Expr attribute(Expr object) {
    Token name = tokens.next();
    if (name.kind() == Kind.NAME) {
      return new Expr.Attribute(object, name.text());
    }
    if (name.kind() == Kind.NUMBER && !(name.value() instanceof Double)) {
      return new Expr.Item(object, new Expr.Const(name.value()));
    }
    throw new Fault("expected a name or number after the dot", name.line());
  }

  private Expr subscript(Expr object) {
    if (tokens.skipOperator("]")) {
      return new Expr.Item(object, new Expr.TupleOf(List.of()));
    }
    Expr start = tokens.isOperator(":") ? null : expression();
    if (tokens.isOperator(":")) {
      return slice(object, start);
    }
    if (start == null) {
      throw tokens.expected("a subscript");
    }
    if (!tokens.isOperator(",")) {
      tokens.expectOperator("]");
      return new Expr.Item(object, start);
    }
    List<Expr> keys = new ArrayList<>(List.of(start));
    while (tokens.skipOperator(",")) {
      keys.add(expression());
    }
    tokens.expectOperator("]");
    return new Expr.Item(object, new Expr.TupleOf(keys));
  }

  private Expr slice(Expr object, @Nullable Expr start) {
    tokens.expectOperator(":");
    Expr stop = bound();
    Expr step = tokens.skipOperator(":") ? bound() : null;
    if (tokens.isOperator(",")) {
      throw tokens.fault("a slice among several subscripts is not supported");
    }
    tokens.expectOperator("]");
    return new Expr.Slice(object, start, stop, step);
  }

  private @Nullable Expr bound() {
    boolean absent = tokens.isOperator(":") || tokens.isOperator("]") || tokens.isOperator(",");
    return absent ? null : expression();
  }

  /// The parentheses of a call.
  Args args() {
    tokens.expectOperator("(");
    ArgsParser args = new ArgsParser();
    while (!tokens.isOperator(")")) {
      args.next();
      if (!tokens.isOperator(")")) {
        tokens.expectOperator(",");
      }
    }
    tokens.expectOperator(")");
    return new Args(args.positional, args.named, args.star, args.starStar);
  }

  private final class ArgsParser {
    final List<Expr> positional = new ArrayList<>();
    final List<Named> named = new ArrayList<>();
    @Nullable Expr star;
    @Nullable Expr starStar;

    void next() {
      if (tokens.skipOperator("*")) {
        check(star == null && starStar == null);
        star = expression();
      } else if (tokens.skipOperator("**")) {
        check(starStar == null);
        starStar = expression();
      } else if (tokens.is(Kind.NAME) && tokens.look().isOperator("=")) {
        named();
      } else {
        check(star == null && starStar == null && named.isEmpty());
        positional.add(expression());
      }
    }

    private void named() {
      String name = tokens.next().text();
      tokens.next();
      check(starStar == null && named.stream().noneMatch(n -> n.name().equals(name)));
      named.add(new Named(name, expression()));
    }

    private void check(boolean fits) {
      if (!fits) {
        throw tokens.fault("invalid syntax for function call expression");
      }
    }
  }

  /// The filter whose name comes next.
  Expr.Filter filter(@Nullable Expr input) {
    int line = tokens.line();
    String name = dotted();
    Args args = tokens.isOperator("(") ? args() : Args.NONE;
    return new Expr.Filter(input, name, args, line);
  }

  private String dotted() {
    StringBuilder name = new StringBuilder(tokens.expectName());
    while (tokens.skipOperator(".")) {
      name.append('.').append(tokens.expectName());
    }
    return name.toString();
  }

  private Expr test(Expr input) {
    int line = tokens.line();
    boolean negated = tokens.skipName("not");
    String name = dotted();
    Expr test = new Expr.Test(input, name, testArgs(), line);
    return negated ? new Expr.Not(test) : test;
  }

  private Args testArgs() {
    if (tokens.isOperator("(")) {
      return args();
    }
    if (!startsTestArgument()) {
      return Args.NONE;
    }
    if (tokens.isName("is")) {
      throw tokens.fault("You cannot chain multiple tests with is");
    }
    return new Args(List.of(postfix(primary())), List.of(), null, null);
  }

  private boolean startsTestArgument() {
    boolean literal =
        tokens.is(Kind.NAME)
            || tokens.is(Kind.STRING)
            || tokens.is(Kind.NUMBER)
            || tokens.isOperator("[")
            || tokens.isOperator("{");
    return literal && !tokens.isName("else") && !tokens.isName("or") && !tokens.isName("and");
  }
}
