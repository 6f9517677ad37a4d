package io.tuneplane.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tuneplane.dataset.Message;
import io.tuneplane.policy.Clearance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every [ServingBackend] promises.
public abstract class ServingBackendContract {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final List<ServingBackend> opened = new ArrayList<>();
  private ServingBackend backend;

  /// Another instance over the same place and the same state. The suite closes it.
  protected abstract ServingBackend open() throws Exception;

  /// A model that the place serves and that says at least three pieces to any prompt.
  protected abstract DeploymentSpec spec() throws Exception;

  /// Another such model.
  protected abstract DeploymentSpec anotherSpec() throws Exception;

  /// A model that the place can't serve, e.g. an adapter of another base; empty where there is
  /// none.
  protected abstract Optional<DeploymentSpec> refusedSpec() throws Exception;

  /// Leave to send prompts to this deployment.
  protected abstract Clearance clearance(DeploymentHandle deployment);

  /// Leave to send prompts somewhere else.
  protected abstract Clearance clearanceForAnotherPlace(DeploymentHandle deployment);

  /// Lets the place get on with it.
  protected abstract void letTimePass() throws Exception;

  /// Ways to make the next `chat` fail, by the error that must come out of it.
  protected abstract Map<Class<? extends BackendException>, Fault> faults();

  /// Breaks something about a deployment or its place.
  protected interface Fault {
    void inject(DeploymentHandle deployment) throws Exception;
  }

  @BeforeEach
  void openBackend() throws Exception {
    backend = another();
  }

  @AfterEach
  void closeBackends() {
    opened.forEach(ServingBackend::close);
  }

  @Test
  void whatIsInServiceIsFoundWithoutBringingItThere() throws Exception {
    DeploymentHandle deployment = deployed(spec());

    assertThat(backend.deployed(spec()).orElse(deployment)).isEqualTo(deployment);
  }

  @Test
  void aDeployedModelAnswers() throws Exception {
    DeploymentHandle deployment = deployed(spec());
    StringBuilder text = new StringBuilder();

    ChatSummary summary = chat(deployment, 24, text::append);

    assertThat(text).isNotEmpty();
    assertThat(summary.finishReason()).isIn("stop", "length");
    assertThat(summary.promptTokens()).isPositive();
    assertThat(summary.completionTokens()).isBetween(1, 24);
  }

  @Test
  void greedyAnswersRepeat() throws Exception {
    DeploymentHandle deployment = deployed(spec());
    StringBuilder first = new StringBuilder();
    StringBuilder second = new StringBuilder();

    chat(deployment, 12, first::append);
    chat(deployment, 12, second::append);

    assertThat(second.toString()).isEqualTo(first.toString());
  }

  @Test
  void anAnswerEndsAtItsBound() throws Exception {
    DeploymentHandle deployment = deployed(spec());

    ChatSummary summary = chat(deployment, 2, _ -> {});

    assertThat(summary.finishReason()).isEqualTo("length");
    assertThat(summary.completionTokens()).isEqualTo(2);
  }

  @Test
  void aCancelledAnswerStops() throws Exception {
    DeploymentHandle deployment = deployed(spec());
    List<String> pieces = new ArrayList<>();
    ChatSink impatient =
        new ChatSink() {
          @Override
          public void text(String piece) {
            pieces.add(piece);
          }

          @Override
          public boolean cancelled() {
            return !pieces.isEmpty();
          }
        };

    ChatSummary summary = backend.chat(deployment, request(200), clearance(deployment), impatient);

    assertThat(summary.finishReason()).isEqualTo("cancelled");
    assertThat(pieces).hasSize(1);
  }

  @Test
  void deployTwiceIsDeployOnce() throws Exception {
    DeploymentHandle first = backend.deploy(spec());
    DeploymentHandle second = another().deploy(spec());

    assertThat(second).isEqualTo(first);
    assertThat(first.backend()).isEqualTo(backend.name());
  }

  @Test
  void twoModelsStandSideBySide() throws Exception {
    DeploymentHandle first = deployed(spec());
    DeploymentHandle second = deployed(anotherSpec());

    backend.undeploy(first);

    assertThat(second).isNotEqualTo(first);
    assertThat(backend.observe(first)).isEqualTo(new DeploymentState.Gone());
    assertThat(chat(second, 4, _ -> {}).completionTokens()).isPositive();
  }

