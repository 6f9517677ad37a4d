package io.tuneplane.api;

import io.tuneplane.access.Caller;
import io.tuneplane.backend.Problem;
import io.tuneplane.job.AttestationBook;
import io.tuneplane.job.PolicySource;
import io.tuneplane.policy.Attestation;
import io.tuneplane.policy.Ledger;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SortedSet;
import java.util.function.Supplier;

/// Attestations in this machine's audit log. Safe for many threads.
public final class InProcessAttestations implements AttestationsApi {

  private final PolicySource policy;
  private final Supplier<Ledger> ledger;
  private final InstantSource clock;
  private final Caller caller;
  private final String organisation;

  /// @param policy tells which flags are known, and what its file attests
  /// @param ledger opened when the first one is added
  /// @param caller who asks, an administrator
  /// @param organisation whose the installation is: an attestation holds for all of its server
  public InProcessAttestations(
      PolicySource policy,
      Supplier<Ledger> ledger,
      InstantSource clock,
      Caller caller,
      String organisation) {
    this.policy = policy;
    this.ledger = ledger;
    this.clock = clock;
    this.caller = caller;
    this.organisation = organisation;
  }

  @Override
  public AttestationCard add(Attestation attestation) {
    InstallationOnly.require(caller, organisation, "leave for data to go to a place");
    Instant now = clock.instant();
    SortedSet<String> known = policy.policy().knownFlags();
    if (!known.contains(attestation.flag())) {
      throw wrong("flag", "unknown flag \"" + attestation.flag() + "\"; known are " + known);
    }
    if (attestation.until().isBefore(LocalDate.ofInstant(now, ZoneOffset.UTC))) {
      throw wrong("until", attestation.until() + " is over");
    }
    AttestationBook.add(attestation, ledger.get(), caller.keyId(), now);
    return AttestationCard.of(attestation, now);
  }

  @Override
  public List<AttestationCard> list() {
    Instant now = clock.instant();
    return policy.policy().attestations().stream().map(a -> AttestationCard.of(a, now)).toList();
  }

  private static RequestException wrong(String field, String message) {
    return new RequestException(List.of(new Problem(field, message)));
  }
}
