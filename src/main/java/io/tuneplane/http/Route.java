package io.tuneplane.http;

import static io.tuneplane.access.Role.ADMIN;
import static io.tuneplane.access.Role.CALLER;
import static io.tuneplane.access.Role.TRAINER;
import static io.tuneplane.access.Role.VIEWER;

import io.tuneplane.access.Role;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Every route there is, and who may use it. What is not here is nobody's: there is no other way to
/// reach a handler. The tests of roles and isolation, and `/openapi.json`, are made from this.
enum Route {
  HOME("GET", "/", Kind.PLAIN, "What this is"),
  HEALTH("GET", "/healthz", Kind.PLAIN, "Whether the server lives"),
  READY("GET", "/readyz", Kind.PLAIN, "Whether it can do its work"),
  OPENAPI("GET", "/openapi.json", Kind.PLAIN, "This description"),
  METRICS("GET", "/metrics", Kind.PLAIN, "Figures for a monitor, in OpenMetrics", ADMIN, VIEWER),

  FILES_CREATE("POST", "/v1/files", Kind.UPLOAD, "Upload a file", ADMIN, TRAINER),
  FILES_LIST("GET", "/v1/files", Kind.PLAIN, "List files", ADMIN, TRAINER, VIEWER),
  FILES_GET("GET", "/v1/files/{file_id}", Kind.PLAIN, "A file", ADMIN, TRAINER, VIEWER),
  FILES_CONTENT(
      "GET", "/v1/files/{file_id}/content", Kind.PLAIN, "A file's content", ADMIN, TRAINER),
  FILES_DELETE("DELETE", "/v1/files/{file_id}", Kind.PLAIN, "Forget a file", ADMIN, TRAINER),

  JOBS_CREATE("POST", "/v1/fine_tuning/jobs", Kind.JOB, "Create a job", ADMIN, TRAINER),
  JOBS_LIST("GET", "/v1/fine_tuning/jobs", Kind.PLAIN, "List jobs", ADMIN, TRAINER, VIEWER),
  JOBS_GET("GET", "/v1/fine_tuning/jobs/{job_id}", Kind.PLAIN, "A job", ADMIN, TRAINER, VIEWER),
  JOBS_CANCEL(
      "POST", "/v1/fine_tuning/jobs/{job_id}/cancel", Kind.ACT, "End a job", ADMIN, TRAINER),
  JOBS_PAUSE(
      "POST", "/v1/fine_tuning/jobs/{job_id}/pause", Kind.ACT, "Pause a job", ADMIN, TRAINER),
  JOBS_RESUME(
      "POST", "/v1/fine_tuning/jobs/{job_id}/resume", Kind.ACT, "Go on with it", ADMIN, TRAINER),
  JOBS_EVENTS(
      "GET",
      "/v1/fine_tuning/jobs/{job_id}/events",
      Kind.PLAIN,
      "A job's events, newest first",
      ADMIN,
      TRAINER,
      VIEWER),
  JOBS_CHECKPOINTS(
      "GET",
      "/v1/fine_tuning/jobs/{job_id}/checkpoints",
      Kind.PLAIN,
      "A job's checkpoints, newest first",
      ADMIN,
      TRAINER,
      VIEWER),

  MODELS_LIST("GET", "/v1/models", Kind.PLAIN, "List models", ADMIN, TRAINER, CALLER, VIEWER),
  MODELS_GET("GET", "/v1/models/{model...}", Kind.PLAIN, "A model", ADMIN, TRAINER, CALLER, VIEWER),
  MODELS_DELETE(
      "DELETE", "/v1/models/{model...}", Kind.PLAIN, "Forget a tuned model", ADMIN, TRAINER),
  CHAT("POST", "/v1/chat/completions", Kind.CHAT, "Ask a model", ADMIN, TRAINER, CALLER),

