package io.tuneplane.dataset;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Set;

/// What the scan looks for, and the flags that a finding raises. Names and postal addresses are not
/// looked for: without a language model they can't be told from other words.
public enum SensitiveKind {
  /// An address of electronic mail.
  EMAIL("email", "gdpr"),
  /// A payment card's number: an issuer's prefix and the Luhn check digit (ISO/IEC 7812-1).
  CARD("card", "pci"),
  /// A US social security number with dashes, in a range that is given out (SSA, since 2011).
  US_SSN("us-ssn", "confidential"),
  /// A telephone number with `+` and a country's code (ITU-T E.164).
  PHONE("phone", "gdpr"),
  /// An account number with its country's length and check digits (ISO 13616).
  IBAN("iban", "gdpr"),
  /// A medical record number behind a word that says so.
  MEDICAL_RECORD("medical-record", "hipaa"),
  /// A key or token of a known service, or a private key.
  SECRET("secret", "confidential");

  private final String id;
  private final String flag;

  SensitiveKind(String id, String flag) {
    this.id = id;
    this.flag = flag;
  }

  /// The name in reports.
  @JsonValue
  public String id() {
    return id;
  }

  /// The flags that a finding of this kind raises.
  public Set<String> flags() {
    return Set.of(flag);
  }
}
