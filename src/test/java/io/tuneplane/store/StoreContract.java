package io.tuneplane.store;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// What every suite over the store begins with: an empty one, on a database that the subclass
/// names.
abstract class StoreContract {

  @TempDir Path dir;
  StoreFixture store;

  abstract StoreFixture open(Path dir);

  @BeforeEach
  void openStore() {
    store = open(dir);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }
}
