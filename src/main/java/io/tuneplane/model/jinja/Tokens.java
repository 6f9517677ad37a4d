package io.tuneplane.model.jinja;

import io.tuneplane.model.jinja.Token.Kind;
import java.util.List;

/// The tokens of a template with a place among them.
final class Tokens {

  private final List<Token> tokens;
  private int at;

  Tokens(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(at);
  }

  /// The token after the current one.
  Token look() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  /// The current token; goes to the next one.
  Token next() {
    Token token = current();
    at = Math.min(at + 1, tokens.size() - 1);
    return token;
  }

  boolean is(Kind kind) {
    return current().kind() == kind;
  }

  boolean isName(String name) {
    return current().isName(name);
  }

  boolean isOperator(String operator) {
    return current().isOperator(operator);
  }

  boolean skipName(String name) {
    boolean there = isName(name);
    if (there) {
      next();
    }
    return there;
  }

  boolean skipOperator(String operator) {
    boolean there = isOperator(operator);
    if (there) {
      next();
    }
    return there;
  }

  Token expect(Kind kind, String what) {
    if (!is(kind)) {
      throw expected(what);
    }
    return next();
  }

  String expectName() {
    return expect(Kind.NAME, "a name").text();
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw expected("'" + name + "'");
    }
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw expected("'" + operator + "'");
    }
  }

  Fault expected(String what) {
    return fault("expected " + what + ", got '" + current().describe() + "'");
  }

  Fault fault(String message) {
    return new Fault(message, current().line());
  }

  int line() {
    return current().line();
  }
}
