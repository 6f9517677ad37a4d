package io.tuneplane.cost;

/// What a provider is known to state of itself. Advice for people, never leave for data to go
/// there.
///
/// @param provider the provider's name in the book
/// @param capability what is stated, e.g. `hipaa` or `zero_retention`
/// @param endpoint what it is stated for, e.g. `training` or `/v1/files`
/// @param region where it holds; `any` where the statement names none
/// @param value what it comes to; an unknown counts as no
/// @param source who says so, with the statement as its note
public record ComplianceFact(
    String provider,
    String capability,
    String endpoint,
    String region,
    Answer value,
    Source source) {

  /// What a statement comes to.
  public enum Answer {
    YES,
    NO,
    /// Only where the conditions in the statement hold.
    CONDITIONAL,
    /// Nothing was found. Counts as no.
    UNKNOWN
  }
}
