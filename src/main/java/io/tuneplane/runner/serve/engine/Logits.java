package io.tuneplane.runner.serve.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// One position's logits.
@SuppressWarnings("ArrayRecordComponent") // made for one step
record Logits(float[] values) {

  private static final Comparator<TokenLogprob.Candidate> UNLIKELIEST_FIRST =
      Comparator.comparingDouble(TokenLogprob.Candidate::logprob)
          .thenComparing(Comparator.comparingInt(TokenLogprob.Candidate::token).reversed());

  /// Copies a row out of a step's result.
  static Logits row(MemorySegment logits, int row, int vocabulary) {
    float[] values = new float[vocabulary];
    MemorySegment.copy(
        logits,
        ValueLayout.JAVA_FLOAT,
        (long) row * vocabulary * Float.BYTES,
        values,
        0,
        vocabulary);
    return new Logits(values);
  }

  /// The likeliest token; the first of equals.
  int likeliest() {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }

  float largest() {
    float largest = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      largest = Math.max(largest, value);
    }
    return largest;
  }

  /// The logarithm of the sum of all exponentials: what a logit has to be lowered by to be a
  /// log-probability.
  double logSumExp() {
    float largest = largest();
    double sum = 0;
    for (float value : values) {
      sum += Math.exp(value - largest);
    }
    return largest + Math.log(sum);
  }

  double logprob(int token) {
    return values[token] - logSumExp();
  }

  /// A token's log-probability with the `count` likeliest tokens beside it.
  TokenLogprob logprob(int token, int count) {
    double sum = logSumExp();
    return new TokenLogprob(token, values[token] - sum, likeliest(count, sum));
  }

  private List<TokenLogprob.Candidate> likeliest(int count, double sum) {
    PriorityQueue<TokenLogprob.Candidate> best = new PriorityQueue<>(UNLIKELIEST_FIRST);
    float bound = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < values.length && count > 0; i++) {
      if (best.size() == count && values[i] <= bound) {
        continue;
      }
      best.add(new TokenLogprob.Candidate(i, values[i] - sum));
      if (best.size() > count) {
        best.remove();
      }
      bound = values[best.element().token()];
    }
    List<TokenLogprob.Candidate> ordered = new ArrayList<>(best);
    ordered.sort(Collections.reverseOrder(UNLIKELIEST_FIRST));
    return ordered;
  }
}
