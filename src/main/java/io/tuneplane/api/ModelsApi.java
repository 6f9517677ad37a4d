package io.tuneplane.api;

import io.tuneplane.backend.ChatRequest;
import io.tuneplane.backend.ChatSink;
import io.tuneplane.backend.ChatSummary;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/// Models that can be tuned, and tuned ones that answer.
public interface ModelsApi {

  /// Tuned models first, newest first; then the base models of the catalogue.
  List<ModelCard> list();

  /// One model.
  ///
  /// @param model a tuned model's name, or a base model's
  /// @throws NotFoundException if there is no such model
  ModelCard get(String model);

  /// The day from which a tuned model no longer answers, where its provider announced one. Cheap:
  /// it is asked with every prompt.
  default Optional<LocalDate> end(String model) {
    return Optional.empty();
  }

  /// Forgets a tuned model: it answers no more, and its weights here are removed. What a provider
  /// holds of it stays with the provider.
  ///
  /// @throws NotFoundException if there is no such model
  /// @throws RequestException if it is a base model
  void delete(String model);

  /// How every tuned model stands with answering, newest first. Brings none into service.
  List<DeploymentCard> deployments();

  /// Asks a model.
  ///
  /// @param model a tuned model's name, or a base model
  /// @param sink takes the answer's pieces as they are made
  /// @throws NotFoundException if there is no such model
  /// @throws io.tuneplane.policy.PolicyRefusedException if the prompt may not go where it answers
  ChatSummary chat(String model, ChatRequest request, ChatSink sink);
}
