package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tuneplane.config.ClusterSettings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// The objects of a vLLM server: one Deployment for each base and configuration, shared by all
/// adapters of that base. Pure. vLLM itself listens on the pod's loopback; the pod's one door is
/// the agent of `gpu-images/vllm`, which asks for a token and alone can load adapters.
///
/// @param baseModel the base's name
/// @param baseDigest SHA-256 of its weights in hex
/// @param serving how it is served
/// @param resources what one replica gets
record VllmServer(
    String baseModel, String baseDigest, ClusterSettings.Serving serving, PodResources resources) {

  /// The name under which a server knows its base model.
  static final String BASE = "base";

  /// The agent's port.
  static final int PORT = 8443;

  /// The ranks that vLLM has kernels for.
  private static final int[] RANKS = {8, 16, 32, 64, 128, 256, 320, 512};

  private static final int DIGITS = 16;
  private static final int SHARED_GIB = 8;

  /// A name for the base and the configuration, the same in every process.
  static String name(String baseDigest, ClusterSettings.Serving serving) {
    byte[] all = (baseDigest + "\n" + serving).getBytes(StandardCharsets.UTF_8);
    String digest = HexFormat.of().formatHex(ResultCheck.sha256().digest(all));
    return "tp-vllm-" + digest.substring(0, DIGITS);
  }

  String name() {
    return name(baseDigest, serving);
  }

  ObjectNode deployment(ClusterSettings settings) {
    ObjectNode deployment = object("apps/v1", "Deployment");
    ObjectNode spec = deployment.putObject("spec").put("replicas", serving.replicas());
    spec.putObject("selector").putObject("matchLabels").put(Labels.SERVER, name());
    // A new pod is ready before an old one goes, so that no request fails.
    spec.putObject("strategy")
        .put("type", "RollingUpdate")
        .putObject("rollingUpdate")
        .put("maxUnavailable", 0)
        .put("maxSurge", 1);
    ObjectNode template = spec.putObject("template");
    template.putObject("metadata").set("labels", labels());
    template.set("spec", pod(settings));
    return deployment;
  }

  private ObjectNode pod(ClusterSettings settings) {
    ObjectNode spec = Json.object().put("terminationGracePeriodSeconds", 120);
    PodSecurity.pod(spec);
    settings
        .images()
        .pullSecret()
        .ifPresent(secret -> spec.putArray("imagePullSecrets").addObject().put("name", secret));
    ObjectNode container =
        Json.object().put("name", "server").put("image", settings.images().vllm().orElseThrow());
    container.set("command", Json.texts(command()));
    container.putArray("env").addObject().put("name", "HOME").put("value", "/tmp");
    container.putArray("ports").addObject().put("name", "https").put("containerPort", PORT);
    container.set("readinessProbe", probe("/readyz", 3));
    container.set("livenessProbe", probe("/healthz", 6));
    resources.writeTo(spec, container);
    PodSecurity.container(container);
    PodVolumes volumes =
        new PodVolumes(spec, container)
            .scratch("adapters", "/adapters")
            .scratch("tmp", "/tmp")
            .secret(name())
            .models(settings.modelsClaim());
    if (resources.gpus() > 0) {
      volumes.sharedMemory(SHARED_GIB);
    }
    spec.putArray("containers").add(container);
    return spec;
  }

  private static ObjectNode probe(String path, int failures) {
    ObjectNode probe = Json.object();
    probe.putObject("httpGet").put("path", path).put("port", PORT).put("scheme", "HTTPS");
    return probe.put("periodSeconds", 5).put("timeoutSeconds", 5).put("failureThreshold", failures);
  }

  private List<String> command() {
    List<String> command = new ArrayList<>(List.of("python3", "-m", "tuneplane_vllm"));
    command.addAll(List.of("--base", BASE, "--host", "0.0.0.0", "--port", String.valueOf(PORT)));
    command.addAll(List.of("--adapters", "/adapters"));
    file(command, "--token-file", "token");
    file(command, "--control-token-file", "control-token");
    file(command, "--tls-certificate", "tls.crt");
    file(command, "--tls-key", "tls.key");
    command.addAll(List.of("--", "vllm", "serve", PodVolumes.MODELS + "/" + folder()));
    command.addAll(List.of("--dtype", "bfloat16", "--enable-lora"));
    number(command, "--max-loras", serving.adapters());
    number(command, "--max-cpu-loras", serving.adapters());
    number(command, "--max-lora-rank", kernelRank());
    number(command, "--max-model-len", serving.context());
    number(command, "--max-num-seqs", serving.sequences());
    number(command, "--tensor-parallel-size", Math.max(1, resources.gpus()));
    return command;
  }

  /// Where the base lies in the volume of base models.
  private String folder() {
    return baseModel.replace("/", "--");
  }

  private int kernelRank() {
    return Arrays.stream(RANKS).filter(r -> r >= serving.rank()).findFirst().orElseThrow();
  }

  private static void file(List<String> command, String option, String name) {
    command.addAll(List.of(option, PodVolumes.SECRETS + "/" + name));
  }

  private static void number(List<String> command, String option, int value) {
    command.addAll(List.of(option, String.valueOf(value)));
  }

  ObjectNode secret(ServerSecrets secrets) {
    ObjectNode secret = object("v1", "Secret");
    secret.put("type", "Opaque").put("immutable", true).set("data", secrets.data());
    return secret;
  }

  /// For whoever watches the server's figures; adapters are never loaded through it.
  ObjectNode service() {
    ObjectNode service = object("v1", "Service");
    ObjectNode spec = service.putObject("spec").put("type", "ClusterIP");
    spec.putObject("selector").put(Labels.SERVER, name());
    spec.putArray("ports")
        .addObject()
        .put("name", "https")
        .put("port", PORT)
        .put("targetPort", PORT)
        .put("protocol", "TCP");
    return service;
  }

  ObjectNode disruptionBudget() {
    ObjectNode budget = object("policy/v1", "PodDisruptionBudget");
    ObjectNode spec = budget.putObject("spec").put("maxUnavailable", 1);
    spec.putObject("selector").putObject("matchLabels").put(Labels.SERVER, name());
    return budget;
  }

  /// Nothing goes out of a server; who comes in shows the token.
  ObjectNode networkPolicy() {
    ObjectNode policy = object("networking.k8s.io/v1", "NetworkPolicy");
    ObjectNode spec = policy.putObject("spec");
    spec.putObject("podSelector").putObject("matchLabels").put(Labels.SERVER, name());
    spec.putArray("policyTypes").add("Ingress").add("Egress");
    spec.putArray("ingress")
        .addObject()
        .putArray("ports")
        .addObject()
        .put("protocol", "TCP")
        .put("port", PORT);
    ObjectNode siblings = spec.putArray("egress").addObject().putArray("to").addObject();
    siblings.putObject("podSelector").putObject("matchLabels").put(Labels.SERVER, name());
    return policy;
  }

  private ObjectNode labels() {
    return Labels.of("serving", name()).put(Labels.SERVER, name());
  }

  private ObjectNode object(String version, String kind) {
    ObjectNode object = Json.object().put("apiVersion", version).put("kind", kind);
    object.putObject("metadata").put("name", name()).set("labels", labels());
    return object;
  }
}
