package io.tuneplane.backend.vertex;

import static org.assertj.core.api.Assertions.assertThat;

import io.tuneplane.backend.Hyperparameters;
import io.tuneplane.backend.Limits;
import io.tuneplane.backend.Method;
import io.tuneplane.backend.Problem;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.backend.TrainingSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each limit is told with its number, before anything is asked of Google.
class VertexCheckTest {

  private static final String TURN =
      "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"},{\"role\":\"assistant\",\"content\":\"b\"}]}\n";

  @TempDir private Path directory;
  private GooglePlace place;
  private VertexTraining backend;

  @BeforeEach
  void open() throws IOException {
    place = new GooglePlace(directory);
    backend = place.training();
  }

  @AfterEach
  void close() {
    assertThat(place.vertex.requests()).isEmpty();
    assertThat(place.gcs.requests()).isZero();
    backend.close();
    place.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gemini-9-ultra | model | it tunes gemini-3.5-flash-lite",
        "gemini-2.5-flash | model | stopped on 2026-10-20",
        "gpt-4o-mini-2024-07-18 | model | does not tune",
      })
  void models(String model, String field, String words) throws IOException {
    assertProblem(
        with(model, GooglePlace.hyperparameters(3, 8), Set.of("batch_size")), field, words);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8, 16})
  void adapterSizesInTheListAreTaken(int size) throws IOException {
    assertThat(problems(size, Set.of("batch_size"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 32, 64})
  void adapterSizesOutsideTheListAreRefused(int size) throws IOException {
    assertThat(problems(size, Set.of("batch_size")))
        .containsExactly(
            new Problem(
                "hyperparameters.adapter_size", "must be one of 1, 2, 4, 8, 16, not " + size));
    assertThat(problems(size, Set.of("batch_size", SpecCheck.RANK))).isEmpty();
  }

  @Test
  void aBatchSizeIsGooglesToChoose() throws IOException {
    assertThat(problems(8, Set.of()))
        .extracting(Problem::field)
        .contains("hyperparameters.batch_size");
  }

  @Test
  void anExampleThatIsTooLongIsNamedWithTheNumber() throws IOException {
    Path file =
        place.write("long.jsonl", TURN.formatted("a") + TURN.formatted("x".repeat(600_000)));

    assertProblem(
        place.spec(Method.SUPERVISED, file),
        "training_file",
        "Example 1: about 150,000 tokens; Vertex AI takes 131,072 an example at most");
  }

  @Test
  void tooManyValidationExamplesAreNamedWithTheNumber() throws IOException {
    TrainingSpec spec = place.spec();
    Path validation = place.write("validation.jsonl", TURN.formatted("a").repeat(5001));

    assertProblem(
        new TrainingSpec(
            spec.baseModel(),
            spec.method(),
            spec.trainingFile(),
            spec.trainingDigest(),
            Optional.of(validation),
            spec.hyperparameters(),
            spec.seed(),
            spec.suffix(),
            spec.startFrom(),
            spec.automatic(),
            spec.labels()),
        "validation_file",
        "has 5,001 examples; Vertex AI takes 5,000 at most");
  }

  @Test
  void aFileOverTheLimitsIsNamedWithTheNumbers() throws IOException {
    Limits limits =
        new Limits(
            OptionalLong.of(5),
            OptionalLong.of(2),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.of(100));
    Path file = place.write("three.jsonl", TURN.formatted("a").repeat(3));

    assertThat(new DataCheck(limits, Method.SUPERVISED).training(file))
        .extracting(Problem::message)
        .containsExactly(
            "is %d bytes; Vertex AI takes 100 at most".formatted(Files.size(file)),
            "has 3 examples; Vertex AI takes 2 at most",
            "has 3 examples; at least 5 are needed");
  }

  @Test
  void aNameThatIsTooLongIsNamedWithTheNumber() throws IOException {
    TrainingSpec spec = place.spec();

    assertProblem(
        new TrainingSpec(
            spec.baseModel(),
            spec.method(),
            spec.trainingFile(),
            spec.trainingDigest(),
            spec.validationFile(),
            spec.hyperparameters(),
            spec.seed(),
            Optional.of("x".repeat(129)),
            spec.startFrom(),
            spec.automatic(),
            spec.labels()),
        "suffix",
        "is 129 characters; 128 fit");
  }

  @Test
  void anAnswerThatMustNotBeLearntIsRefused() throws IOException {
    Path file =
        place.write(
            "weights.jsonl",
            """
            {"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b","weight":0},{"role":"user","content":"c"},{"role":"assistant","content":"d"}]}
            """);

    assertProblem(place.spec(Method.SUPERVISED, file), "training_file", "weight 0");
  }

  @ParameterizedTest
  @CsvSource({"DPO, train, no preference pair", "SUPERVISED, pairs, a preference pair"})
  void theDataMustFitTheMethod(Method method, String name, String words) throws IOException {
    Path file =
        name.equals("train")
            ? place.conversations(2)
            : place.write(
                "pairs.jsonl",
                "{\"input\":{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]},\"preferred_output\":[{\"role\":\"assistant\",\"content\":\"b\"}],\"non_preferred_output\":[{\"role\":\"assistant\",\"content\":\"c\"}]}\n");

    assertProblem(place.spec(method, file), "training_file", words);
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertProblem(
        place.spec(Method.SUPERVISED, directory.resolve("none.jsonl")),
        "training_file",
        "is not there");
  }

  @Test
  void onlyItsOwnModelsAreTunedFurther() throws IOException {
    TrainingSpec spec = place.spec();

    assertProblem(
        new TrainingSpec(
            spec.baseModel(),
            spec.method(),
            spec.trainingFile(),
            spec.trainingDigest(),
            spec.validationFile(),
            spec.hyperparameters(),
            spec.seed(),
            Optional.of("x".repeat(129)),
            Optional.of(
                new TrainedModel("ft:gpt", Optional.empty(), Optional.empty(), Optional.empty())),
            spec.automatic(),
            spec.labels()),
        "model",
        "goes on from models that it tuned itself");
  }

  private List<Problem> problems(int adapterSize, Set<String> automatic) throws IOException {
    return backend.check(
        with(GooglePlace.MODEL, GooglePlace.hyperparameters(3, adapterSize), automatic));
  }

  private TrainingSpec with(String model, Hyperparameters h, Set<String> automatic)
      throws IOException {
    return new TrainingSpec(
        model,
        Method.SUPERVISED,
        place.conversations(12),
        GooglePlace.DIGEST,
        Optional.empty(),
        h,
        7,
        Optional.empty(),
        Optional.empty(),
        automatic,
        Map.of());
  }

  private void assertProblem(TrainingSpec spec, String field, String words) {
    assertThat(backend.check(spec))
        .anySatisfy(p -> {
          assertThat(p.field()).isEqualTo(field);
          assertThat(p.message()).contains(words);
        });
  }
}
