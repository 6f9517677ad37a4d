package io.tuneplane.runner.serve;

import io.tuneplane.dataset.ExampleEncoder;
import io.tuneplane.model.BaseModel;
import io.tuneplane.model.TemplateException;
import io.tuneplane.runner.serve.engine.Adapter;
import io.tuneplane.runner.serve.engine.Answer;
import io.tuneplane.runner.serve.engine.Engine;
import io.tuneplane.runner.serve.engine.GenerationRequest;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;

/// A base model that answers, with its adapters. Safe for many threads.
///
/// @param name what the base is called in requests
record ServedModel(
    String name, BaseModel base, ExampleEncoder encoder, Engine engine, AdapterShelf adapters) {

  /// Starts the answer to a request.
  ///
  /// @throws ApiException if it can't be met
  Answer answer(ChatCall call) {
    Optional<Adapter> adapter = adapters.find(call.model());
    int[] prompt = prompt(call);
    int room = engine.maxContext() - prompt.length;
    if (room < 1) {
      throw ApiException.bad(
          "messages",
          "This model's maximum context length is %d tokens; the messages have %d."
              .formatted(engine.maxContext(), prompt.length));
    }
    GenerationRequest request =
        new GenerationRequest(
            prompt,
            adapter,
            Math.min(room, call.maxTokens().orElse(room)),
            call.sampling(),
            call.stop(),
            call.ignoreEnd(),
            call.topLogprobs());
    return accepted(() -> engine.generate(request));
  }

  private int[] prompt(ChatCall call) {
    try {
      return encoder.prompt(call.messages(), call.tools());
    } catch (TemplateException e) {
      throw ApiException.bad(
          "messages", "The model's chat template refuses the messages: " + e.getMessage());
    }
  }

  /// Hands work to the engine; says so where it takes none.
  <T> T accepted(java.util.function.Supplier<T> work) {
    try {
      return work.get();
    } catch (RejectedExecutionException e) {
      String message = String.valueOf(e.getMessage());
      throw engine.closing() ? ApiException.ending(message) : ApiException.busy(message);
    }
  }
}
