package io.tuneplane.store;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

/// The store's suites on SQLite.
class SqliteStoreTest {

  private static StoreFixture sqlite(Path dir) {
    return StoreFixture.open(dir, Optional.empty());
  }

  @Nested
  class Jobs extends JobStoreContract {
    @Override
    StoreFixture open(Path dir) {
      return sqlite(dir);
    }
  }

  @Nested
  class Files extends DataFilesContract {
    @Override
    StoreFixture open(Path dir) {
      return sqlite(dir);
    }
  }

  @Nested
  class Models extends TunedModelsContract {
    @Override
    StoreFixture open(Path dir) {
      return sqlite(dir);
    }
  }

  @Nested
  class Audit extends AuditTrailContract {
    @Override
    StoreFixture open(Path dir) {
      return sqlite(dir);
    }
  }

  @Nested
  class Flags extends DatasetFlagsContract {
    @Override
    StoreFixture open(Path dir) {
      return sqlite(dir);
    }
  }

  @Nested
  class Access extends AccessStoreContract {
    @Override
    StoreFixture open(Path dir) {
      return sqlite(dir);
    }
  }
}
