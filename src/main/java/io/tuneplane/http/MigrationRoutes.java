package io.tuneplane.http;

import io.tuneplane.api.MigrationBodies;
import io.tuneplane.api.MigrationBodies.LikeWanted;
import io.tuneplane.api.MigrationBodies.ParityWanted;
import java.io.IOException;

/// Taking over an account's jobs, and moving one of them elsewhere.
final class MigrationRoutes {

  void handlers(Handlers handlers) {
    handlers
        .on(Route.IMPORTS_CREATE, MigrationRoutes::imported)
        .on(Route.MIGRATIONS_LIKE, MigrationRoutes::like)
        .on(Route.MIGRATIONS_PARITY, MigrationRoutes::recorded);
  }

  private static Answer imported(Call call) throws IOException {
    return Answer.ok(call.api().migrations().importFrom(MigrationBodies.from(call.json())));
  }

  private static Answer like(Call call) {
    LikeWanted wanted = MigrationBodies.like(call.json());
    return Answer.ok(
        MigrationBodies.likeness(call.api().migrations().like(wanted.job(), wanted.wish())));
  }

  private static Answer recorded(Call call) throws IOException {
    ParityWanted wanted = MigrationBodies.parity(call.json());
    try {
      return Answer.ok(
          call.api()
              .migrations()
              .recordParity(wanted.job(), wanted.prompts(), wanted.termsConfirmed()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the server stops; nothing was kept", e);
    }
  }
}
