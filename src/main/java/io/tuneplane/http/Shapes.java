package io.tuneplane.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.api.AttestationCard;
import io.tuneplane.api.BackendCard;
import io.tuneplane.api.CheckpointObject;
import io.tuneplane.api.CostAnswer;
import io.tuneplane.api.DecisionsApi;
import io.tuneplane.api.Deleted;
import io.tuneplane.api.DeploymentCard;
import io.tuneplane.api.EventObject;
import io.tuneplane.api.FileObject;
import io.tuneplane.api.FineTuningJob;
import io.tuneplane.api.KeysApi;
import io.tuneplane.api.MigrationBodies;
import io.tuneplane.api.ModelCard;
import io.tuneplane.api.Page;
import io.tuneplane.api.ProviderKeyBodies;
import io.tuneplane.api.ProviderKeysApi;
import io.tuneplane.api.ProviderTable;
import io.tuneplane.decision.Decision;
import io.tuneplane.job.JobEvent;
import io.tuneplane.migration.ImportReport;
import io.tuneplane.migration.ParityRecorder;
import io.tuneplane.policy.Attestation;
import io.tuneplane.policy.AuditLine;
import io.tuneplane.policy.AuditReport;
import java.io.InputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What each route takes and answers, for `/openapi.json`.
final class Shapes {

  static final String JSON = "application/json";

  private static final String TEXT = "text/plain";

  private Shapes() {}

  /// A body.
  ///
  /// @param type its media type
  /// @param schema the Java type that it is written from
  record Shape(String type, Type schema) {}

  /// Every error's body.
  record ErrorBody(Reason error) {
    /// Why a request was refused.
    record Reason(String message, String type, Optional<String> param, Optional<String> code) {}
  }

  /// An upload.
  record Upload(String purpose, InputStream file) {}

  /// Where to import from.
  record From(String from) {}

  /// A job like an old one.
  record Like(JsonNode request, List<String> explanation) {}

  static Optional<Shape> body(Route route) {
    return switch (route) {
      case FILES_CREATE -> Optional.of(new Shape("multipart/form-data", Upload.class));
      case JOBS_CREATE, CHAT, DECISIONS_CREATE, COSTS ->
          Optional.of(new Shape(JSON, JsonNode.class));
      case ATTESTATIONS_CREATE -> Optional.of(new Shape(JSON, Attestation.class));
      case KEYS_CREATE -> Optional.of(new Shape(JSON, KeysApi.Wanted.class));
      case PROVIDER_KEYS_PUT -> Optional.of(new Shape(JSON, ProviderKeyBodies.Wanted.class));
      case IMPORTS_CREATE -> Optional.of(new Shape(JSON, From.class));
      case MIGRATIONS_LIKE -> Optional.of(new Shape(JSON, MigrationBodies.LikeWanted.class));
      case MIGRATIONS_PARITY -> Optional.of(new Shape(JSON, MigrationBodies.ParityWanted.class));
      default -> Optional.empty();
    };
  }

  static Shape answer(Route route) {
    return switch (route) {
      case HOME -> new Shape("text/html", String.class);
      case HEALTH, READY -> new Shape(TEXT, String.class);
      case METRICS -> new Shape("application/openmetrics-text", String.class);
      case OPENAPI, CHAT -> new Shape(JSON, JsonNode.class);
      case FILES_CREATE, FILES_GET -> new Shape(JSON, FileObject.class);
      case FILES_LIST -> new Shape(JSON, list(Page.class, FileObject.class));
      case FILES_CONTENT -> new Shape("application/octet-stream", InputStream.class);
      case FILES_DELETE, MODELS_DELETE, KEYS_REVOKE, PROVIDER_KEYS_REMOVE ->
          new Shape(JSON, Deleted.class);
      case JOBS_CREATE, JOBS_GET, JOBS_CANCEL, JOBS_PAUSE, JOBS_RESUME ->
          new Shape(JSON, FineTuningJob.class);
      case JOBS_LIST -> new Shape(JSON, list(Page.class, FineTuningJob.class));
      case JOBS_EVENTS -> new Shape(JSON, list(Page.class, EventObject.class));
      case JOBS_CHECKPOINTS -> new Shape(JSON, list(Page.class, CheckpointObject.class));
      case MODELS_LIST -> new Shape(JSON, list(Page.class, ModelCard.class));
      case MODELS_GET -> new Shape(JSON, ModelCard.class);
      case EVENTS -> new Shape(JSON, list(List.class, JobEvent.class));
      case DECISIONS_CREATE -> new Shape(JSON, Decision.class);
      case DECISIONS_REPLAY -> new Shape(JSON, DecisionsApi.Replayed.class);
      case COSTS -> new Shape(JSON, CostAnswer.class);
      case BACKENDS -> new Shape(JSON, list(List.class, BackendCard.class));
      case DEPLOYMENTS -> new Shape(JSON, list(List.class, DeploymentCard.class));
      case BACKENDS_COMPARE -> new Shape(JSON, ProviderTable.class);
      case ATTESTATIONS_LIST -> new Shape(JSON, list(List.class, AttestationCard.class));
      case ATTESTATIONS_CREATE -> new Shape(JSON, AttestationCard.class);
      case AUDIT_LIST -> new Shape(JSON, list(List.class, AuditLine.class));
      case AUDIT_VERIFY -> new Shape(JSON, AuditReport.class);
      case KEYS_CREATE -> new Shape(JSON, KeysApi.Made.class);
      case IMPORTS_CREATE -> new Shape(JSON, ImportReport.class);
      case MIGRATIONS_LIKE -> new Shape(JSON, Like.class);
      case MIGRATIONS_PARITY -> new Shape(JSON, ParityRecorder.Recording.class);
      case KEYS_LIST -> new Shape(JSON, list(List.class, KeysApi.Card.class));
      case PROVIDER_KEYS_PUT -> new Shape(JSON, ProviderKeysApi.Card.class);
      case PROVIDER_KEYS_LIST -> new Shape(JSON, list(List.class, ProviderKeysApi.Card.class));
    };
  }

  /// Parameters of the query, with their JSON types.
  static Map<String, String> query(Route route) {
    String text = "string";
    String whole = "integer";
    return switch (route) {
      case FILES_LIST -> Map.of("after", text, "limit", whole, "order", text, "purpose", text);
      case JOBS_LIST, JOBS_EVENTS, JOBS_CHECKPOINTS -> Map.of("after", text, "limit", whole);
      case EVENTS -> Map.of("before", whole, "limit", whole);
      case AUDIT_LIST -> Map.of("limit", whole);
      case AUDIT_VERIFY -> Map.of("head", text);
      default -> Map.of();
    };
  }

  private static Type list(Class<?> raw, Class<?> element) {
    return new ListOf(raw, element);
  }

  /// A list, or a page, of elements.
  private record ListOf(Class<?> raw, Class<?> element) implements ParameterizedType {

    @Override
    public Type[] getActualTypeArguments() {
      return new Type[] {element};
    }

    @Override
    public Type getRawType() {
      return raw;
    }

    @Override
    public Type getOwnerType() {
      return Shapes.class;
    }
  }
}
