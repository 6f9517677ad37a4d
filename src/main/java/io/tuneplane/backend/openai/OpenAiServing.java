package io.tuneplane.backend.openai;

import com.openai.core.RequestOptions;
import com.openai.core.Timeout;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.models.Model;
import io.tuneplane.backend.BackendException;
import io.tuneplane.backend.ChatRequest;
import io.tuneplane.backend.ChatSink;
import io.tuneplane.backend.ChatSummary;
import io.tuneplane.backend.ClearanceCheck;
import io.tuneplane.backend.DeploymentHandle;
import io.tuneplane.backend.DeploymentSpec;
import io.tuneplane.backend.DeploymentState;
import io.tuneplane.backend.GateResult;
import io.tuneplane.backend.ServingBackend;
import io.tuneplane.backend.TrainedModel;
import io.tuneplane.cost.PriceBook;
import io.tuneplane.policy.Clearance;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Optional;
import java.util.function.Supplier;

/// Lets OpenAI's base and tuned models answer. They are in service as soon as they exist; a
/// deployment is the model's name at the host, and to undeploy one is to ask it no more. Safe for
/// many threads.
public final class OpenAiServing implements ServingBackend {

  private static final String NAME = OpenAiSettings.NAME;

  /// A long answer may take a while, but not without a sign of life.
  private static final Timeout ANSWER =
      Timeout.builder().read(Duration.ofMinutes(2)).request(Duration.ofMinutes(30)).build();

  private final Account account;
  private final Failures failures;
  private final Facts facts;
  private final ListedModels models;
  private final Withdrawn withdrawn;
  private final ClearanceCheck clearances;

  /// @param keys where the key comes from; asked for every call
  /// @param book the price book, for the names of OpenAI's models
  public OpenAiServing(
      OpenAiSettings settings, KeySource keys, Supplier<PriceBook> book, InstantSource clock) {
    this.account = new Account(settings, keys);
    this.failures = new Failures(account::withoutKey);
    this.facts = new Facts(settings, book);
    this.models = new ListedModels(account, failures, clock);
    this.withdrawn = new Withdrawn(settings.directory().resolve("withdrawn"));
    this.clearances = new ClearanceCheck(NAME, clock);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public DeploymentHandle deploy(DeploymentSpec spec) {
    String model = model("deploy", spec);
    withdrawn.remove(model);
    return new DeploymentHandle(NAME, model);
  }

  @Override
  public Optional<DeploymentHandle> deployed(DeploymentSpec spec) {
    return Optional.of(new DeploymentHandle(NAME, model("deployed", spec)));
  }

  private String model(String operation, DeploymentSpec spec) {
    spec.quantization()
        .ifPresent(q -> {
          throw Failures.rejected(
              operation, "quantization", "OpenAI does not let one choose it; leave out " + q);
        });
    if (spec.tuned().flatMap(TrainedModel::adapter).isPresent()) {
      throw Failures.rejected(
          operation, "model", spec.name() + " was trained elsewhere; OpenAI takes no weights");
    }
    return spec.tuned().map(TrainedModel::remoteName).orElseGet(() -> facts.id(spec.baseModel()));
  }

  @Override
  public DeploymentState observe(DeploymentHandle deployment) {
    if (withdrawn.contains(deployment.remoteId())) {
      return new DeploymentState.Gone();
    }
    return models
        .find("observe", deployment.remoteId())
        .<DeploymentState>map(_ -> new DeploymentState.Ready(1, 1))
        .orElseGet(DeploymentState.Gone::new);
  }

  @Override
  public void undeploy(DeploymentHandle deployment) {
    withdrawn.add(deployment.remoteId());
    models.forget(deployment.remoteId());
  }

  @Override
  @SuppressWarnings("MustBeClosedChecker") // ChatStream closes what it opens.
  public ChatSummary chat(
      DeploymentHandle deployment, ChatRequest request, Clearance clearance, ChatSink sink) {
    clearances.prompt(clearance, deployment);
    String model = deployment.remoteId();
    if (withdrawn.contains(model)) {
      throw new BackendException.RunLost(NAME, "chat", model + " was taken out of service");
    }
    ChatCompletionCreateParams params =
        ChatParams.of(model, request, account.settings().official());
    RequestOptions options = RequestOptions.builder().timeout(ANSWER).build();
    var completions = account.client("chat").chat().completions();
    return new ChatStream(sink, failures).read(() -> completions.createStreaming(params, options));
  }

  /// The host says of itself that the model is there; no prompt is sent, since it would cost.
  @Override
  public GateResult gate(DeploymentSpec spec) {
    String model = model("gate", spec);
    models.forget(model);
    return models
        .find("gate", model)
        .map(listed -> new GateResult.Stated(true, words(listed)))
        .orElseGet(() -> new GateResult.Stated(false, host() + " does not list " + model));
  }

  private String words(Model listed) {
    return host()
        + " lists "
        + listed.id()
        + listed.shutdownDate().map(day -> ", which it will stop on " + day).orElse("");
  }

  private String host() {
    return String.valueOf(account.settings().baseUrl().getHost());
  }

  /// When the host will stop a model, where it says so.
  ///
  /// @param model its name at the host
  /// @throws BackendException if the host can't be asked
  public Optional<LocalDate> shutdownDate(String model) {
    return models.find("shutdownDate", model).flatMap(Model::shutdownDate);
  }

  @Override
  public void close() {
    account.close();
  }
}
