package io.tuneplane.runner.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.dataset.Example;
import io.tuneplane.dataset.ExampleEncoder;
import io.tuneplane.model.BaseModel;
import io.tuneplane.model.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The trainer against transformers and PEFT on SmolLM2: the same losses from the same start, and
/// an adapter that PEFT reads as we do. Needs Python with torch, transformers and peft.
@Tag("heavy")
class PeftParityIT {

  private static final int STEPS = 12;
  private static final int BATCH = 4;
  private static final double RATE = 5e-4;

  @TempDir Path work;

  @Test
  void lossesAndAdaptersAreThoseOfPeft() throws IOException, InterruptedException {
    Lora lora = new Lora(8, 16, 0, TinyPass.ALL, false);
    List<Double> losses = new ArrayList<>();
    List<double[]> base = new ArrayList<>();
    List<double[]> tuned = new ArrayList<>();
    try (BaseModel model = Models.open(HeavyParts.smolLm2());
        Kernels kernels = Kernels.load(2);
        Llama llama =
            new Llama(
                kernels,
                model.config(),
                LlamaWeights.load(kernels, model.config(), model.weights(), Precision.FP32),
                512)) {
      TrainingJob job = TestJobs.supervised(model, lora, RATE);
      AdapterLayout layout = new AdapterLayout(model.config(), lora);
      List<List<TrainingExample.Chat>> batches = batches(model);
      writePlan(batches);
      try (Adapter adapter = new Adapter(kernels, layout, Precision.FP32)) {
        adapter.write(layout.initial(1));
        new PeftFolder(work.resolve("init")).write(job, layout, adapter.read(), "");
        Objective<TrainingExample.Chat> objective = new SupervisedObjective(kernels, llama, 0);
        for (int step = 1; step <= STEPS; step++) {
          losses.add(step(adapter, objective, batches.get(step - 1), lora, step));
        }
        new PeftFolder(work.resolve("trained")).write(job, layout, adapter.read(), "");
        try (Llama.Adapted adapted = Llama.Adapted.of(adapter, lora.scale())) {
          for (TrainingExample.Chat probe : batches.getFirst()) {
            Packed packed = Packed.of(probe.sequences());
            base.add(llama.evaluate(packed, Optional.empty(), 0).logProbabilities());
            tuned.add(llama.evaluate(packed, Optional.of(adapted), 0).logProbabilities());
          }
        }
      }
    }
    JsonNode peer =
        HeavyParts.python("peft_peer.py", HeavyParts.smolLm2().toString(), work.toString());
    for (int i = 0; i < STEPS; i++) {
      assertThat(losses.get(i))
          .as("loss of step " + (i + 1))
          .isCloseTo(peer.path("losses").get(i).asDouble(), within(1e-3));
    }
    for (int i = 0; i < base.size(); i++) {
      assertNear(base.get(i), peer.path("base").get(i));
      assertNear(tuned.get(i), peer.path("tuned").get(i));
    }
  }

  private static void assertNear(double[] ours, JsonNode theirs) {
    assertThat(theirs.size()).isEqualTo(ours.length);
    for (int i = 0; i < ours.length; i++) {
      assertThat(ours[i]).isCloseTo(theirs.get(i).asDouble(), within(2e-4));
    }
  }

  private static double step(
      Adapter adapter,
      Objective<TrainingExample.Chat> objective,
      List<TrainingExample.Chat> batch,
      Lora lora,
      long step) {
    Figures figures;
    try (Llama.Adapted adapted = Llama.Adapted.of(adapter, lora.scale())) {
      figures = objective.learn(adapted, batch, objective.count(batch), 0);
    }
    adapter.update(Math.min(1, 1 / (adapter.gradientNorm() + 1e-6)), step, RATE, 0);
    return figures.meanLoss();
  }

  private static List<List<TrainingExample.Chat>> batches(BaseModel model) {
    ExampleEncoder encoder = new ExampleEncoder(model.tokenizer(), model.chatTemplate(), 512);
    List<Example> examples =
        ExampleLines.read(Path.of("examples/support/train.jsonl"), TrainingJob.Method.SUPERVISED);
    List<TrainingExample.Chat> chats =
        TrainingSet.encode("train", examples, encoder).examples().stream()
            .map(TrainingExample.Chat.class::cast)
            .toList();
    List<List<TrainingExample.Chat>> batches = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      batches.add(chats.subList(i * BATCH, (i + 1) * BATCH));
    }
    return batches;
  }

  private void writePlan(List<List<TrainingExample.Chat>> batches) throws IOException {
    ObjectNode plan = RunnerJson.MAPPER.createObjectNode();
    plan.put("threads", 2).put("learning_rate", RATE).put("max_grad_norm", 1.0);
    ArrayNode all = plan.putArray("batches");
    for (List<TrainingExample.Chat> batch : batches) {
      ArrayNode list = all.addArray();
      for (TrainingExample.Chat chat : batch) {
        ObjectNode example = list.addObject();
        ArrayNode tokens = example.putArray("tokens");
        ArrayNode target = example.putArray("target");
        for (int t = 0; t < chat.sequence().length(); t++) {
          tokens.add(chat.sequence().token(t));
          target.add(chat.sequence().learnt(t));
        }
      }
    }
    Files.write(work.resolve("batches.json"), RunnerJson.line(plan));
  }
}
