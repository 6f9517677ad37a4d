package io.tuneplane.client;

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
import java.util.function.UnaryOperator;

/// Tuneplane as a server has it, and beside it what needs no state and is worked out where the
/// command runs. The server is looked for when it is first asked. Safe for many threads.
public final class HttpApi implements Api {

  private final Exchange exchange;
  private final Sleeper sleeper;
  private final Here here;

  /// What is worked out where the command runs.
  ///
  /// @param data reads files of this machine
  /// @param costs given the server's costs, gives the ones to ask
  public record Here(Supplier<DataApi> data, UnaryOperator<CostsApi> costs) {}

  /// @param location where the server is
  /// @param trust whose certificates are believed
  /// @param sleeper waits, where a followed job's server went away
  /// @param here what needs no server
  public HttpApi(Location location, Trust trust, Sleeper sleeper, Here here) {
    this.exchange = new Exchange(location, trust);
    this.sleeper = sleeper;
    this.here = here;
  }

  @Override
  public DataApi data() {
    return here.data().get();
  }

  @Override
  public CostsApi costs() {
    return here.costs().apply(new HttpCosts(exchange));
  }

  @Override
  public DecisionsApi decisions() {
    return new HttpDecisions(exchange);
  }

  @Override
  public FilesApi files() {
    return new HttpFiles(exchange);
  }

  @Override
  public JobsApi jobs() {
    return new HttpJobs(exchange, sleeper);
  }

  @Override
  public ModelsApi models() {
    return new HttpModels(exchange);
  }

  @Override
  public MigrationsApi migrations() {
    return new HttpMigrations(exchange);
  }

  @Override
  public BackendsApi backends() {
    return new HttpBackends(exchange);
  }

  @Override
  public AttestationsApi attestations() {
    return new HttpAttestations(exchange);
  }

  @Override
  public AuditApi audit() {
    return new HttpAudit(exchange);
  }

  @Override
  public KeysApi keys() {
    return new HttpKeys(exchange);
  }

  @Override
  public ProviderKeysApi providerKeys() {
    return new HttpProviderKeys(exchange);
  }

  @Override
  public void close() {
    exchange.close();
  }
}
