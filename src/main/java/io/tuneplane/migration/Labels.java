package io.tuneplane.migration;

import io.tuneplane.backend.PastJob;
import io.tuneplane.job.Job;
import java.util.Map;
import java.util.TreeMap;

/// The labels that an imported job carries beside its own: where it came from, and the ids that its
/// files had there. By them a file is brought once, however often an import runs.
final class Labels {

  static final String FROM = "tuneplane.imported_from";
  static final String TRAINING = "tuneplane.imported_training_file";
  static final String VALIDATION = "tuneplane.imported_validation_file";

  private Labels() {}

  static Map<String, String> of(PastJob past, String backend) {
    Map<String, String> labels = new TreeMap<>(past.metadata());
    labels.put(FROM, backend);
    labels.put(TRAINING, past.trainingFile());
    past.validationFile().ifPresent(id -> labels.put(VALIDATION, id));
    return labels;
  }

  /// The files that a job of an earlier import from a place brought: our ids by those of the place.
  static Map<String, String> files(Job job, String backend) {
    Map<String, String> known = new TreeMap<>();
    Map<String, String> labels = job.request().metadata();
    if (backend.equals(labels.get(FROM))) {
      put(known, labels.get(TRAINING), job.request().trainingFile());
      job.request().validationFile().ifPresent(id -> put(known, labels.get(VALIDATION), id));
    }
    return known;
  }

  private static void put(
      Map<String, String> known, @org.jspecify.annotations.Nullable String there, String here) {
    if (there != null && !there.equals(here)) {
      known.put(there, here);
    }
  }
}
