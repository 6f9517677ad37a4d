package io.tuneplane.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tuneplane.api.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The tour's data, which travels with the program: `examples/support` of the checkout.
///
/// @param training 100 to 150 conversations
/// @param validation some more
/// @param questions what to ask, one a planted fact
record TourData(Path training, Path validation, List<TourAnswer> questions) {

  private static final String RESOURCES = "/io/tuneplane/examples/";

  /// Unpacks the data into a folder.
  static TourData unpack(Path folder) throws IOException {
    return new TourData(
        copy(folder, "train.jsonl"), copy(folder, "validation.jsonl"), readQuestions());
  }

  private static Path copy(Path folder, String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream resource = resource(name)) {
      Files.copy(resource, file);
    }
    return file;
  }

  private static List<TourAnswer> readQuestions() throws IOException {
    List<TourAnswer> questions = new ArrayList<>();
    Set<String> facts = new HashSet<>();
    try (InputStream resource = resource("questions.json")) {
      for (JsonNode node : Json.mapper().readTree(resource)) {
        if (facts.add(node.path("about").asText())) {
          List<String> expected = new ArrayList<>();
          node.path("must_contain").forEach(text -> expected.add(text.asText()));
          questions.add(new TourAnswer(node.path("question").asText(), expected, "", ""));
        }
      }
    }
    return questions;
  }

  private static InputStream resource(String name) {
    InputStream resource = TourData.class.getResourceAsStream(RESOURCES + name);
    if (resource == null) {
      throw new CliException(
          ExitCode.FAILED, "the tour's data is missing from this build: " + RESOURCES + name);
    }
    return resource;
  }

  static void remove(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
