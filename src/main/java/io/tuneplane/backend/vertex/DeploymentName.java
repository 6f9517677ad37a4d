package io.tuneplane.backend.vertex;

import io.tuneplane.backend.DeploymentHandle;
import io.tuneplane.backend.DeploymentSpec;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What answers under a name, as a handle says it: `NAME=MODEL`. Any instance can read it, so that
/// nothing has to be stored.
///
/// @param name the name that clients say
/// @param model a base model's id, or a tuned model's name
record DeploymentName(String name, String model) {

  private static final Pattern FORM = Pattern.compile("([^=]+)=(.+)");
  private static final Pattern BASE = Pattern.compile("[a-z0-9][a-z0-9.-]*");

  static DeploymentName of(DeploymentSpec spec, VertexFacts facts) {
    return new DeploymentName(
        spec.name(),
        spec.tuned().map(t -> t.remoteName()).orElseGet(() -> facts.id(spec.baseModel())));
  }

  static Optional<DeploymentName> parse(DeploymentHandle handle) {
    Matcher matcher = FORM.matcher(handle.remoteId());
    return matcher.matches()
        ? Optional.of(new DeploymentName(matcher.group(1), matcher.group(2)))
            .filter(d -> d.tuned().isPresent() || BASE.matcher(d.model).matches())
        : Optional.empty();
  }

  Optional<TunedName> tuned() {
    return TunedName.parse(model);
  }

  /// What generateContent is asked of.
  String target() {
    return tuned().map(TunedName::endpoint).orElse(model);
  }

  String remoteId() {
    return name + "=" + model;
  }
}
