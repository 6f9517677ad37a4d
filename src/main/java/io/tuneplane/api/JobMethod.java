package io.tuneplane.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.Problem;
import io.tuneplane.job.Choice;
import io.tuneplane.job.HyperparameterChoices;
import io.tuneplane.job.HyperparameterRules;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// How a job is tuned, as OpenAI's `method` says it, or its older top-level `hyperparameters`.
///
/// @param method supervised or dpo
/// @param path where the hyperparameters stood, e.g. `method.dpo.hyperparameters.`
/// @param epochs passes over the data
/// @param batchSize examples per step
/// @param learningRateMultiplier times the base learning rate
/// @param beta dpo only
record JobMethod(
    Method method,
    String path,
    Choice<Integer> epochs,
    Choice<Integer> batchSize,
    Choice<Double> learningRateMultiplier,
    Choice<Double> beta) {

  private static final String HYPERPARAMETERS = "hyperparameters";
  private static final String AUTO = "auto";
  private static final List<String> SUPERVISED =
      List.of("batch_size", "learning_rate_multiplier", "n_epochs");
  private static final List<String> DPO =
      List.of("batch_size", "beta", "learning_rate_multiplier", "n_epochs");

  static JobMethod read(Fields body) {
    Fields asked = body.object("method");
    Method method = body.field("method").isPresent() ? type(asked) : Method.SUPERVISED;
    Fields inMethod = asked.object(method.wireName()).object(HYPERPARAMETERS);
    Fields legacy = body.object(HYPERPARAMETERS);
    if (!legacy.names().isEmpty() && !inMethod.names().isEmpty()) {
      body.problem(HYPERPARAMETERS, "are given here and in method: give them in method alone");
    }
    Fields from = inMethod.names().isEmpty() ? legacy : inMethod;
    from.onlyKnown(method == Method.DPO ? DPO : SUPERVISED);
    return new JobMethod(
        method,
        from.path(),
        choice(from, "n_epochs", JobMethod::whole, "a whole number"),
        choice(from, "batch_size", JobMethod::whole, "a whole number"),
        choice(from, "learning_rate_multiplier", JobMethod::number, "a number"),
        choice(from, "beta", JobMethod::number, "a number"));
  }

  private static Method type(Fields asked) {
    String type = asked.required("type");
    if (type.equals("reinforcement")) {
      throw new RequestException(
          List.of(
              new Problem("method.type", "reinforcement is not offered; use supervised or dpo")),
          JobBodies.UNSUPPORTED);
    }
    Optional<Method> method =
        Arrays.stream(Method.values()).filter(m -> m.wireName().equals(type)).findFirst();
    if (method.isEmpty() && !type.isEmpty()) {
      asked.problem("type", "must be supervised or dpo, not " + Words.quoted(type));
    }
    return method.orElse(Method.SUPERVISED);
  }

  private static <T> Choice<T> choice(
      Fields from, String name, Function<JsonNode, Optional<T>> as, String expected) {
    Optional<JsonNode> node = from.field(name);
    if (node.isEmpty() || node.get().asText().equals(AUTO)) {
      return Choice.auto();
    }
    Optional<T> value = as.apply(node.get());
    if (value.isEmpty()) {
      from.problem(name, "must be " + expected + " or \"auto\"");
    }
    return new Choice<>(value);
  }

  private static Optional<Integer> whole(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToInt()
        ? Optional.of(node.intValue())
        : Optional.empty();
  }

  private static Optional<Double> number(JsonNode node) {
    return Optional.of(node)
        .filter(JsonNode::isNumber)
        .map(JsonNode::doubleValue)
        .filter(Double::isFinite);
  }

  /// What is out of range, under the names that the sender used.
  static List<Problem> outOfRange(HyperparameterChoices choices, JobMethod method) {
    return HyperparameterRules.check(choices).stream()
        .map(problem -> {
          String name = problem.field().substring(HYPERPARAMETERS.length() + 1);
          String path = DPO.contains(name) ? method.path() : "metadata." + JobMetadata.PREFIX;
          return new Problem(path + name, problem.message());
        })
        .toList();
  }

  static ObjectNode write(Method method, HyperparameterChoices choices) {
    ObjectNode node = Json.mapper().createObjectNode();
    node.put("type", method.wireName());
    node.putObject(method.wireName()).set(HYPERPARAMETERS, hyperparameters(method, choices));
    return node;
  }

  static ObjectNode hyperparameters(Method method, HyperparameterChoices choices) {
    ObjectNode node = Json.mapper().createObjectNode();
    node.set("n_epochs", choice(choices.epochs()));
    node.set("batch_size", choice(choices.batchSize()));
    node.set("learning_rate_multiplier", choice(choices.learningRateMultiplier()));
    if (method == Method.DPO) {
      node.set("beta", choice(choices.beta()));
    }
    return node;
  }

  private static JsonNode choice(Choice<?> choice) {
    return choice.value().map(Json::tree).orElseGet(() -> Json.tree(AUTO));
  }
}
