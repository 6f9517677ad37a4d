package io.tuneplane;

import io.tuneplane.api.Api;
import io.tuneplane.api.AttestationsApi;
import io.tuneplane.api.AuditApi;
import io.tuneplane.api.BackendsApi;
import io.tuneplane.api.CostsApi;
import io.tuneplane.api.DataApi;
import io.tuneplane.api.DecisionsApi;
import io.tuneplane.api.FilesApi;
import io.tuneplane.api.JobsApi;
import io.tuneplane.api.KeysApi;
import io.tuneplane.api.MigrationsApi;
import io.tuneplane.api.ModelsApi;
import io.tuneplane.api.ProviderKeysApi;
import java.util.function.Supplier;

/// What one caller can ask of this process; each facet is made when it is asked for.
final class CallerApi implements Api {

  /// What is known without asking a place or touching the data directory.
  record Books(Supplier<DataApi> data, Supplier<CostsApi> costs) {}

  /// What trains and answers.
  record Work(
      Supplier<FilesApi> files,
      Supplier<JobsApi> jobs,
      Supplier<ModelsApi> models,
      Supplier<MigrationsApi> migrations) {}

  /// Where data may go, and where it went.
  record Governance(
      Supplier<DecisionsApi> decisions,
      Supplier<BackendsApi> backends,
      Supplier<AttestationsApi> attestations,
      Supplier<AuditApi> audit,
      Supplier<KeysApi> keys,
      Supplier<ProviderKeysApi> providerKeys) {}

  private final Books books;
  private final Work work;
  private final Governance governance;
  private final Runnable closing;

  CallerApi(Books books, Work work, Governance governance, Runnable closing) {
    this.books = books;
    this.work = work;
    this.governance = governance;
    this.closing = closing;
  }

  @Override
  public DataApi data() {
    return books.data().get();
  }

  @Override
  public CostsApi costs() {
    return books.costs().get();
  }

  @Override
  public DecisionsApi decisions() {
    return governance.decisions().get();
  }

  @Override
  public FilesApi files() {
    return work.files().get();
  }

  @Override
  public JobsApi jobs() {
    return work.jobs().get();
  }

  @Override
  public MigrationsApi migrations() {
    return work.migrations().get();
  }

  @Override
  public ModelsApi models() {
    return work.models().get();
  }

  @Override
  public BackendsApi backends() {
    return governance.backends().get();
  }

  @Override
  public AttestationsApi attestations() {
    return governance.attestations().get();
  }

  @Override
  public AuditApi audit() {
    return governance.audit().get();
  }

  @Override
  public KeysApi keys() {
    return governance.keys().get();
  }

  @Override
  public ProviderKeysApi providerKeys() {
    return governance.providerKeys().get();
  }

  @Override
  public void close() {
    closing.run();
  }
}
