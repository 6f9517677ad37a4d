package io.tuneplane.model.jinja;

import java.math.BigInteger;
import java.util.List;

/// Whether Python takes a value for true.
final class Truth {

  private Truth() {}

  static boolean of(Object value) {
    return switch (value) {
      case Boolean truth -> truth;
      case String text -> !text.isEmpty();
      case Undefined _, None _ -> false;
      case List<?> list -> !list.isEmpty();
      case Dict dict -> dict.size() > 0;
      case Long number -> number != 0;
      case Double number -> number != 0;
      case BigInteger number -> number.signum() != 0;
      case Tuple tuple -> !tuple.items().isEmpty();
      case Markup markup -> !markup.text().isEmpty();
      case DictView view -> view.dict().size() > 0;
      case IntRange range -> range.length() > 0;
      case Loop loop -> loop.length() > 0;
      default -> true;
    };
  }
}
