package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.backend.RemoteRunners;
import io.tuneplane.config.ClusterSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Makes a run's objects. Every name follows from the run's mark and round, so that doing it twice
/// makes nothing twice, whoever did it before.
final class Maker {

  private static final List<String> TRL = List.of("python", "-m", "tuneplane_trl", "remote");
  private static final List<String> DJL = List.of("java", "@/opt/tuneplane/options", "remote");

  private final ClusterSettings settings;
  private final ClusterAccess access;
  private final RemoteRunners runners;

  Maker(ClusterSettings settings, ClusterAccess access, RemoteRunners runners) {
    this.settings = settings;
    this.access = access;
    this.runners = runners;
  }

  /// An object of that name is somebody else's.
  static final class TakenException extends Exception {

    private static final long serialVersionUID = 1L;

    TakenException(String words) {
      super(words);
    }
  }

  /// The Job of a run's round, as it is to be made.
  TrainingJob job(String mark, RunRecord record) throws IOException, ClusterException {
    RunRecord.Size size = record.size();
    boolean trl = size.kind().isPresent() || settings.images().djl().isEmpty();
    return new TrainingJob(
        mark,
        record.round(),
        size.nodes(),
        new PodResources(size.kind(), size.gpusPerNode(), size.cpus(), size.memoryBytes()),
        (trl ? settings.images().trl() : settings.images().djl()).orElseThrow(),
        trl ? TRL : DJL,
        access.kueue().isPresent());
  }

  /// Makes the Job, or takes the one that an earlier try has made.
  ///
  /// @throws TakenException if there is one of that name which is not this run's
  JsonNode make(String mark, RunRecord record)
      throws IOException, ClusterException, TakenException {
    TrainingJob job = job(mark, record);
    JsonNode made = access.cluster().ensure(Kind.JOB, job.manifest(settings));
    requireOurs(made, mark);
    return made;
  }

  /// @throws TakenException if a Job that was found under a run's name is not that run's
  static void requireOurs(JsonNode job, String mark) throws TakenException {
    String theirs = job.path("metadata").path("annotations").path(Labels.MARK).asText();
    if (!theirs.equals(mark)) {
      throw new TakenException(
          "the Job %s in namespace %s is not of this run (its mark is \"%s\"); delete or rename it"
              .formatted(
                  Json.text(job, "metadata", "name"),
                  Json.text(job, "metadata", "namespace"),
                  theirs));
    }
  }

  /// Makes what the Job needs beside it.
  void makeParts(JsonNode made, RunFolder run, RunRecord record)
      throws IOException, ClusterException {
    String job = Json.text(made, "metadata", "name");
    RunParts parts = new RunParts(RunName.of(run.mark()), job, Json.text(made, "metadata", "uid"));
    Cluster cluster = access.cluster();
    Path base = Path.of(run.job().baseModel().path());
    String token =
        runners.admit(new RemoteRunners.Admission(run.mark(), record.round(), run.work(), base));
    cluster.ensure(Kind.NETWORK_POLICY, policy(parts));
    if (record.size().nodes() > 1) {
      cluster.ensure(Kind.SERVICE, parts.service());
    }
    cluster.ensure(Kind.SECRET, parts.secret(token, authority()));
  }

  private ObjectNode policy(RunParts parts) {
    Optional<URI> url = settings.controlPlane().url();
    return parts.networkPolicy(
        url.map(Maker::addresses).orElse(List.of()), url.map(URI::getPort).orElse(-1));
  }

  /// A policy knows no names, so ours is looked up; the pods' own rule stands where that fails.
  private static List<InetAddress> addresses(URI url) {
    try {
      return List.of(InetAddress.getAllByName(url.getHost()));
    } catch (UnknownHostException _) {
      return List.of();
    }
  }

  private Optional<String> authority() throws IOException {
    Optional<Path> file = settings.controlPlane().ca();
    return file.isEmpty() ? Optional.empty() : Optional.of(Files.readString(file.get()));
  }
}
