package io.tuneplane.backend.vertex;

import io.tuneplane.config.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// How this place is reached. Credentials are not in here: see [GoogleCredentialSource].
///
/// @param google project, region, bucket and addresses
/// @param directory where converted data lies while it is uploaded
/// @param consistencyWindow how long a job that was created may be missing from the list of jobs
public record VertexSettings(Settings.Vertex google, Path directory, Duration consistencyWindow) {

  /// The backend's name.
  public static final String NAME = "vertex";

  /// The design's consistency window. Google states none for the list of tuning jobs.
  public static final Duration DEFAULT_WINDOW = Duration.ofMinutes(10);

  private static final Set<String> MULTI_REGIONS = Set.of("us", "eu");

  /// The settings with the usual window.
  public static VertexSettings of(Settings.Vertex google, Path directory) {
    return new VertexSettings(google, directory, DEFAULT_WINDOW);
  }

  /// What is missing before a job can be thought of, as settings with what they are for.
  List<String> missing() {
    List<String> missing = new ArrayList<>();
    if (google.project().isEmpty()) {
      missing.add("vertex.project (the Google Cloud project)");
    }
    if (google.location().isEmpty()) {
      missing.add("vertex.location (its region, e.g. us-central1)");
    }
    if (google.bucket().isEmpty()) {
      missing.add("vertex.bucket (gs://bucket/folder for training data)");
    }
    return missing;
  }

  String project() {
    return google.project().orElseThrow();
  }

  String location() {
    return google.location().orElseThrow();
  }

  String bucket() {
    return google.bucket().orElseThrow();
  }

  /// Where Vertex AI is: the address from the settings, else Google's own for the region, as
  /// Google's client makes it. It is always given to the client, so that no variable of the
  /// environment can send credentials elsewhere.
  URI endpoint() {
    return google.endpoint().orElseGet(() -> URI.create("https://" + host(location())));
  }

  private static String host(String location) {
    if (location.equals("global")) {
      return "aiplatform.googleapis.com";
    }
    return MULTI_REGIONS.contains(location)
        ? "aiplatform." + location + ".rep.googleapis.com"
        : location + "-aiplatform.googleapis.com";
  }

  /// Where Cloud Storage is.
  URI storageEndpoint() {
    return google.storageEndpoint().orElseGet(() -> URI.create("https://storage.googleapis.com"));
  }
}
