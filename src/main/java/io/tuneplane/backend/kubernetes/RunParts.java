package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// What a run's Job needs beside it. All of it belongs to the Job, so that it goes when the Job
/// goes.
///
/// @param run the run
/// @param job the Job's name
/// @param uid its uid
record RunParts(RunName run, String job, String uid) {

  private static final int HTTPS = 443;

  /// The token that is good for this run alone, and the authority of our certificate.
  ObjectNode secret(String token, Optional<String> ca) {
    ObjectNode secret = owned("v1", "Secret");
    secret.put("type", "Opaque").put("immutable", true);
    ObjectNode data = secret.putObject("data").put("token", base64(token));
    ca.ifPresent(pem -> data.put("ca.crt", base64(pem)));
    return secret;
  }

  /// The headless Service by which pods of one run find each other, ready or not.
  ObjectNode service() {
    ObjectNode service = owned("v1", "Service");
    ObjectNode spec =
        service.putObject("spec").put("clusterIP", "None").put("publishNotReadyAddresses", true);
    spec.putObject("selector").put(Labels.RUN, run.value());
    spec.putArray("ports")
        .addObject()
        .put("name", "rendezvous")
        .put("port", TrainingJob.RENDEZVOUS_PORT)
        .put("protocol", "TCP");
    return service;
  }

  /// Lets the run's pods reach each other, names, and us; and nothing else.
  ///
  /// @param addresses our own, as far as they are known as numbers
  /// @param port the port of our address
  ObjectNode networkPolicy(List<InetAddress> addresses, int port) {
    ObjectNode policy = owned("networking.k8s.io/v1", "NetworkPolicy");
    ObjectNode spec = policy.putObject("spec");
    spec.putObject("podSelector").putObject("matchLabels").put(Labels.RUN, run.value());
    spec.putArray("policyTypes").add("Ingress").add("Egress");
    siblings(spec.putArray("ingress").addObject().putArray("from"));
    ArrayNode egress = spec.putArray("egress");
    siblings(egress.addObject().putArray("to"));
    names(egress.addObject());
    controlPlane(egress.addObject().putArray("to"));
    if (!addresses.isEmpty()) {
      ObjectNode outside = egress.addObject();
      ArrayNode to = outside.putArray("to");
      addresses.forEach(a -> to.addObject().putObject("ipBlock").put("cidr", cidr(a)));
      outside
          .putArray("ports")
          .addObject()
          .put("protocol", "TCP")
          .put("port", port < 0 ? HTTPS : port);
    }
    return policy;
  }

  private void siblings(ArrayNode peers) {
    peers
        .addObject()
        .putObject("podSelector")
        .putObject("matchLabels")
        .put(Labels.RUN, run.value());
  }

  private static void names(ObjectNode rule) {
    ObjectNode peer = rule.putArray("to").addObject();
    peer.putObject("namespaceSelector")
        .putObject("matchLabels")
        .put("kubernetes.io/metadata.name", "kube-system");
    ArrayNode ports = rule.putArray("ports");
    ports.addObject().put("protocol", "UDP").put("port", 53);
    ports.addObject().put("protocol", "TCP").put("port", 53);
  }

  private static void controlPlane(ArrayNode peers) {
    ObjectNode peer = peers.addObject();
    peer.putObject("namespaceSelector");
    peer.putObject("podSelector")
        .putObject("matchLabels")
        .put(Labels.NAME, "tuneplane")
        .put(Labels.COMPONENT, "control-plane");
  }

  private static String cidr(InetAddress address) {
    return address.getHostAddress().replaceFirst("%.*", "")
        + (address.getAddress().length == 4 ? "/32" : "/128");
  }

  private ObjectNode owned(String version, String kind) {
    ObjectNode object = Json.object().put("apiVersion", version).put("kind", kind);
    ObjectNode metadata = object.putObject("metadata").put("name", job);
    metadata.set("labels", Labels.of("training", run.value()).put(Labels.RUN, run.value()));
    metadata
        .putArray("ownerReferences")
        .addObject()
        .put("apiVersion", "batch/v1")
        .put("kind", "Job")
        .put("name", job)
        .put("uid", uid)
        .put("blockOwnerDeletion", false)
        .put("controller", false);
    return object;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
