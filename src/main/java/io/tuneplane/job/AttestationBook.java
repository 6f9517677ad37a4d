package io.tuneplane.job;

import io.tuneplane.policy.Attestation;
import io.tuneplane.policy.AuditEvent;
import io.tuneplane.policy.AuditEvent.Kind;
import io.tuneplane.policy.Ledger;
import io.tuneplane.policy.Purpose;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The attestations that were made with `tuneplane attestations add`. They are kept in the audit
/// log and nowhere else: only a line that its key signed counts, so that nobody gives leave by
/// editing a file.
public final class AttestationBook {

  private final AuditTrail log;

  /// @param log the audit log that holds them
  public AttestationBook(AuditTrail log) {
    this.log = log;
  }

  /// All of them, oldest first, whether they count today or not.
  ///
  /// @throws AuditException if the log can't be read
  public List<Attestation> all() {
    return log.signed(Kind.ATTESTATION).stream()
        .map(AuditEvent::fields)
        .map(AttestationBook::read)
        .toList();
  }

  /// Adds one. It counts from the next question on.
  ///
  /// @param ledger the open audit log
  /// @param actor who adds it
  public static void add(Attestation attestation, Ledger ledger, String actor, Instant now) {
    Map<String, String> fields = new TreeMap<>();
    fields.put("actor", actor);
    fields.put("who", attestation.who());
    fields.put("when", attestation.when().toString());
    fields.put("until", attestation.until().toString());
    fields.put("document", attestation.document());
    fields.put("flag", attestation.flag());
    fields.put("destination", attestation.destination());
    fields.put("endpoint", attestation.endpoint().wireName());
    attestation.region().ifPresent(region -> fields.put("region", region));
    ledger.append(AuditEvent.of(now, Kind.ATTESTATION, fields));
  }

  private static Attestation read(Map<String, String> fields) {
    return new Attestation(
        field(fields, "who"),
        LocalDate.parse(field(fields, "when")),
        LocalDate.parse(field(fields, "until")),
        field(fields, "document"),
        field(fields, "flag"),
        field(fields, "destination"),
        Purpose.valueOf(field(fields, "endpoint").toUpperCase(Locale.ROOT)),
        Optional.ofNullable(fields.get("region")));
  }

  private static String field(Map<String, String> fields, String name) {
    return Optional.ofNullable(fields.get(name))
        .orElseThrow(() -> new AuditException("an attestation in the audit log lacks " + name));
  }
}