  @Test
  void undeployTwiceIsUndeployOnce() throws Exception {
    DeploymentHandle deployment = deployed(spec());

    backend.undeploy(deployment);
    backend.undeploy(deployment);

    assertThat(backend.observe(deployment)).isEqualTo(new DeploymentState.Gone());
    assertThatThrownBy(() -> chat(deployment, 4, _ -> {}))
        .isInstanceOf(BackendException.RunLost.class);
  }

  @Test
  void aDeploymentThatIsNotKnownIsGone() {
    DeploymentHandle nobody = new DeploymentHandle(backend.name(), "no-such-deployment");

    assertThat(backend.observe(nobody)).isEqualTo(new DeploymentState.Gone());
    assertThatThrownBy(() -> chat(nobody, 4, _ -> {})).isInstanceOf(BackendException.RunLost.class);
  }

  @Test
  void leaveForAnotherPlaceIsRefusedBeforeAnythingIsSaid() throws Exception {
    DeploymentHandle deployment = deployed(spec());
    List<String> pieces = new ArrayList<>();

    assertThatThrownBy(() ->
            backend.chat(deployment, request(4), clearanceForAnotherPlace(deployment), pieces::add))
        .isInstanceOf(BackendException.Rejected.class)
        .hasMessageContaining("clearance");
    assertThat(pieces).isEmpty();
  }

  @Test
  void whatCanNotBeServedIsRejected() throws Exception {
    Optional<DeploymentSpec> refused = refusedSpec();
    assumeTrue(refused.isPresent(), "this place serves whatever it is given");

    assertThatThrownBy(() -> backend.deploy(refused.orElseThrow()))
        .isInstanceOf(BackendException.Rejected.class);
  }

  @Test
  void manyRequestsAtOnceAreAllAnswered() throws Exception {
    DeploymentHandle deployment = deployed(spec());
    List<Callable<String>> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      calls.add(() -> {
        StringBuilder text = new StringBuilder();
        chat(deployment, 6, text::append);
        return text.toString();
      });
    }

    List<String> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<String> call : threads.invokeAll(calls)) {
        answers.add(call.get());
      }
    }

    assertThat(answers).hasSize(8).allSatisfy(a -> assertThat(a).isNotEmpty());
  }

  @Test
  void eachFaultHasItsOwnError() throws Exception {
    for (var fault : faults().entrySet()) {
      DeploymentHandle deployment = deployed(spec());
      fault.getValue().inject(deployment);

      assertThatThrownBy(() -> chat(deployment, 4, _ -> {}))
          .isInstanceOfSatisfying(
              fault.getKey(), e -> assertThat(e.backend()).isEqualTo(backend.name()));
    }
  }

  @Test
  void closeReleasesThreads() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    ServingBackend shortLived = open();
    DeploymentHandle deployment = shortLived.deploy(spec());
    await(shortLived, deployment);
    shortLived.chat(deployment, request(4), clearance(deployment), _ -> {});

    shortLived.close();
    backend.close();

    LeftThreads.assertNoneSince(before);
  }

  private ServingBackend another() throws Exception {
    ServingBackend instance = open();
    opened.add(instance);
    return instance;
  }

  private DeploymentHandle deployed(DeploymentSpec spec) throws Exception {
    DeploymentHandle deployment = backend.deploy(spec);
    await(backend, deployment);
    return deployment;
  }

  private void await(ServingBackend instance, DeploymentHandle deployment) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    DeploymentState state = instance.observe(deployment);
    while (!(state instanceof DeploymentState.Ready)) {
      assertThat(state).isInstanceOf(DeploymentState.Starting.class);
      assertThat(System.nanoTime()).as("still %s", state).isLessThan(deadline);
      letTimePass();
      state = instance.observe(deployment);
    }
  }

  private ChatSummary chat(DeploymentHandle deployment, int maxTokens, ChatSink sink) {
    return backend.chat(deployment, request(maxTokens), clearance(deployment), sink);
  }

  protected static ChatRequest request(int maxTokens) {
    return ChatRequest.greedy(
        List.of(Message.of("user", "where is my order, and when will it be here?")), maxTokens);
  }
}
