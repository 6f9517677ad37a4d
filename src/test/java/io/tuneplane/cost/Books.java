package io.tuneplane.cost;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// The shipped price books, and small ones for tests.
public final class Books {

  private Books() {}

  /// The shipped book of that name.
  public static PriceBook shipped(String name) {
    return PriceBooks.parse(text(name), List.of());
  }

  /// The shipped book with a few lines over it.
  static PriceBook overridden(String name, String yaml) {
    return PriceBooks.parse(text(name), List.of(new PriceBooks.Text("mine.yaml", yaml)));
  }

  static PriceBooks.Text text(String name) {
    String file = name + ".yaml";
    try (InputStream resource = PriceBook.class.getResourceAsStream(file)) {
      byte[] bytes = Objects.requireNonNull(resource, file).readAllBytes();
      return new PriceBooks.Text(file, new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
