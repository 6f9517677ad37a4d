package io.tuneplane.backend;

import io.tuneplane.policy.Clearance;
import io.tuneplane.policy.Location;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A backend for tests of everything above the SPI: a client of a [FakePlace], which holds all
/// state and takes the test's instructions. Obeys both contract suites. Safe for many threads.
public final class FakeBackend implements TrainingBackend, ServingBackend {

  private static final int MOST_EPOCHS = 50;

  private final String name;
  private final FakePlace place;
  private final Capabilities capabilities;
  private final ClearanceCheck clearances;

  public FakeBackend(String name, FakePlace place, Capabilities capabilities) {
    this.name = name;
    this.place = place;
    this.capabilities = capabilities;
    this.clearances = new ClearanceCheck(name, place);
  }

  /// A place of this name and location that tunes any Llama, supervised or dpo, and does all else.
  public static FakeBackend of(String name, Location location, FakePlace place) {
    return new FakeBackend(
        name,
        place,
        new Capabilities(
            location,
            Set.of(Method.values()),
            List.of(),
            Set.of("LlamaForCausalLM"),
            Limits.NONE,
            true,
            true,
            true,
            true));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public Availability availability() {
    place.arrive("availability");
    return place.availability();
  }

  @Override
  public List<Problem> check(TrainingSpec spec) {
    List<Problem> problems = new ArrayList<>();
    int epochs = spec.hyperparameters().epochs();
    if (epochs < 1 || epochs > MOST_EPOCHS) {
      problems.add(
          new Problem(
              "hyperparameters.n_epochs", "must be 1 to " + MOST_EPOCHS + ", not " + epochs));
    }
    if (!capabilities.methods().contains(spec.method())) {
      problems.add(new Problem("method", spec.method().wireName() + " is not offered here"));
    }
    if (!capabilities.models().isEmpty() && !capabilities.models().contains(spec.baseModel())) {
      problems.add(new Problem("model", spec.baseModel() + " is not tuned here"));
    }
    return problems;
  }

  @Override
  public RunHandle submit(TrainingSpec spec, SubmissionKey key, Clearance clearance) {
    clearances.training(clearance, spec.trainingDigest());
    List<Problem> problems = check(spec);
    if (!problems.isEmpty()) {
      throw new BackendException.Rejected(name, "submit", problems);
    }
    place.arrive("submit");
    place.start(key.mark());
    place.answer(name, "submit");
    return new RunHandle(name, key.mark());
  }

  @Override
  public Optional<RunHandle> find(SubmissionKey key) {
    place.arrive("find");
    Optional<RunHandle> found = place.visible(key.mark()).map(_ -> new RunHandle(name, key.mark()));
    place.answer(name, "find");
    return found;
  }

  @Override
  public Duration consistencyWindow() {
    return place.hidden();
  }

  @Override
  public Progress observe(RunHandle run, Cursor since) {
    place.arrive("observe");
    int from = since.equals(Cursor.START) ? 0 : Integer.parseInt(since.value());
    Progress progress = find("observe", run).look(from, place.pageSize());
    place.answer(name, "observe");
    return place.arriving(progress);
  }

  @Override
  public void cancel(RunHandle run) {
    place.arrive("cancel");
    find("cancel", run).cancel(place.instant());
    place.answer(name, "cancel");
  }

  @Override
  public void pause(RunHandle run) {
    place.arrive("pause");
    FakeRun found = find("pause", run);
    if (found.ended()) {
      throw new BackendException.Rejected(
          name, "pause", List.of(new Problem("job", "has ended, so it can't be paused")));
    }
    found.pause(place.instant());
    place.answer(name, "pause");
  }

  @Override
  public void resume(RunHandle run) {
    place.arrive("resume");
    find("resume", run).resume(place.instant());
    place.answer(name, "resume");
  }

  @Override
  public DeploymentHandle deploy(DeploymentSpec spec) {
    place.arrive("deploy");
    String id = spec.name() + "@" + spec.quantization().orElse("default");
    place.deploy(id, spec);
    place.answer(name, "deploy");
    return new DeploymentHandle(name, id);
  }

  @Override
  public DeploymentState observe(DeploymentHandle deployment) {
    place.arrive("observeDeployment");
    if (place.deployment(deployment.remoteId()).isEmpty()) {
      return new DeploymentState.Gone();
    }
    return place.answers(deployment.remoteId())
        ? new DeploymentState.Ready(1, 1)
        : new DeploymentState.Starting("the replica is coming up");
  }

  @Override
  public void undeploy(DeploymentHandle deployment) {
    place.arrive("undeploy");
    place.undeploy(deployment.remoteId());
    place.answer(name, "undeploy");
  }

  @Override
  public ChatSummary chat(
      DeploymentHandle deployment, ChatRequest request, Clearance clearance, ChatSink sink) {
    clearances.prompt(clearance, deployment);
    place.arrive("chat");
    if (place.deployment(deployment.remoteId()).isEmpty()) {
      throw new BackendException.RunLost(name, "chat", "no deployment " + deployment.remoteId());
    }
    if (!place.answers(deployment.remoteId())) {
      throw new BackendException.Unavailable(name, "chat", deployment.remoteId() + " is starting");
    }
    return say(request, sink);
  }

  @Override
  public GateResult gate(DeploymentSpec spec) {
    place.arrive("gate");
    GateResult gate = place.gate();
    place.answer(name, "gate");
    return gate;
  }

  /// Nothing to release: the place goes on without us.
  @Override
  public void close() {}

  private ChatSummary say(ChatRequest request, ChatSink sink) {
    String[] words = place.answerTo(request).split("(?<= )", -1);
    int most = request.maxTokens().orElse(Integer.MAX_VALUE);
    int said = 0;
    while (said < Math.min(words.length, most) && !sink.cancelled()) {
      sink.text(words[said]);
      said++;
    }
    String reason = said == words.length ? "stop" : said == most ? "length" : "cancelled";
    int prompt =
        request.messages().stream()
            .mapToInt(m -> m.content().orElse("").split(" ", -1).length)
            .sum();
    return new ChatSummary(reason, prompt, said, 0);
  }

  private FakeRun find(String operation, RunHandle run) {
    Optional<FakeRun> found = place.run(run.remoteId());
    return found.orElseThrow(
        () -> new BackendException.RunLost(name, operation, "no run " + run.remoteId()));
  }
}
