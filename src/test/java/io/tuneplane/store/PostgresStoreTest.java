package io.tuneplane.store;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/// The store's suites on a real PostgreSQL; alone with `mvn test -Dgroups=postgres`.
@Tag("postgres")
class PostgresStoreTest {

  private static PostgresServer server;

  @BeforeAll
  static void startServer() {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  private static StoreFixture postgres(Path dir) {
    return StoreFixture.open(dir, Optional.of(server.emptied()));
  }

  @Nested
  class Jobs extends JobStoreContract {
    @Override
    StoreFixture open(Path dir) {
      return postgres(dir);
    }
  }

  @Nested
  class Files extends DataFilesContract {
    @Override
    StoreFixture open(Path dir) {
      return postgres(dir);
    }
  }

  @Nested
  class Models extends TunedModelsContract {
    @Override
    StoreFixture open(Path dir) {
      return postgres(dir);
    }
  }

  @Nested
  class Audit extends AuditTrailContract {
    @Override
    StoreFixture open(Path dir) {
      return postgres(dir);
    }
  }

  @Nested
  class Flags extends DatasetFlagsContract {
    @Override
    StoreFixture open(Path dir) {
      return postgres(dir);
    }
  }

  @Nested
  class Access extends AccessStoreContract {
    @Override
    StoreFixture open(Path dir) {
      return postgres(dir);
    }
  }
}
