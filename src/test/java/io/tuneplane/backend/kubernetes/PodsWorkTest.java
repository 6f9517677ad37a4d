package io.tuneplane.backend.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.backend.SubmissionKey;
import io.tuneplane.backend.remote.RunnerDesk;
import io.tuneplane.backend.remote.RunnerDoor;
import io.tuneplane.backend.remote.Work;
import io.tuneplane.policy.TestClearances;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a pod gets that shows the token of its Secret.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PodsWorkTest {

  private static final String MARK = "job-1";

  @TempDir private Path directory;

  private static String keyed(String text) {
    byte[] bytes = ("secret " + text).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(ResultCheck.sha256().digest(bytes));
  }

  @Test
  void theSecretsTokenLetsAPodIntoItsRunAndNoOther() throws Exception {
    RunnerDoor door =
        new RunnerDoor(
            directory.resolve("runners"),
            PodsWorkTest::keyed,
            new Random(1),
            InstantSource.system());
    try (ClusterPlace place = new ClusterPlace(directory);
        KubernetesTraining backend =
            new KubernetesTraining(
                place.settings(),
                directory.resolve("k"),
                place.bases(),
                door,
                InstantSource.system())) {
      backend.submit(
          place.spec(1),
          new SubmissionKey(MARK),
          TestClearances.onHardware(KubernetesTraining.NAME));
      String token =
          new String(
              Base64.getDecoder()
                  .decode(
                      place
                          .cluster
                          .list("/api/v1/namespaces/tuning/secrets")
                          .getFirst()
                          .path("data")
                          .path("token")
                          .asText()),
              StandardCharsets.UTF_8);

      RunnerDesk desk = door.enter(MARK, token).orElseThrow();
      Work work = desk.begin("0123456789abcdef");

      assertThat(work.attempt()).isEqualTo(1);
      assertThat(work.job().path("hyperparameters").path("n_epochs").asInt()).isEqualTo(1);
      assertThat(work.job().path("limits").path("pass_tokens").asInt()).isPositive();
      assertThat(work.files())
          .extracting(Work.Input::path)
          .contains("train.jsonl")
          .anyMatch(p -> p.startsWith("base/") && p.endsWith(".safetensors"));
      assertThat(door.enter("job-2", token)).isEmpty();
    }
  }
}
