package io.tuneplane.policy;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/// An administrator's word that data with one flag may go to one place, for one purpose, until a
/// day. What a provider states of itself is advice; this is leave.
///
/// @param who the administrator
/// @param when the day of signing: it counts from the start of this day, UTC
/// @param until the last day on which it counts, UTC
/// @param document what it rests on: a contract's number, a report's date
/// @param flag the flag
/// @param destination the backend's name
/// @param endpoint training or prompts
/// @param region the place's region; empty only for a place that has none. Never a wildcard
public record Attestation(
    String who,
    LocalDate when,
    LocalDate until,
    String document,
    String flag,
    String destination,
    Purpose endpoint,
    Optional<String> region) {

  /// @throws PolicyException if a part is blank or it ends before it begins
  public Attestation {
    requireText(who, "who");
    requireText(document, "document");
    requireText(flag, "flag");
    requireText(destination, "destination");
    if (until.isBefore(when)) {
      throw new PolicyException("an attestation can't end (" + until + ") before " + when);
    }
  }

  /// Whether it counts at that time.
  public boolean holdsAt(Instant now) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    return !today.isBefore(when) && !today.isAfter(until);
  }

  /// When it stops counting.
  public Instant end() {
    return until.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /// Whether it speaks of that flag, place, endpoint and region, whatever the day.
  boolean covers(String wanted, Destination place, Purpose purpose) {
    return flag.equals(wanted)
        && destination.equals(place.name())
        && endpoint == purpose
        && region.equals(place.region());
  }

  /// One line for evidence.
  String summary() {
    return "attestation: %s by %s, %s to %s, for %s at %s (%s%s)"
        .formatted(
            document,
            who,
            when,
            until,
            flag,
            destination,
            endpoint.wireName(),
            region.map(name -> ", " + name).orElse(""));
  }

  private static void requireText(String text, String part) {
    if (text.isBlank()) {
      throw new PolicyException("an attestation needs " + part);
    }
  }
}
