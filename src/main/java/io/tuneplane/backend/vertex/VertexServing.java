package io.tuneplane.backend.vertex;

import static io.tuneplane.backend.vertex.VertexSettings.NAME;

import com.google.genai.ResponseStream;
import com.google.genai.types.Content;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.Model;
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
import io.tuneplane.cost.EndDate;
import io.tuneplane.cost.PriceBook;
import io.tuneplane.policy.Clearance;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Lets Gemini models and tuned endpoints of Vertex AI answer. Google makes the endpoint of a tuned
/// model when tuning ends, takes nothing for it while it is idle, and can't bring a deleted one
/// back: so deploying costs nothing, and undeploying only closes the door on our side, in this
/// process. Safe for many threads.
public final class VertexServing implements ServingBackend {

  private final VertexSettings settings;
  private final VertexFacts facts;
  private final GoogleClients clients;
  private final ClearanceCheck clearances;
  private final Set<String> withdrawn = ConcurrentHashMap.newKeySet();

  /// A place that is reached with Google's application-default credentials.
  ///
  /// @param book where models and end dates come from
  public VertexServing(VertexSettings settings, Supplier<PriceBook> book, InstantSource clock) {
    this(settings, book, clock, GoogleCredentialSource.applicationDefault());
  }

  VertexServing(
      VertexSettings settings,
      Supplier<PriceBook> book,
      InstantSource clock,
      GoogleCredentialSource credentials) {
    this.settings = settings;
    this.facts = new VertexFacts(book, clock);
    this.clients = new GoogleClients(settings, credentials, true);
    this.clearances = new ClearanceCheck(NAME, clock);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public DeploymentHandle deploy(DeploymentSpec spec) {
    DeploymentName name = resolve("deploy", spec);
    withdrawn.remove(name.remoteId());
    return new DeploymentHandle(NAME, name.remoteId());
  }

  @Override
  public Optional<DeploymentHandle> deployed(DeploymentSpec spec) {
    return Optional.of(new DeploymentHandle(NAME, resolve("deployed", spec).remoteId()));
  }

  @Override
  public DeploymentState observe(DeploymentHandle handle) {
    return known(handle)
        .map(name -> stopped(name).orElseGet(() -> state(name)))
        .orElseGet(DeploymentState.Gone::new);
  }

  private Optional<DeploymentState> stopped(DeploymentName name) {
    return facts
        .stopped(name.model())
        .map(end -> new DeploymentState.Broken(words(name.model(), end)));
  }

  private DeploymentState state(DeploymentName name) {
    Optional<String> model = name.tuned().flatMap(TunedName::model);
    if (model.isEmpty()) {
      return new DeploymentState.Ready(1, 1);
    }
    try {
      return serves(model.get())
          ? new DeploymentState.Ready(1, 1)
          : new DeploymentState.Broken("no endpoint of Vertex AI has " + model.get());
    } catch (BackendException.RunLost _) {
      return new DeploymentState.Gone();
    }
  }

  private boolean serves(String model) {
    expectSetUp("observe");
    Model found = GoogleCall.make("observe", () -> clients.ai().models.get(model, null));
    return !found.endpoints().orElse(List.of()).isEmpty();
  }

  @Override
  public void undeploy(DeploymentHandle handle) {
    withdrawn.add(handle.remoteId());
  }

  @Override
  public ChatSummary chat(
      DeploymentHandle handle, ChatRequest request, Clearance clearance, ChatSink sink) {
    clearances.prompt(clearance, handle);
    expectSetUp("chat");
    DeploymentName name =
        known(handle)
            .orElseThrow(() ->
                new BackendException.RunLost(NAME, "chat", "no deployment " + handle.remoteId()));
    List<Content> contents = ChatTranslation.contents(request);
    GenerateContentConfig config = ChatTranslation.config(request, name.tuned().isPresent());
    ChatStream stream = new ChatStream(sink);
    try (Hangup hangup = new Hangup(sink)) {
      return ScopedValue.where(Guard.CALLS, hangup)
          .call(() -> answer(name, contents, config, stream, hangup));
    }
  }

  private ChatSummary answer(
      DeploymentName name,
      List<Content> contents,
      GenerateContentConfig config,
      ChatStream stream,
      Hangup hangup) {
    try {
      return GoogleCall.make(
          "chat",
          () -> {
            try (ResponseStream<GenerateContentResponse> events =
                clients.ai().models.generateContentStream(name.target(), contents, config)) {
              return stream.read(events);
            }
          });
    } catch (BackendException.Unavailable e) {
      if (hangup.hungUp()) {
        return stream.cancelled();
      }
      throw e;
    }
  }

  @Override
  public GateResult gate(DeploymentSpec spec) {
    DeploymentName name = resolve("gate", spec);
    Optional<String> model = name.tuned().flatMap(TunedName::model);
    if (model.isEmpty()) {
      return new GateResult.Stated(true, "Vertex AI offers " + name.target());
    }
    try {
      return serves(model.get())
          ? new GateResult.Stated(
              true, "Vertex AI serves %s at %s".formatted(model.get(), name.target()))
          : new GateResult.Stated(
              false, "Vertex AI has %s, and no endpoint serves it".formatted(model.get()));
    } catch (BackendException.RunLost e) {
      return new GateResult.Stated(false, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    clients.close();
  }

  private Optional<DeploymentName> known(DeploymentHandle handle) {
    return DeploymentName.parse(handle).filter(name -> !withdrawn.contains(handle.remoteId()));
  }

  private DeploymentName resolve(String operation, DeploymentSpec spec) {
    if (spec.quantization().isPresent()) {
      throw Failures.rejected(
          operation, "quantization", "is Google's own matter on Vertex AI; leave it out");
    }
    DeploymentName name = DeploymentName.of(spec, facts);
    if (spec.tuned().isPresent() && name.tuned().isEmpty()) {
      throw Failures.rejected(
          operation, "model", name.model() + " was not tuned on Vertex AI, which serves its own");
    }
    if (spec.tuned().isEmpty() && !facts.knows(spec.baseModel())) {
      throw Failures.rejected(
          operation,
          "model",
          "Vertex AI does not serve %s; it serves %s"
              .formatted(spec.baseModel(), String.join(", ", facts.alive())));
    }
    facts
        .stopped(spec.baseModel())
        .ifPresent(end -> {
          throw Failures.rejected(operation, "model", words(spec.baseModel(), end));
        });
    return name;
  }

  private static String words(String model, EndDate end) {
    return "%s stopped on %s (%s)".formatted(model, end.date(), end.source().text());
  }

  private void expectSetUp(String operation) {
    List<String> missing = settings.missing();
    if (!missing.isEmpty()) {
      throw new BackendException.Unauthorized(NAME, operation, Probe.setUp(missing));
    }
  }
}
