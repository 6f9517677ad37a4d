package io.tuneplane.job;

import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.DeploymentHandle;
import io.tuneplane.backend.DeploymentSpec;
import io.tuneplane.backend.DeploymentState;
import io.tuneplane.backend.ServingBackend;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells of tuned models in service, and takes them out of it. Safe for many threads.
public final class Deployed {

  private static final Logger LOG = LoggerFactory.getLogger(Deployed.class);

  private final Places places;

  /// @param places where models answer
  public Deployed(Places places) {
    this.places = places;
  }

  static DeploymentSpec spec(TunedModel model) {
    return new DeploymentSpec(
        model.name(), model.baseModel(), Optional.of(model.trained()), Optional.empty());
  }

  /// How a model stands; brings nothing into service.
  public DeploymentState state(TunedModel model) {
    try {
      return places
          .serving(model.backend())
          .map(place -> state(place, model))
          .orElseGet(() -> new DeploymentState.Broken(model.backend() + " is not set up any more"));
    } catch (BackendException e) {
      return new DeploymentState.Broken(String.valueOf(e.getMessage()));
    }
  }

  private static DeploymentState state(ServingBackend place, TunedModel model) {
    return place.deployed(spec(model)).map(place::observe).orElseGet(DeploymentState.Gone::new);
  }

  /// Takes a model out of service, where it is in one. Where its place can't do that now, nothing
  /// is lost: a place keeps nothing in service that nobody asks for.
  public void retire(TunedModel model) {
    places
        .serving(model.backend())
        .ifPresent(place -> {
          try {
            Optional<DeploymentHandle> handle = place.deployed(spec(model));
            handle.ifPresent(place::undeploy);
          } catch (BackendException e) {
            LOG.warn("{} was deleted, and stays in service for now", model.name(), e);
          }
        });
  }
}
