package io.tuneplane.runner.serve.engine;

import io.tuneplane.model.ModelConfig;
import io.tuneplane.model.ModelConfig.RopeScaling;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// A decoder of the Llama family, written down as plainly as can be and computed in doubles: what
/// the engine is compared with.
final class ReferenceDecoder {

  private final ModelConfig config;
  private final Map<String, double[]> weights = new HashMap<>();

  ReferenceDecoder(ModelConfig config, Map<String, float[]> values) {
    this.config = config;
    values.forEach((name, tensor) -> weights.put(name, doubles(tensor)));
  }

  private static double[] doubles(float[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[i];
    }
    return result;
  }

  /// The logits after each token.
  double[][] logits(int[] tokens) {
    double[][] x = new double[tokens.length][];
    for (int t = 0; t < tokens.length; t++) {
      x[t] = row("model.embed_tokens.weight", tokens[t], config.hiddenSize());
    }
    for (int layer = 0; layer < config.layers(); layer++) {
      layer("model.layers." + layer + ".", x);
    }
    double[][] logits = new double[tokens.length][];
    String head = config.tieWordEmbeddings() ? "model.embed_tokens" : "lm_head";
    for (int t = 0; t < tokens.length; t++) {
      logits[t] = linear(head, norm("model.norm.weight", x[t]));
    }
    return logits;
  }

  private void layer(String name, double[][] x) {
    double[][] attended =
        attention(name + "self_attn.", normed(name + "input_layernorm.weight", x));
    for (int t = 0; t < x.length; t++) {
      add(x[t], attended[t]);
      add(x[t], mlp(name + "mlp.", norm(name + "post_attention_layernorm.weight", x[t])));
    }
  }

  private double[][] normed(String name, double[][] x) {
    double[][] result = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      result[t] = norm(name, x[t]);
    }
    return result;
  }

  private double[] mlp(String name, double[] x) {
    double[] gate = linear(name + "gate_proj", x);
    double[] up = linear(name + "up_proj", x);
    for (int i = 0; i < gate.length; i++) {
      up[i] *= gate[i] / (1 + Math.exp(-gate[i]));
    }
    return linear(name + "down_proj", up);
  }

  private double[][] attention(String name, double[][] x) {
    int size = config.headDim();
    double[][] q = new double[x.length][];
    double[][] k = new double[x.length][];
    double[][] v = new double[x.length][];
    double[][] out = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      q[t] = turn(linear(name + "q_proj", x[t]), t);
      k[t] = turn(linear(name + "k_proj", x[t]), t);
      v[t] = linear(name + "v_proj", x[t]);
      double[] mixed = new double[config.heads() * size];
      for (int head = 0; head < config.heads(); head++) {
        int shared = head / (config.heads() / config.kvHeads());
        head(q[t], k, v, t, head * size, shared * size, mixed);
      }
      out[t] = linear(name + "o_proj", mixed);
    }
    return out;
  }

  private void head(
      double[] q, double[][] k, double[][] v, int last, int at, int shared, double[] out) {
    int size = config.headDim();
    double[] weight = new double[last + 1];
    double sum = 0;
    for (int t = 0; t <= last; t++) {
      double score = 0;
      for (int i = 0; i < size; i++) {
        score += q[at + i] * k[t][shared + i];
      }
      weight[t] = Math.exp(score / Math.sqrt(size));
      sum += weight[t];
    }
    for (int t = 0; t <= last; t++) {
      for (int i = 0; i < size; i++) {
        out[at + i] += weight[t] / sum * v[t][shared + i];
      }
    }
  }

  /// The rotary embedding: the halves of each head are the two coordinates of points that turn.
  private double[] turn(double[] x, int position) {
    int half = config.headDim() / 2;
    double[] turned = new double[x.length];
    for (int head = 0; head < x.length; head += config.headDim()) {
      for (int i = 0; i < half; i++) {
        double angle = position * frequency(i);
        double a = x[head + i];
        double b = x[head + half + i];
        turned[head + i] = a * Math.cos(angle) - b * Math.sin(angle);
        turned[head + half + i] = b * Math.cos(angle) + a * Math.sin(angle);
      }
    }
    return turned;
  }

  private double frequency(int i) {
    double plain = 1 / Math.pow(config.ropeTheta(), 2.0 * i / config.headDim());
    if (config.ropeScaling().orElse(null) instanceof RopeScaling.Llama3 s) {
      double wavelength = 2 * Math.PI / plain;
      if (wavelength < s.originalMaxPositions() / s.highFreqFactor()) {
        return plain;
      }
      if (wavelength > s.originalMaxPositions() / s.lowFreqFactor()) {
        return plain / s.factor();
      }
      double smooth =
          (s.originalMaxPositions() / wavelength - s.lowFreqFactor())
              / (s.highFreqFactor() - s.lowFreqFactor());
      return (1 - smooth) * plain / s.factor() + smooth * plain;
    }
    return plain;
  }

  private double[] norm(String name, double[] x) {
    double squares = 0;
    for (double value : x) {
      squares += value * value;
    }
    double scale = 1 / Math.sqrt(squares / x.length + config.rmsNormEps());
    double[] weight = weight(name);
    double[] result = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      result[i] = x[i] * scale * weight[i];
    }
    return result;
  }

  private double[] linear(String module, double[] x) {
    double[] weight = weight(module + ".weight");
    double[] bias = weights.get(module + ".bias");
    double[] result = new double[weight.length / x.length];
    for (int o = 0; o < result.length; o++) {
      double sum = bias == null ? 0 : bias[o];
      for (int i = 0; i < x.length; i++) {
        sum += weight[o * x.length + i] * x[i];
      }
      result[o] = sum;
    }
    return result;
  }

  private double[] weight(String name) {
    return Objects.requireNonNull(weights.get(name), name);
  }

  private double[] row(String name, int row, int size) {
    return java.util.Arrays.copyOfRange(weight(name), row * size, (row + 1) * size);
  }

  private static void add(double[] x, double[] y) {
    for (int i = 0; i < x.length; i++) {
      x[i] += y[i];
    }
  }

  /// The likeliest tokens after a prompt, one after the other.
  int[] greedy(int[] prompt, int count) {
    int[] tokens = java.util.Arrays.copyOf(prompt, prompt.length + count);
    for (int t = prompt.length; t < tokens.length; t++) {
      double[] last = logits(java.util.Arrays.copyOf(tokens, t))[t - 1];
      for (int i = 0; i < last.length; i++) {
        tokens[t] = last[i] > last[tokens[t]] ? i : tokens[t];
      }
    }
    return java.util.Arrays.copyOfRange(tokens, prompt.length, tokens.length);
  }

  /// A token's log-probability after the tokens before it.
  static double logprob(double[] logits, int token) {
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit);
    }
    return logits[token] - Math.log(sum);
  }
}
