package io.tuneplane.runner.serve.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {

  private static final Logits LOGITS =
      new Logits(new float[] {(float) Math.log(0.5), (float) Math.log(0.3), (float) Math.log(0.2)});

  @Test
  void temperatureZeroTakesTheLikeliest() {
    assertThat(new Sampler(Sampling.GREEDY).choose(LOGITS)).isZero();
  }

  @Test
  void drawsFollowTheProbabilities() {
    Sampler sampler = new Sampler(new Sampling(1, 1, 7));
    long[] counts = counts(sampler);
    assertThat(counts[0] / 20_000.0).isCloseTo(0.5, within(0.02));
    assertThat(counts[1] / 20_000.0).isCloseTo(0.3, within(0.02));
    assertThat(counts[2] / 20_000.0).isCloseTo(0.2, within(0.02));
  }

  @Test
  void temperatureSharpens() {
    long[] counts = counts(new Sampler(new Sampling(0.5, 1, 7)));
    assertThat(counts[0] / 20_000.0).isCloseTo(0.25 / 0.38, within(0.02));
  }

  @Test
  void topPKeepsTheFewestThatReachIt() {
    long[] counts = counts(new Sampler(new Sampling(1, 0.7, 7)));
    assertThat(counts[2]).isZero();
    assertThat(counts[1] / 20_000.0).isCloseTo(0.3 / 0.8, within(0.02));
  }

  @Test
  void theSameSeedGivesTheSameDraws() {
    int[] first = draws(new Sampler(new Sampling(1, 0.9, 42)), 50);
    assertThat(draws(new Sampler(new Sampling(1, 0.9, 42)), 50)).isEqualTo(first);
    assertThat(draws(new Sampler(new Sampling(1, 0.9, 43)), 50)).isNotEqualTo(first);
  }

  @Test
  void alternativesComeLikeliestFirst() {
    TokenLogprob logprob = LOGITS.logprob(2, 2);
    assertThat(logprob.logprob()).isCloseTo(Math.log(0.2), within(1e-6));
    assertThat(logprob.alternatives())
        .extracting(TokenLogprob.Candidate::token)
        .containsExactly(0, 1);
    assertThat(LOGITS.logprob(2, 0).alternatives()).isEmpty();
  }

  private static long[] counts(Sampler sampler) {
    long[] counts = new long[3];
    IntStream.of(draws(sampler, 20_000)).forEach(i -> counts[i]++);
    return counts;
  }

  private static int[] draws(Sampler sampler, int count) {
    return IntStream.range(0, count).map(_ -> sampler.choose(LOGITS)).toArray();
  }
}
