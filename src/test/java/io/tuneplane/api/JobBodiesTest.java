package io.tuneplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.backend.HardwareWish;
import io.tuneplane.backend.Hyperparameters.Lora;
import io.tuneplane.backend.Method;
import io.tuneplane.job.Choice;
import io.tuneplane.job.HyperparameterChoices;
import io.tuneplane.job.HyperparameterChoices.LoraChoices;
import io.tuneplane.job.JobRequest;
import io.tuneplane.job.JobRequest.ModelRequest;
import io.tuneplane.job.JobRequest.Placement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A request for a job survives the way through its JSON.
class JobBodiesTest {

  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatIsWrittenReadsBackAsTheSame(int seed) {
    JobRequest request = request(new Random(seed));
    JobRequest read = JobBodies.read(JobBodies.write(request));

    assertThat(read.model()).describedAs("seed " + seed).isEqualTo(request.model());
    assertThat(read.placement()).describedAs("seed " + seed).isEqualTo(request.placement());
    assertThat(read.trainingFile()).isEqualTo(request.trainingFile());
    assertThat(read.validationFile()).isEqualTo(request.validationFile());
    Map<String, String> own = new TreeMap<>(read.metadata());
    own.keySet().removeIf(name -> name.startsWith("tuneplane."));
    assertThat(own).isEqualTo(request.metadata());
    // Once more changes nothing: the labels that are ours are among the others now.
    assertThat(JobBodies.read(JobBodies.write(read))).isEqualTo(read);
  }

  private static JobRequest request(Random random) {
    Method method = random.nextBoolean() ? Method.SUPERVISED : Method.DPO;
    return new JobRequest(
        new ModelRequest(
            maybe(random, () -> "smollm2-135m-instruct"),
            maybe(random, () -> "small"),
            method,
            choices(random, method),
            maybe(random, () -> (long) random.nextInt(Integer.MAX_VALUE)),
            maybe(random, () -> "suffix_" + random.nextInt(99))),
        "file-" + random.nextInt(),
        maybe(random, () -> "file-v"),
        new Placement(
            random.nextBoolean() ? Placement.AUTO : "local",
            random.nextBoolean(),
            new TreeSet<>(random.nextBoolean() ? List.of("hipaa", "soc2") : List.of()),
            maybe(random, () -> random.nextInt(100) + ".50"),
            maybe(random, () -> (long) random.nextInt(1_000_000)),
            random.nextBoolean(),
            hardware(random)),
        random.nextBoolean() ? Map.of("team", "a", "run", "r" + random.nextInt(9)) : Map.of());
  }

  private static HardwareWish hardware(Random random) {
    return new HardwareWish(
        random.nextBoolean() ? OptionalInt.of(random.nextInt(4097)) : OptionalInt.empty(),
        random.nextBoolean() ? OptionalInt.of(1 + random.nextInt(64)) : OptionalInt.empty(),
        maybe(random, () -> "h100"));
  }

  private static HyperparameterChoices choices(Random random, Method method) {
    return new HyperparameterChoices(
        new Choice<>(maybe(random, () -> 1 + random.nextInt(50))),
        new Choice<>(maybe(random, () -> 1 + random.nextInt(256))),
        new Choice<>(maybe(random, () -> 0.1 + random.nextDouble())),
        method == Method.DPO
            ? new Choice<>(maybe(random, () -> 0.01 + random.nextDouble()))
            : Choice.auto(),
        new LoraChoices(
            1 + random.nextInt(64),
            random.nextBoolean() ? 16 : 0.5 + random.nextInt(64),
            random.nextBoolean() ? 0 : 0.25,
            random.nextBoolean() ? Lora.ALL_LINEAR : List.of("q_proj", "v_proj"),
            random.nextBoolean()),
        maybe(random, () -> "4bit"));
  }

  private static <T> Optional<T> maybe(Random random, Supplier<T> value) {
    return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
  }
}
