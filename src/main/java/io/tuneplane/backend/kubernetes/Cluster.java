package io.tuneplane.backend.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.Pair;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.Call;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/// One namespace of a cluster, through the official client: its addresses, certificates and
/// credentials. Objects are trees and not the client's classes, whose parser throws on any field
/// that a newer cluster has and it has not. Safe for many threads.
final class Cluster implements AutoCloseable {

  private static final String JSON = "application/json";
  private static final String MERGE = "application/merge-patch+json";
  private static final String APPLY = "application/apply-patch+yaml";
  private static final String MANAGER = "tuneplane";
  private static final String PAGE = "500";

  private final ApiClient client;
  private final String namespace;

  /// @param client is closed with this
  Cluster(ApiClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  String namespace() {
    return namespace;
  }

  /// One object; empty where there is none of that name.
  Optional<JsonNode> get(Kind kind, String name) throws IOException, ClusterException {
    try {
      return Optional.of(read("get " + kind.resource(), "GET", path(kind, name), Map.of(), null));
    } catch (ClusterException e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// A list, and where a watch of it begins.
  ///
  /// @param items the objects
  /// @param version the list's resource version
  record Listed(List<JsonNode> items, String version) {}

  /// Every object of a kind that a selector takes, page by page.
  ///
  /// @param selector over labels; empty for all
  Listed list(Kind kind, String selector) throws IOException, ClusterException {
    return list(kind, Map.of("labelSelector", selector));
  }

  /// As [#list(Kind, String)], with any query.
  Listed list(Kind kind, Map<String, String> query) throws IOException, ClusterException {
    List<JsonNode> items = new ArrayList<>();
    Map<String, String> asked = new HashMap<>(query);
    asked.put("limit", PAGE);
    while (true) {
      JsonNode page = read("list " + kind.resource(), "GET", kind.path(namespace), asked, null);
      page.path("items").forEach(items::add);
      String next = Json.text(page, "metadata", "continue");
      if (next.isEmpty()) {
        return new Listed(items, Json.text(page, "metadata", "resourceVersion"));
      }
      asked.put("continue", next);
    }
  }

  /// Makes an object.
  ///
  /// @throws ClusterException that [ClusterException#isTaken] where there is one of that name
  JsonNode create(Kind kind, ObjectNode object) throws IOException, ClusterException {
    String request = "create " + kind.resource();
    return read(request, "POST", kind.path(namespace), Map.of("fieldManager", MANAGER), object);
  }

  /// Makes an object, or takes the one of that name.
  JsonNode ensure(Kind kind, ObjectNode object) throws IOException, ClusterException {
    try {
      return create(kind, object);
    } catch (ClusterException e) {
      String name = Json.text(object, "metadata", "name");
      Optional<JsonNode> there = e.isTaken() ? get(kind, name) : Optional.empty();
      if (there.isPresent()) {
        return there.get();
      }
      throw e;
    }
  }

  /// What the API server would say to an object: nothing is made.
  JsonNode dryRun(Kind kind, ObjectNode object) throws IOException, ClusterException {
    String request = "create " + kind.resource();
    return read(request, "POST", kind.path(namespace), Map.of("dryRun", "All"), object);
  }

  /// Server-side apply: what the object says is ours, and what it does not say is left alone.
  JsonNode apply(Kind kind, ObjectNode object) throws IOException, ClusterException {
    String name = Json.text(object, "metadata", "name");
    Map<String, String> query = Map.of("fieldManager", MANAGER, "force", "true");
    return send("patch " + kind.resource(), "PATCH", path(kind, name), query, object, APPLY);
  }

  /// Changes some fields.
  JsonNode merge(Kind kind, String name, ObjectNode change) throws IOException, ClusterException {
    return send("patch " + kind.resource(), "PATCH", path(kind, name), Map.of(), change, MERGE);
  }

  /// Deletes an object and, afterwards, what belongs to it. No effect where there is none.
  void delete(Kind kind, String name) throws IOException, ClusterException {
    ObjectNode options = Json.object().put("propagationPolicy", "Background");
    try {
      read("delete " + kind.resource(), "DELETE", path(kind, name), Map.of(), options);
    } catch (ClusterException e) {
      if (!e.isNotFound()) {
        throw e;
      }
    }
  }

  /// Follows a list from a version on, until the server ends it or its patience does.
  ///
  /// @param version where a list, or an earlier watch, ended
  /// @param seconds how long to follow
  Watch watch(Kind kind, String selector, String version, int seconds)
      throws IOException, ClusterException {
    Map<String, String> query =
        Map.of(
            "labelSelector",
            selector,
            "watch",
            "true",
            "allowWatchBookmarks",
            "true",
            "resourceVersion",
            version,
            "timeoutSeconds",
            String.valueOf(seconds));
    String request = "watch " + kind.resource();
    Call call = call("GET", kind.path(namespace), query, null, JSON);
    return new Watch(call, checked(call, request), request);
  }

  /// Whether we may do something; asks the API server itself.
  boolean may(String verb, Kind kind) throws IOException, ClusterException {
    ObjectNode review =
        Json.object()
            .put("apiVersion", "authorization.k8s.io/v1")
            .put("kind", "SelfSubjectAccessReview");
    ObjectNode attributes = review.putObject("spec").putObject("resourceAttributes");
    attributes.put("verb", verb).put("group", kind.group()).put("resource", kind.plural());
    if (kind.namespaced()) {
      attributes.put("namespace", namespace);
    }
    return create(Kind.ACCESS_REVIEW, review).path("status").path("allowed").asBoolean();
  }

  /// The version that the cluster prefers of an API group, e.g. of Kueue's; empty where it has no
  /// such group.
  Optional<String> version(String group) throws IOException, ClusterException {
    for (JsonNode found : raw("/apis").path("groups")) {
      if (found.path("name").asText().equals(group)) {
        return Optional.of(Json.text(found, "preferredVersion", "version"));
      }
    }
    return Optional.empty();
  }

  /// Any path of the API.
  JsonNode raw(String path) throws IOException, ClusterException {
    return read("get " + path, "GET", path, Map.of(), null);
  }

  /// A connection to a path of the API, its body still to be read; the caller closes it.
  Response open(
      String request,
      String method,
      String path,
      Map<String, String> query,
      @Nullable JsonNode body,
      String type)
      throws IOException, ClusterException {
    return checked(call(method, path, query, body, type), request);
  }

  private static Response checked(Call call, String request) throws IOException, ClusterException {
    Response response = call.execute();
    if (response.isSuccessful()) {
      return response;
    }
    try (response) {
      throw ClusterException.of(response.code(), text(response), request);
    }
  }

  private JsonNode read(
      String request,
      String method,
      String path,
      Map<String, String> query,
      @Nullable JsonNode body)
      throws IOException, ClusterException {
    return send(request, method, path, query, body, JSON);
  }

  private JsonNode send(
      String request,
      String method,
      String path,
      Map<String, String> query,
      @Nullable JsonNode body,
      String type)
      throws IOException, ClusterException {
    try (Response response = open(request, method, path, query, body, type)) {
      return Json.MAPPER.readTree(text(response));
    }
  }

  private Call call(
      String method, String path, Map<String, String> query, @Nullable JsonNode body, String type)
      throws IOException {
    List<Pair> pairs = new ArrayList<>();
    query.forEach((name, value) -> {
      if (!value.isEmpty()) {
        pairs.add(new Pair(name, value));
      }
    });
    Map<String, String> headers = new HashMap<>(Map.of("Accept", JSON));
    headers.put("Content-Type", type);
    try {
      return client.buildCall(
          null,
          path,
          method,
          pairs,
          new ArrayList<>(),
          body == null ? null : Json.bytes(body),
          headers,
          new HashMap<>(),
          new HashMap<>(),
          new String[] {"BearerToken"},
          null);
    } catch (ApiException e) {
      throw new IOException("the request could not be built: " + e.getMessage(), e);
    }
  }

  private String path(Kind kind, String name) {
    return kind.path(namespace) + "/" + name;
  }

  private static String text(Response response) throws IOException {
    ResponseBody body = response.body();
    return body == null ? "" : body.string();
  }

  /// Ends connections and threads.
  @Override
  public void close() {
    client.getHttpClient().dispatcher().executorService().shutdownNow();
    client.getHttpClient().connectionPool().evictAll();
  }
}
