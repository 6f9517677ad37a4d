package io.tuneplane.backend.kubernetes;

/// What people are told of a pod that ended.
final class Words {

  private Words() {}

  static String of(PodEnd end) {
    return switch (end.kind()) {
      case DISRUPTED ->
          "%s had to leave its node (%s); a new pod goes on from the last checkpoint"
              .formatted(end.pod(), end.words());
      case OUT_OF_MEMORY ->
          "%s ran out of memory (%s); starts again with half the examples in memory at once and the"
                  .formatted(end.pod(), end.words())
              + " same batch size";
      case WRONG_INPUT -> "%s refused its input (%s)".formatted(end.pod(), end.words());
      case STOPPED ->
          "%s was stopped from outside; a new pod goes on from the last checkpoint"
              .formatted(end.pod());
      case FAILED ->
          "%s failed (%s); a new pod goes on from the last checkpoint"
              .formatted(end.pod(), end.words());
    };
  }
}
