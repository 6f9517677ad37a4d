package io.tuneplane.backend.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class MirrorTest {

  @TempDir private Path directory;

  private ClusterPlace place;
  private Cluster cluster;
  private Mirror mirror;

  @BeforeEach
  void follow() throws Exception {
    place = new ClusterPlace(directory);
    put("before", "1");
    cluster = Connector.connect(place.settings());
    mirror = new Mirror(cluster, Kind.JOB, Labels.OURS);
    await(mirror::isCurrent);
  }

  @AfterEach
  void stop() {
    mirror.close();
    cluster.close();
    place.close();
  }

  private void put(String name, String value) {
    ObjectNode job = Json.object().put("kind", "Job").put("aFieldOfTheFuture", value);
    job.putObject("metadata").put("name", name).set("labels", Labels.of("training", name));
    place.cluster.put(FakeNodes.JOBS, job);
  }

  private static void await(BooleanSupplier wanted) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!wanted.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(10);
    }
  }

  private boolean says(String name, String value) {
    return mirror
        .get(name)
        .map(j -> j.path("aFieldOfTheFuture").asText().equals(value))
        .orElse(false);
  }

  @Test
  void itFollowsWhatIsMadeChangedAndDeleted() throws Exception {
    assertThat(says("before", "1")).isTrue();

    put("after", "1");
    await(() -> says("after", "1"));
    put("after", "2");
    await(() -> says("after", "2"));
    place.cluster.remove(FakeNodes.JOBS, "before");
    await(() -> mirror.get("before").isEmpty());

    assertThat(mirror.lists()).isEqualTo(1);
  }

  // F9
  @Test
  void whatTheServerNoLongerKnowsIsListedAnewAndNothingIsMissed() throws Exception {
    place.cluster.breakWatches();
    put("missed", "1");
    place.cluster.remove(FakeNodes.JOBS, "before");
    place.cluster.compact();
    place.cluster.allowWatches();

    await(() -> mirror.lists() >= 2);
    await(() -> says("missed", "1"));

    assertThat(mirror.get("before")).isEmpty();
    assertThat(mirror.all(_ -> true)).hasSize(1);
  }

  @Test
  void aClosedMirrorStopsAsking() throws IOException, InterruptedException {
    mirror.close();
    put("after", "1");
    Thread.sleep(200);

    assertThat(mirror.get("after")).isEmpty();
  }
}
