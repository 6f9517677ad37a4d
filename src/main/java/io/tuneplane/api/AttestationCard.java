package io.tuneplane.api;

import io.tuneplane.policy.Attestation;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/// An attestation, and whether it counts today.
///
/// @param who the administrator
/// @param when the first day on which it counts
/// @param until the last day
/// @param document what it rests on
/// @param flag the flag
/// @param destination the backend
/// @param endpoint `training` or `prompt`
/// @param region the place's region; absent for a place that has none
/// @param valid whether it counts today
public record AttestationCard(
    String who,
    LocalDate when,
    LocalDate until,
    String document,
    String flag,
    String destination,
    String endpoint,
    Optional<String> region,
    boolean valid) {

  static AttestationCard of(Attestation attestation, Instant now) {
    return new AttestationCard(
        attestation.who(),
        attestation.when(),
        attestation.until(),
        attestation.document(),
        attestation.flag(),
        attestation.destination(),
        attestation.endpoint().wireName(),
        attestation.region(),
        attestation.holdsAt(now));
  }
}
