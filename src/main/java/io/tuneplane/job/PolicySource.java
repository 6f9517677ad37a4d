package io.tuneplane.job;

import io.tuneplane.config.ConfigException;
import io.tuneplane.decision.World;
import io.tuneplane.policy.Policy;
import io.tuneplane.policy.PolicyEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Reads the policy: the configured file, else the built-in one, and what was attested beside it.
/// The file is read once; attestations are read again for every question, so that a new one counts
/// at once.
public final class PolicySource {

  private final String name;
  private final Optional<String> yaml;
  private final Policy policy;
  private final AttestationBook attestations;

  /// Reads and checks the file.
  ///
  /// @param file the configured policy; empty for the built-in one
  /// @throws ConfigException if it is configured and can't be read
  /// @throws io.tuneplane.policy.PolicyException with its line, if it is broken
  public PolicySource(Optional<Path> file, AttestationBook attestations) {
    this.name = file.map(Path::toString).orElse(World.PolicyTexts.BUILT_IN.name());
    this.yaml = file.map(PolicySource::read);
    this.policy = yaml.map(text -> Policy.parse(name, text)).orElseGet(Policy::builtIn);
    this.attestations = attestations;
  }

  /// The policy's texts as they are now, for a decision that can be replayed.
  public World.PolicyTexts texts() {
    return new World.PolicyTexts(name, yaml, attestations.all());
  }

  /// An engine for the policy as it is now.
  public PolicyEngine engine() {
    return new PolicyEngine(policy());
  }

  /// The policy as it is now, with every attestation.
  public Policy policy() {
    return policy.with(attestations.all());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new ConfigException(
          List.of("policy_file: " + file + " can't be read, so nothing may go anywhere: " + e));
    }
  }
}
