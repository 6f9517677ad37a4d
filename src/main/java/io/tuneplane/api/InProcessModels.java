package io.tuneplane.api;

import io.tuneplane.access.Caller;
import io.tuneplane.backend.ChatRequest;
import io.tuneplane.backend.ChatSink;
import io.tuneplane.backend.ChatSummary;
import io.tuneplane.backend.DeploymentState;
import io.tuneplane.backend.Problem;
import io.tuneplane.job.Answers;
import io.tuneplane.job.Deployed;
import io.tuneplane.job.TunedModel;
import io.tuneplane.job.TunedModelName;
import io.tuneplane.job.TunedModels;
import io.tuneplane.model.CatalogueEntry;
import io.tuneplane.model.ModelCatalogue;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Models of this process: the catalogue's, and those that its jobs made.
public final class InProcessModels implements ModelsApi {

  private final Caller caller;
  private final ModelCatalogue catalogue;
  private final Predicate<String> onDisk;
  private final TunedModels tuned;
  private final Answers answers;
  private final Deployed deployed;
  private final ModelEnds ends;

  /// The models of a caller's organisation.
  ///
  /// @param onDisk whether a base model needs no download
  /// @param ends when providers stop models
  public InProcessModels(
      Caller caller,
      ModelCatalogue catalogue,
      Predicate<String> onDisk,
      TunedModels tuned,
      Answers answers,
      Deployed deployed,
      ModelEnds ends) {
    this.caller = caller;
    this.catalogue = catalogue;
    this.onDisk = onDisk;
    this.tuned = tuned;
    this.answers = answers;
    this.deployed = deployed;
    this.ends = ends;
  }

  @Override
  public List<ModelCard> list() {
    return Stream.concat(
            tuned.list(caller.organisation()).stream().map(this::card),
            catalogue.entries().stream().map(this::card))
        .toList();
  }

  private ModelCard card(TunedModel model) {
    return new ModelCard(
        model.name(),
        "model",
        model.createdAt().getEpochSecond(),
        model.organisation(),
        "tuned",
        Optional.of(model.baseModel()),
        Optional.of(model.backend()),
        Optional.empty(),
        Optional.empty(),
        Optional.of(model.jobId()),
        ends.of(model.backend(), model.baseModel()),
        ends.warning(model.backend(), model.baseModel()));
  }

  private ModelCard card(CatalogueEntry entry) {
    return new ModelCard(
        entry.id(),
        "model",
        0,
        entry.hubId().replaceFirst("/.*", ""),
        "base",
        Optional.empty(),
        Optional.empty(),
        Optional.of(entry.parameters()),
        Optional.of(onDisk.test(entry.id())),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Override
  public ModelCard get(String model) {
    return tuned
        .find(caller.organisation(), model)
        .map(this::card)
        .or(() -> catalogue.find(model).map(this::card))
        .orElseThrow(() -> new NotFoundException("model", model));
  }

  @Override
  public Optional<LocalDate> end(String model) {
    return TunedModelName.parse(model)
        .flatMap(_ -> tuned.find(caller.organisation(), model))
        .flatMap(found -> ends.of(found.backend(), found.baseModel()));
  }

  @Override
  public void delete(String model) {
    Optional<TunedModel> found =
        tuned.list(caller.organisation()).stream()
            .filter(known -> known.name().equals(model))
            .findFirst();
    if (found.isEmpty() && catalogue.find(model).isPresent()) {
      throw new RequestException(
          List.of(new Problem("model", model + " is a base model, and can't be deleted")));
    }
    if (found.isEmpty() || !tuned.delete(caller.organisation(), model)) {
      throw new NotFoundException("model", model);
    }
    deployed.retire(found.get());
  }

  @Override
  public List<DeploymentCard> deployments() {
    return tuned.list(caller.organisation()).stream()
        .map(model -> deployment(model, deployed.state(model)))
        .toList();
  }

  private static DeploymentCard deployment(TunedModel model, DeploymentState state) {
    return switch (state) {
      case DeploymentState.Ready(int ready, int replicas) ->
          deployment(model, "ready", Optional.empty(), ready, replicas);
      case DeploymentState.Starting(String detail) ->
          deployment(model, "starting", Optional.of(detail), 0, 1);
      case DeploymentState.Broken(String reason) ->
          deployment(model, "broken", Optional.of(reason), 0, 1);
      case DeploymentState.Gone _ -> deployment(model, "idle", Optional.empty(), 0, 0);
    };
  }

  private static DeploymentCard deployment(
      TunedModel model, String state, Optional<String> detail, int ready, int replicas) {
    return new DeploymentCard(
        model.name(), model.baseModel(), model.backend(), state, detail, ready, replicas);
  }

  @Override
  public ChatSummary chat(String model, ChatRequest request, ChatSink sink) {
    try {
      if (TunedModelName.parse(model).isEmpty()) {
        ServerPaths.refuse(caller, Optional.of(model));
        refuseUnknown(model);
        // Base models answer here only: elsewhere a prompt would cost money that nobody asked for.
        return answers.ask(LOCAL, model, request, sink);
      }
      TunedModel found =
          tuned
              .find(caller.organisation(), model)
              .orElseThrow(() -> new NotFoundException("model", model));
      return answers.ask(found, request, sink);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new ChatSummary("cancelled", 0, 0, 0);
    }
  }

  /// A name that can only be the catalogue's, or a tuned model's, and is not.
  private void refuseUnknown(String model) {
    boolean elsewhere = model.contains("/") || model.contains("\\");
    if (!elsewhere && catalogue.find(model).isEmpty()) {
      throw new NotFoundException("model", model);
    }
  }

  private static final String LOCAL = "local";
}
