package io.tuneplane.runner.train;

import io.tuneplane.dataset.Example;
import io.tuneplane.dataset.ExampleEncoder;
import io.tuneplane.dataset.Message;
import io.tuneplane.model.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/// The answers that a server of the adapter is held to: the tuned model's greedy answers to a few
/// prompts, in 32-bit arithmetic, with the log-probability of every token.
final class GoldenAnswers {

  static final int PROMPTS = 8;
  static final int TOKENS = 64;

  private GoldenAnswers() {}

  /// A line of `golden.jsonl`.
  record Line(
      List<Integer> promptTokens, List<Integer> tokens, List<Double> logprobs, String text) {
    Line {
      promptTokens = List.copyOf(promptTokens);
      tokens = List.copyOf(tokens);
      logprobs = List.copyOf(logprobs);
    }
  }

  /// The prompts of the first examples that leave room for an answer.
  ///
  /// @param longest the longest prompt in tokens
  static List<int[]> prompts(List<Example> examples, ExampleEncoder encoder, int longest) {
    List<int[]> prompts = new ArrayList<>();
    for (Example example : examples) {
      int[] prompt = prompt(example, encoder);
      if (prompt.length <= longest && prompts.size() < PROMPTS) {
        prompts.add(prompt);
      }
    }
    return prompts;
  }

  private static int[] prompt(Example example, ExampleEncoder encoder) {
    return switch (example) {
      case Example.Chat chat -> encoder.prompt(beforeLastAnswer(chat.messages()), chat.tools());
      case Example.Preference pair -> encoder.prompt(pair.prompt(), pair.tools());
    };
  }

  private static List<Message> beforeLastAnswer(List<Message> messages) {
    int last = messages.size() - 1;
    while (last > 0 && !messages.get(last).role().equals("assistant")) {
      last--;
    }
    return messages.subList(0, last);
  }

  /// The file's bytes.
  static byte[] lines(List<int[]> prompts, List<Generator.Answer> answers, Tokenizer tokenizer) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < prompts.size(); i++) {
      Generator.Answer answer = answers.get(i);
      out.writeBytes(
          RunnerJson.line(
              new Line(
                  java.util.Arrays.stream(prompts.get(i)).boxed().toList(),
                  answer.tokens(),
                  answer.logProbabilities(),
                  tokenizer.decode(
                      answer.tokens().stream().mapToInt(Integer::intValue).toArray()))));
    }
    return out.toByteArray();
  }
}
