package io.tuneplane.policy;

import java.util.Locale;

/// Why data goes to a place. Training and calling are two questions: a provider may be fit for one
/// and not for the other (OpenAI's tuning and file endpoints are not eligible for zero retention,
/// its chat endpoint can be).
public enum Purpose {
  /// A data set goes there to be learnt from: files and jobs.
  TRAINING,
  /// Prompts go there to be answered.
  PROMPT;

  /// The name in files and answers.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
