package io.tuneplane.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Weights in several safetensors files, as `model.safetensors.index.json` lists them.
final class ShardedWeights implements Weights {

  private static final long MAX_INDEX_BYTES = 64 << 20;
  private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*\\.safetensors");

  private final SequencedMap<String, SafetensorsFile> shardOfTensor;
  private final List<SafetensorsFile> shards;

  private ShardedWeights(
      SequencedMap<String, SafetensorsFile> shardOfTensor, List<SafetensorsFile> shards) {
    this.shardOfTensor = shardOfTensor;
    this.shards = shards;
  }

  /// The files that an index names, in the order of their names.
  ///
  /// @throws ModelException if the index is broken, or a file is missing or has a name with a path
  static List<Path> files(Path index) {
    SequencedSet<Path> files = new LinkedHashSet<>();
    new TreeMap<>(namesOfShards(index))
        .values().stream().distinct().sorted().map(index::resolveSibling).forEach(files::add);
    for (Path file : files) {
      if (!Files.isRegularFile(file)) {
        throw new ModelException(
            "%s is missing, though %s names it; fetch the model again"
                .formatted(file, index.getFileName()));
      }
    }
    return List.copyOf(files);
  }

  /// Opens every shard.
  static ShardedWeights open(Path index) {
    Map<Path, SafetensorsFile> shards = new LinkedHashMap<>();
    boolean opened = false;
    try {
      files(index).forEach(file -> shards.put(file, SafetensorsFile.open(file)));
      ShardedWeights weights =
          new ShardedWeights(assigned(index, shards), List.copyOf(shards.values()));
      opened = true;
      return weights;
    } finally {
      if (!opened) {
        shards.values().forEach(SafetensorsFile::close);
      }
    }
  }

  private static SequencedMap<String, SafetensorsFile> assigned(
      Path index, Map<Path, SafetensorsFile> shards) {
    Map<String, String> shardNames = namesOfShards(index);
    SequencedMap<String, SafetensorsFile> assigned = new LinkedHashMap<>();
    shards.forEach((path, shard) ->
        shard.names().stream()
            .filter(n -> path.getFileName().toString().equals(shardNames.get(n)))
            .forEach(n -> assigned.put(n, shard)));
    shardNames.forEach((tensor, shard) -> {
      if (!assigned.containsKey(tensor)) {
        throw new ModelException(
            "%s says that %s holds tensor %s, and it does not".formatted(index, shard, tensor));
      }
    });
    return assigned;
  }

  private static Map<String, String> namesOfShards(Path index) {
    JsonNode map = ModelJson.object(index, MAX_INDEX_BYTES).path("weight_map");
    if (!map.isObject() || map.isEmpty()) {
      throw new ModelException(index + " has no weight_map");
    }
    Map<String, String> names = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      String shard = entry.getValue().asText();
      if (!SHARD.matcher(shard).matches()) {
        throw new ModelException(
            "%s: '%s' is not the plain name of a safetensors file".formatted(index, shard));
      }
      names.put(entry.getKey(), shard);
    }
    return names;
  }

  @Override
  public SequencedSet<String> names() {
    return Collections.unmodifiableSequencedSet(shardOfTensor.sequencedKeySet());
  }

  @Override
  public Tensor tensor(String name) {
    SafetensorsFile shard = shardOfTensor.get(name);
    if (shard == null) {
      throw new ModelException("the model has no tensor '%s'".formatted(name));
    }
    return shard.tensor(name);
  }

  @Override
  public void close() {
    shards.forEach(SafetensorsFile::close);
  }
}
