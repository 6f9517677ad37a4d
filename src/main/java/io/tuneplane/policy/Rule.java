package io.tuneplane.policy;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One of the organisation's rules: a CEL expression that says when data may **not** go somewhere.
/// Rules only refuse; leave comes from the built-in rules and from attestations.
///
/// Evaluation is bounded in time and memory by the sizes below: an expression has no loop but over
/// its own inputs. One that can't be evaluated refuses.
public final class Rule {

  private static final int MAX_EXPRESSION = 4096;
  private static final int MAX_DEPTH = 64;
  private static final int MAX_ITERATIONS = 10_000;
  private static final int MAX_REGEX_PROGRAM = 1_000;

  // Compiling is thread-safe and this holds no state of ours; building it takes most of a second.
  private static final Cel CEL =
      CelFactory.plannerCelBuilder()
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .setOptions(
              CelOptions.current()
                  .maxExpressionCodePointSize(MAX_EXPRESSION)
                  .maxParseRecursionDepth(MAX_DEPTH)
                  .comprehensionMaxIterations(MAX_ITERATIONS)
                  .maxRegexProgramSize(MAX_REGEX_PROGRAM)
                  .enableHeterogeneousNumericComparisons(true)
                  .build())
          .addVar("flags", ListType.create(SimpleType.STRING))
          .addVar("scan", SimpleType.STRING)
          .addVar("destination", SimpleType.STRING)
          .addVar("location", SimpleType.STRING)
          .addVar("provider", SimpleType.STRING)
          .addVar("region", SimpleType.STRING)
          .addVar("purpose", SimpleType.STRING)
          .addVar("model", SimpleType.STRING)
          .addVar("examples", SimpleType.INT)
          .addVar("tokens", SimpleType.INT)
          .addVar("bytes", SimpleType.INT)
          .setResultType(SimpleType.BOOL)
          .build();

  private final String id;
  private final String expression;
  private final String message;
  private final CelRuntime.Program program;

  private Rule(String id, String expression, String message, CelRuntime.Program program) {
    this.id = id;
    this.expression = expression;
    this.message = message;
    this.program = program;
  }

  /// Compiles a rule.
  ///
  /// @param where the file's name and line
  /// @throws PolicyException naming the rule and the line, if the expression has a syntax or type
  ///   error, or is not a truth value
  static Rule compile(String id, String expression, String message, String where) {
    try {
      CelAbstractSyntaxTree tree = CEL.compile(expression).getAst();
      return new Rule(id, expression, message, CEL.createProgram(tree));
    } catch (CelValidationException | CelEvaluationException e) {
      throw new PolicyException(where, "rule " + id + ": " + e.getMessage(), e);
    }
  }

  /// The rule's name in answers.
  public String id() {
    return id;
  }

  /// When data may not go, in CEL.
  public String expression() {
    return expression;
  }

  /// What a refused user is told.
  public String message() {
    return message;
  }

  /// The refusal, if this rule refuses.
  Optional<Verdict> refusal(Question question, Location location) {
    try {
      return Boolean.FALSE.equals(program.eval(variables(question, location)))
          ? Optional.empty()
          : Optional.of(new Verdict.Refused(id, message, List.of("deny: " + expression)));
    } catch (CelEvaluationException e) {
      return Optional.of(
          new Verdict.Refused(
              id,
              "the rule can't be evaluated, so nothing may go: " + e.getMessage(),
              List.of("deny: " + expression)));
    }
  }

  private static Map<String, Object> variables(Question question, Location location) {
    Optional<Question.Size> size = question.size();
    Destination destination = question.destination();
    return Map.ofEntries(
        Map.entry("flags", List.copyOf(question.flags().names())),
        Map.entry("scan", question.flags().scan().wireName()),
        Map.entry("destination", destination.name()),
        Map.entry("location", location.wireName()),
        Map.entry("provider", destination.provider()),
        Map.entry("region", destination.region().orElse("")),
        Map.entry("purpose", question.purpose().wireName()),
        Map.entry("model", question.model()),
        Map.entry("examples", size.map(Question.Size::examples).orElse(0L)),
        Map.entry("tokens", size.map(Question.Size::tokens).orElse(0L)),
        Map.entry("bytes", size.map(Question.Size::bytes).orElse(0L)));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Rule rule
        && id.equals(rule.id)
        && expression.equals(rule.expression)
        && message.equals(rule.message);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return "Rule[" + id + ": " + expression + "]";
  }
}
