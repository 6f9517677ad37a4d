package io.tuneplane.runner.train;

import io.tuneplane.model.BaseModel;

/// Jobs for tests.
final class TestJobs {

  private TestJobs() {}

  static Hyperparameters hyperparameters(int epochs, int batch, double rate, Lora lora) {
    return new Hyperparameters(
        epochs, batch, rate, 1, null, lora, Hyperparameters.Schedule.CONSTANT, 0, 0, 1, true, 512);
  }

  static TrainingJob supervised(BaseModel base, Lora lora, double rate) {
    return new TrainingJob(
        "test",
        1,
        new TrainingJob.BaseModelFiles("base", base.path().toString(), base.digest()),
        null,
        TrainingJob.Method.SUPERVISED,
        hyperparameters(1, 4, rate, lora),
        new TrainingJob.Data("train.jsonl", null),
        1,
        TrainingJob.Compute.FP32,
        new Limits(2, null, 0, 0, 0, null));
  }
}
