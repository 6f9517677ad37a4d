package io.tuneplane.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelCatalogueTest {

  private final ModelCatalogue catalogue = ModelCatalogue.shipped();

  /// The counts that the hub shows (in millions), which hold only if every size is right.
  @ParameterizedTest
  @CsvSource({
    "smollm2-135m-instruct, 134.515008",
    "smollm2-360m-instruct, 361.821120",
    "smollm2-1.7b-instruct, 1711.376384",
    "qwen2.5-0.5b-instruct, 494.032768",
    "qwen2.5-1.5b-instruct, 1543.714304",
    "qwen2.5-3b-instruct, 3085.938688",
    "qwen2.5-7b-instruct, 7615.616512",
    "llama-3.1-8b-instruct, 8030.261248",
    "llama-3.2-1b-instruct, 1235.814400",
    "llama-3.2-3b-instruct, 3212.749824",
    "llama-3.3-70b-instruct, 70553.706496",
    "mistral-7b-instruct-v0.3, 7248.023552"
  })
  void parametersAddUpToThePublishedCount(String id, double millions) {
    assertThat(catalogue.find(id).orElseThrow().parameters() / 1e6)
        .isCloseTo(millions, within(1e-9));
  }

  @Test
  void aModelIsFoundByIdHubIdAndAlias() {
    CatalogueEntry entry = catalogue.find("smollm2-135m-instruct").orElseThrow();
    assertThat(catalogue.find("HuggingFaceTB/SmolLM2-135M-Instruct")).contains(entry);
    assertThat(catalogue.find("huggingfacetb/smollm2-135m-INSTRUCT")).contains(entry);
    assertThat(catalogue.find("smollm2-135m")).contains(entry);
    assertThat(entry.pythonPackage()).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "smollm2-135m, smollm2-135m-instruct",
    "meta-llama/Llama-3.1-8B-Instruct, llama-3.1-8b-instruct",
    "Acme/My.Model-7B, acme--my.model-7b",
    "./models/My Model.gguf, my-model.gguf",
    "/srv/models/base/, base"
  })
  void theBaseInATunedModelsName(String name, String baseId) {
    assertThat(catalogue.name(name).baseId()).isEqualTo(baseId);
  }

  @Test
  void pathsAreTold() {
    assertThat(catalogue.name("./x/y")).isEqualTo(new ModelName.OnDisk(Path.of("./x/y")));
    assertThat(catalogue.name("x/y")).isEqualTo(new ModelName.OnHub("x/y"));
  }

  @ParameterizedTest
  @CsvSource({"gpt-4o-mini", "a/b/c", "../..", "x/../y", "a b/c", "''"})
  void otherNamesAreRefusedOrPaths(String name) {
    if (ModelName.isPath(name)) {
      assertThat(catalogue.name(name)).isInstanceOf(ModelName.OnDisk.class);
    } else {
      assertThatThrownBy(() -> catalogue.name(name))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("smollm2-135m-instruct");
    }
  }

  @Test
  void ratesFallBackToTheDefault() {
    assertThat(catalogue.learningRates("smollm2-135m").loraSupervised()).isEqualTo(2e-3);
    assertThat(catalogue.learningRates("smollm2-135m").loraDpo()).isEqualTo(5e-6);
    assertThat(catalogue.learningRates("acme/other").loraSupervised()).isEqualTo(2e-4);
  }
}
