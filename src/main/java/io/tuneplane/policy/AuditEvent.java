package io.tuneplane.policy;

import java.time.Instant;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Something that the audit log records.
///
/// @param at when, by the machine's clock
/// @param kind what kind of thing
/// @param fields the rest, by name
public record AuditEvent(Instant at, Kind kind, SortedMap<String, String> fields) {

  /// What happened. The wire name is the constant in lower case.
  public enum Kind {
    /// A third party was allowed to be sent data, just before it is.
    EGRESS,
    /// Hardware that we hold was allowed to use data, just before it does.
    USE,
    /// Data was not allowed to go somewhere.
    REFUSAL,
    /// How many prompts went to a deployment since the last such line.
    PROMPTS,
    /// An administrator attested something.
    ATTESTATION,
    /// A place was chosen.
    DECISION,
    /// The log's last line had been torn by a crash, and was set aside.
    RECOVERY;

    /// The name in the log.
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public AuditEvent {
    fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
  }

  /// An event with these fields.
  public static AuditEvent of(Instant at, Kind kind, Map<String, String> fields) {
    return new AuditEvent(at, kind, new TreeMap<>(fields));
  }
}
