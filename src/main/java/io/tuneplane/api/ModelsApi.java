package io.tuneplane.api;

import io.tuneplane.backend.ChatRequest;
import io.tuneplane.backend.ChatSink;
import io.tuneplane.backend.ChatSummary;
import java.util.List;

/// Models that can be tuned, and tuned ones that answer.
public interface ModelsApi {

  /// Tuned models first, newest first; then the base models of the catalogue.
  List<ModelCard> list();

  /// One model.
  ///
  /// @param model a tuned model's name, or a base model's
  /// @throws NotFoundException if there is no such model
  ModelCard get(String model);

  /// Asks a model.
  ///
  /// @param model a tuned model's name, or a base model
  /// @param sink takes the answer's pieces as they are made
  /// @throws NotFoundException if there is no such model
  /// @throws io.tuneplane.policy.PolicyRefusedException if the prompt may not go where it answers
  ChatSummary chat(String model, ChatRequest request, ChatSink sink);
}