  EVENTS(
      "GET",
      "/api/v1/jobs/{job_id}/events",
      Kind.FOLLOW,
      "A job's events as they come, or a page of them",
      ADMIN,
      TRAINER,
      VIEWER),
  DECISIONS_CREATE("POST", "/api/v1/decisions", Kind.ACT, "Decide on a place", ADMIN, TRAINER),
  DECISIONS_REPLAY(
      "GET",
      "/api/v1/decisions/{decision_id}/replay",
      Kind.PLAIN,
      "Decide again, and compare",
      ADMIN,
      TRAINER,
      VIEWER),
  COSTS("POST", "/api/v1/costs", Kind.ACT, "Compare costs", ADMIN, TRAINER, VIEWER),
  BACKENDS("GET", "/api/v1/backends", Kind.PLAIN, "The places", ADMIN, TRAINER, VIEWER),
  BACKENDS_COMPARE(
      "GET",
      "/api/v1/backends/compare",
      Kind.PLAIN,
      "Providers side by side",
      ADMIN,
      TRAINER,
      VIEWER),
  DEPLOYMENTS(
      "GET",
      "/api/v1/deployments",
      Kind.PLAIN,
      "How tuned models stand with answering",
      ADMIN,
      TRAINER,
      VIEWER),
  ATTESTATIONS_LIST("GET", "/api/v1/attestations", Kind.PLAIN, "List attestations", ADMIN),
  ATTESTATIONS_CREATE("POST", "/api/v1/attestations", Kind.ACT, "Attest something", ADMIN),
  AUDIT_LIST("GET", "/api/v1/audit", Kind.PLAIN, "The audit log's newest lines", ADMIN),
  AUDIT_VERIFY("GET", "/api/v1/audit/verify", Kind.PLAIN, "Check the audit log", ADMIN),
  IMPORTS_CREATE("POST", "/api/v1/imports", Kind.PLAIN, "Take over what an account holds", ADMIN),
  MIGRATIONS_LIKE(
      "POST",
      "/api/v1/migrations/like",
      Kind.PLAIN,
      "What a job like an old one is asked with elsewhere",
      ADMIN,
      TRAINER),
  MIGRATIONS_PARITY(
      "POST",
      "/api/v1/migrations/parity",
      Kind.ACT,
      "Keep what an old model answers",
      ADMIN,
      TRAINER),
  KEYS_CREATE("POST", "/api/v1/keys", Kind.SECRET, "Make a key", ADMIN),
  KEYS_LIST("GET", "/api/v1/keys", Kind.PLAIN, "List keys", ADMIN),
  KEYS_REVOKE("DELETE", "/api/v1/keys/{key_id}", Kind.PLAIN, "Take a key back", ADMIN),
  PROVIDER_KEYS_PUT("POST", "/api/v1/provider-keys", Kind.PLAIN, "Keep a provider's key", ADMIN),
  PROVIDER_KEYS_LIST("GET", "/api/v1/provider-keys", Kind.PLAIN, "Providers with a key", ADMIN),
  PROVIDER_KEYS_REMOVE(
      "DELETE", "/api/v1/provider-keys/{name}", Kind.PLAIN, "Forget a provider's key", ADMIN);

  /// How a route's requests are carried out.
  enum Kind {
    /// It changes nothing that a second request would change again.
    PLAIN,
    /// It takes effect once under an idempotency key, and its answer is kept for it.
    ACT,
    /// It makes a job, once under an idempotency key, which is kept with the job; and a retry of a
    /// client that sends no such key is known by its body.
    JOB,
    /// The same as an act, with a file for its body.
    UPLOAD,
    /// It takes effect once, and its answer is never kept: it is a secret.
    SECRET,
    /// It asks a model; neither prompt nor answer is kept.
    CHAT,
    /// It lasts as long as there is something to tell.
    FOLLOW
  }

  private final String method;
  private final String path;
  private final Kind kind;
  private final String summary;

  /// The names of the roles that may use it, each in commas.
  private final String roles;

  Route(String method, String path, Kind kind, String summary, Role... roles) {
    this.method = method;
    this.path = path;
    this.kind = kind;
    this.summary = summary;
    this.roles = Arrays.stream(roles).map(Route::marked).collect(Collectors.joining());
  }

  String method() {
    return method;
  }

  PathTemplate template() {
    return PathTemplate.of(path);
  }

  Kind kind() {
    return kind;
  }

  String summary() {
    return summary;
  }

  /// Whether it is open to whoever asks: it tells nothing of anybody.
  boolean isOpen() {
    return roles.isEmpty();
  }

  boolean allows(Role role) {
    return roles.contains(marked(role));
  }

  private static String marked(Role role) {
    return "," + role.wireName() + ",";
  }

  /// Whether its body is JSON.
  boolean takesJson() {
    return method.equals("POST") && kind != Kind.UPLOAD && !path.contains("{");
  }

  /// Its name in `/openapi.json`.
  String operationId() {
    return name().toLowerCase(Locale.ROOT);
  }
}
