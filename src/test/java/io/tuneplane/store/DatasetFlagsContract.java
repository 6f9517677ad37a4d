package io.tuneplane.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/// A flag that was once put on data stays on it, whichever server put it there.
abstract class DatasetFlagsContract extends StoreContract {

  private static final String DIGEST = "ab".repeat(32);

  @Test
  void flagsAddUpAndNoneIsTakenAway() {
    SqlDatasetFlags flags = new SqlDatasetFlags(store.database());
    assertThat(flags.of("default", DIGEST)).isEmpty();

    flags.add("default", DIGEST, Set.of("hipaa", "gdpr"));
    flags.add("default", DIGEST, Set.of("gdpr", "confidential"));
    flags.add("default", DIGEST, Set.of());

    assertThat(flags.of("default", DIGEST)).containsExactly("confidential", "gdpr", "hipaa");
  }

  @Test
  void flagsAreAnOrganisationsOwnAndADatasetsOwn() {
    SqlDatasetFlags flags = new SqlDatasetFlags(store.database());
    flags.add("default", DIGEST, Set.of("hipaa"));

    assertThat(flags.of("other", DIGEST)).isEmpty();
    assertThat(flags.of("default", "cd".repeat(32))).isEmpty();
  }

  @Test
  void aFlagThatOneServerPutIsSeenByAnotherAndAfterARestart() {
    new SqlDatasetFlags(store.database()).add("default", DIGEST, Set.of("hipaa"));

    try (StoreFixture other = store.again()) {
      assertThat(new SqlDatasetFlags(other.database()).of("default", DIGEST))
          .containsExactly("hipaa");
    }
  }

  @Test
  void serversThatFlagAtOnceLoseNothing() {
    try (StoreFixture other = store.again()) {
      SqlDatasetFlags[] servers = {
        new SqlDatasetFlags(store.database()), new SqlDatasetFlags(other.database())
      };
      Race.run(
          8,
          thread -> {
            for (int i = 0; i < 10; i++) {
              servers[thread % 2].add("default", DIGEST, Set.of("flag-" + i, "own-" + thread));
            }
          });
    }
    assertThat(new SqlDatasetFlags(store.database()).of("default", DIGEST)).hasSize(18);
  }
}
