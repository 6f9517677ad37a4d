package io.tuneplane.runner.serve;

import io.tuneplane.runner.serve.engine.Adapter;
import io.tuneplane.runner.serve.engine.AdapterException;
import io.tuneplane.runner.serve.engine.AdapterReader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// The adapters that are loaded, by name. Safe for many threads.
final class AdapterShelf {

  /// The most adapters that are kept in memory.
  static final int MOST = 64;

  private static final int LONGEST_NAME = 256;

  /// An adapter with the folder that it came from.
  record Shelved(Adapter adapter, Path folder) {}

  private final AdapterReader reader;
  private final String baseName;
  private final Map<String, Shelved> adapters = new LinkedHashMap<>();

  /// @param baseName the base model's name, which no adapter may have
  AdapterShelf(AdapterReader reader, String baseName) {
    this.reader = reader;
    this.baseName = baseName;
  }

  /// Loads an adapter, which answers from then on.
  ///
  /// @param replace whether it may take the place of one of the same name; answers that are being
  ///   made go on with the old one
  /// @throws ApiException if the name is taken, or the adapter is missing or refused
  void load(String name, Path folder, boolean replace) {
    requireFree(name, replace);
    Adapter adapter = read(folder);
    synchronized (adapters) {
      requireFree(name, replace);
      adapters.put(name, new Shelved(adapter, folder));
    }
  }

  private Adapter read(Path folder) {
    try {
      return reader.read(folder);
    } catch (AdapterException e) {
      throw switch (e.kind()) {
        case MISSING -> ApiException.notFound(String.valueOf(e.getMessage()));
        case REFUSED -> ApiException.invalidInput(String.valueOf(e.getMessage()));
      };
    }
  }

  private void requireFree(String name, boolean replace) {
    if (name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
      throw ApiException.invalidInput(
          "An adapter's name has at most %d characters, none a control.".formatted(LONGEST_NAME));
    }
    synchronized (adapters) {
      boolean taken = adapters.containsKey(name);
      if (name.equals(baseName) || (taken && !replace)) {
        throw ApiException.invalidInput(
            "The lora adapter '%s' has already been loaded. Use load_inplace=True to replace it."
                .formatted(name));
      }
      if (!taken && adapters.size() >= MOST) {
        throw ApiException.invalidInput(
            "%d adapters are loaded, no more are kept; unload one first.".formatted(MOST));
      }
    }
  }

  /// Forgets an adapter; answers that are being made go on with it.
  ///
  /// @throws ApiException if there is none of that name
  void unload(String name) {
    synchronized (adapters) {
      if (adapters.remove(name) == null) {
        throw ApiException.notFound("The lora adapter '%s' cannot be found.".formatted(name));
      }
    }
  }

  /// The adapter for a model's name; empty for the base.
  ///
  /// @throws ApiException if there is no such model
  Optional<Adapter> find(String model) {
    if (model.equals(baseName)) {
      return Optional.empty();
    }
    synchronized (adapters) {
      Shelved shelved = adapters.get(model);
      if (shelved == null) {
        throw ApiException.notFound("The model `%s` does not exist.".formatted(model));
      }
      return Optional.of(shelved.adapter());
    }
  }

  /// All of them, in the order in which they were loaded.
  SequencedMap<String, Shelved> all() {
    synchronized (adapters) {
      return new LinkedHashMap<>(adapters);
    }
  }
}
