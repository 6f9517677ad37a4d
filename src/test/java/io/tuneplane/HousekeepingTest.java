package io.tuneplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.access.Replies.Claim;
import io.tuneplane.access.Replies.Reply;
import io.tuneplane.store.Database;
import io.tuneplane.store.SqlReplies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HousekeepingTest {

  private static final FileTime OLD = FileTime.from(Instant.EPOCH.plusSeconds(9));
  private static final String UNNAMED = "ab".repeat(32);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path dir;

  @Test
  void choresAreDoneAtOnceAndAgainThoughOneFails() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(3);
    try (Housekeeping housekeeping = new Housekeeping()) {
      housekeeping.start(
          List.of(
              new Housekeeping.Chore(
                  "a test",
                  () -> {
                    throw new IOException("always");
                  }),
              new Housekeeping.Chore("counting", done::countDown)),
          Duration.ofMillis(20));

      assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aServerTakesAwayWhatCrashesLeftAndForgetsOldAnswers()
      throws IOException, InterruptedException {
    Path content = old(dir.resolve("data/artifacts/sha256/ab/" + UNNAMED));
    Path half = old(dir.resolve("data/artifacts/arriving/x.part"));
    Path weights = dir.resolve("data/artifacts/adapters/" + UNNAMED);
    old(weights.resolve("adapter_model.safetensors"));
    Files.setLastModifiedTime(weights, OLD);
    try (Database database = Database.open(dir.resolve("data"), Optional.empty())) {
      remember(database, "old", Instant.now().minus(Duration.ofDays(8)));
      remember(database, "new", Instant.now().minus(Duration.ofDays(6)));
    }

    try (ServerFixture _ = new ServerFixture(dir)) {
      while (Files.exists(content) || Files.exists(half) || Files.exists(weights)) {
        Thread.sleep(20);
      }
    }

    try (Database database = Database.open(dir.resolve("data"), Optional.empty())) {
      SqlReplies replies = new SqlReplies(database);
      assertThat(replies.claim("default", "old", "another", PATIENCE, Instant.now()))
          .isInstanceOf(Claim.Mine.class);
      assertThat(replies.claim("default", "new", "another", PATIENCE, Instant.now()))
          .isInstanceOf(Claim.Other.class);
    }
  }

  private static void remember(Database database, String key, Instant at) {
    SqlReplies replies = new SqlReplies(database);
    replies.claim("default", key, "print", PATIENCE, at);
    replies.keep("default", key, new Reply(200, "{}"));
  }

  private static Path old(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "left");
    return Files.setLastModifiedTime(file, OLD);
  }
}
