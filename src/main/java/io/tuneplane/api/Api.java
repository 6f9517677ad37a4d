package io.tuneplane.api;

/// Everything that a caller can ask of Tuneplane, one facet a subject. The commands know only this
/// interface; it is implemented in process, and over HTTP by a client of a server.
///
/// Facets are looked up lazily where they cost something to build, so that a command which only
/// reads prices starts no backend.
public interface Api extends AutoCloseable {

  /// Checks, conversions and scans of data files.
  DataApi data();

  /// What each place would cost.
  CostsApi costs();

  /// The choice of a place, before anything is spent.
  DecisionsApi decisions();

  /// Uploaded files and result files.
  FilesApi files();

  /// Fine-tuning jobs.
  JobsApi jobs();

  /// Models that can be tuned, and tuned ones that answer.
  ModelsApi models();

  /// The places and their state.
  BackendsApi backends();

  /// An administrator's attestations.
  AttestationsApi attestations();

  /// The audit log.
  AuditApi audit();

  /// Moving what was tuned in one place to another.
  MigrationsApi migrations();

  /// The keys of the organisation.
  KeysApi keys();

  /// The keys that providers gave the installation.
  ProviderKeysApi providerKeys();

  /// Releases what the facets hold. Running jobs of this process are asked to leave a checkpoint.
  @Override
  void close();
}
