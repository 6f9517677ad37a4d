package io.tuneplane.client;

import io.tuneplane.api.MigrationBodies;
import io.tuneplane.api.MigrationsApi;
import io.tuneplane.migration.ImportReport;
import io.tuneplane.migration.Likeness;
import io.tuneplane.migration.ParityRecorder.Recording;

/// Migrations of a server.
final class HttpMigrations implements MigrationsApi {

  private static final String MIGRATIONS = "/api/v1/migrations/";

  private final Exchange exchange;

  HttpMigrations(Exchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public ImportReport importFrom(String backend) {
    return Answers.as(
        exchange.post("/api/v1/imports", MigrationBodies.from(backend)), ImportReport.class);
  }

  @Override
  public Likeness like(String job, Likeness.Wish wish) {
    return MigrationBodies.likeness(
        exchange.post(MIGRATIONS + "like", MigrationBodies.like(job, wish)));
  }

  @Override
  public Recording recordParity(String job, int prompts, boolean termsConfirmed) {
    return Answers.as(
        exchange.post(MIGRATIONS + "parity", MigrationBodies.parity(job, prompts, termsConfirmed)),
        Recording.class);
  }
}
