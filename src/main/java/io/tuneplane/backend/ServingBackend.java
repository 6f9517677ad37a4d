package io.tuneplane.backend;

import io.tuneplane.policy.Clearance;
import java.util.Optional;

/// A place where a tuned (or base) model answers. Implementations may be called from many threads
/// at once; every method blocks and throws [BackendException] on failure. The caller never sees the
/// place's address or secret.
public interface ServingBackend extends AutoCloseable {

  /// The backend's stable name; the same as the training backend's of the same place.
  String name();

  /// Makes a model answer here. Idempotent: the same spec gives the same deployment. Asks, and does
  /// not wait until it answers: see [#observe].
  ///
  /// @throws BackendException.Rejected if this place can't serve it (another base, a rank too high)
  DeploymentHandle deploy(DeploymentSpec spec);

  /// The deployment of a model that is in service here, or that needs no bringing into service;
  /// brings nothing there. Empty for one that is not, and for a place that can't tell.
  default Optional<DeploymentHandle> deployed(DeploymentSpec spec) {
    return Optional.empty();
  }

  /// Whether the deployment answers now; [DeploymentState.Gone] for one that is not known.
  DeploymentState observe(DeploymentHandle deployment);

  /// Takes the model out of service. Idempotent.
  void undeploy(DeploymentHandle deployment);

  /// Answers one request: each piece goes to the sink as it is made, the summary comes back at the
  /// end. The sink's [ChatSink#cancelled] is asked between pieces; once true, the place is told to
  /// stop, and the summary says `cancelled`.
  ///
  /// @throws BackendException.Rejected if the clearance is not for this deployment, or the request
  ///   can't be answered as it stands; no byte has moved
  /// @throws BackendException.RunLost if there is no such deployment
  ChatSummary chat(
      DeploymentHandle deployment, ChatRequest request, Clearance clearance, ChatSink sink);

  /// Asks whether the model answers here as it did in training. May deploy it for the time of the
  /// question. Sends no paid prompt.
  ///
  /// @throws BackendException.Rejected if this place can't serve it at all
  GateResult gate(DeploymentSpec spec);

  /// Releases connections, threads and servers started by this object.
  @Override
  void close();
}
