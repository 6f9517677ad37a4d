package io.tuneplane.job;

import io.tuneplane.cost.PriceBook;
import io.tuneplane.cost.PriceBooks;
import io.tuneplane.cost.PriceBooks.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds price books: the shipped ones, and files of the user's that are laid over them.
public final class PriceBookLibrary {

  private static final Map<String, String> SHIPPED =
      Map.of("tuneplane", "book.yaml", "section-13.4", "section-13.4.yaml");

  private final Optional<Path> overrides;
  private final Optional<String> localHourlyUsd;

  /// @param overrides a file that is laid over today's prices
  /// @param localHourlyUsd what an hour of this machine costs, as the settings have it
  public PriceBookLibrary(Optional<Path> overrides, Optional<String> localHourlyUsd) {
    this.overrides = overrides;
    this.localHourlyUsd = localHourlyUsd;
  }

  /// Today's prices.
  public static final String TODAY = "tuneplane";

  /// The texts of a book: what is shipped, and what is laid over it.
  public record Texts(Text base, List<Text> overrides) {

    public Texts {
      overrides = List.copyOf(overrides);
    }
  }

  /// A shipped book by its name, or today's prices with the named file over them. The settings'
  /// prices lie over today's ones, never over `section-13.4`.
  ///
  /// @param today the day on which the settings' own prices count as read
  /// @throws io.tuneplane.cost.PriceBookException if a text can't be used
  public PriceBook book(String name, LocalDate today) {
    Texts texts = texts(name, today);
    return PriceBooks.parse(texts.base(), texts.overrides());
  }

  /// The same, before it is read.
  public Texts texts(String name, LocalDate today) {
    if (name.equals("section-13.4")) {
      return new Texts(shipped(name), List.of());
    }
    List<Text> over = new ArrayList<>();
    localHourlyUsd.ifPresent(usd -> over.add(local(usd, today)));
    overrides.ifPresent(path -> over.add(file(path)));
    if (!SHIPPED.containsKey(name)) {
      over.add(file(Path.of(name)));
    }
    return new Texts(shipped(TODAY), over);
  }

  private static Text local(String usd, LocalDate today) {
    return new Text(
        "settings",
        "own: {local: {hourly_usd: {value: %s, source: \"settings: local.hourly_usd\", read_on: %s}}}"
            .formatted(usd, today));
  }

  private static Text file(Path path) {
    try {
      return new Text(path.getFileName().toString(), Files.readString(path));
    } catch (IOException e) {
      throw new UncheckedIOException("price book " + path + " can't be read", e);
    }
  }

  private static Text shipped(String name) {
    String file = SHIPPED.getOrDefault(name, name + ".yaml");
    try (InputStream resource = PriceBook.class.getResourceAsStream(file)) {
      if (resource == null) {
        throw new IllegalStateException("no " + file + " on the class path");
      }
      return new Text(file, new String(resource.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
