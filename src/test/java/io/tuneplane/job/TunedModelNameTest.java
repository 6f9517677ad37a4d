package io.tuneplane.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TunedModelNameTest {

  private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");

  @Test
  void aNameHasOpenAisForm() {
    TunedModelName name =
        TunedModelName.fresh("smollm2-135m-instruct", "default", Optional.of("support"), random);

    assertThat(name.toString()).matches("ft:smollm2-135m-instruct:default:support:[0-9A-Za-z]{8}");
    assertThat(TunedModelName.parse(name.toString())).contains(name);
  }

  @Test
  void aHubIdIsWrittenWithoutSlash() {
    TunedModelName name =
        TunedModelName.fresh("Qwen/Qwen2.5-0.5B", "acme", Optional.empty(), random);

    assertThat(name.toString()).matches("ft:qwen--qwen2.5-0.5b:acme::[0-9A-Za-z]{8}");
    assertThat(TunedModelName.parse(name.toString())).contains(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-4o", "ft:a:b:c", "ft:a:b:c:short", "ft:a:b:c:d:12345678", ""})
  void otherTextIsNoName(String text) {
    assertThat(TunedModelName.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:b", "../x", "é"})
  void aSuffixThatCouldBreakANameIsRefused(String suffix) {
    assertThat(TunedModelName.isSuffix(suffix)).isFalse();
    assertThat(TunedModelName.isSuffix("x".repeat(64))).isTrue();
    assertThat(TunedModelName.isSuffix("x".repeat(65))).isFalse();
  }
}
