package io.tuneplane.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A checked `tokenizer.json` of byte-pair encoding.
///
/// @param json without truncation and padding, which are never wanted here
/// @param ids every token's id, added tokens included
/// @param added tokens that are matched in the text before the encoding
/// @param bytes how tokens become text again
record TokenizerJson(
    ObjectNode json, Map<String, Integer> ids, List<Added> added, TokenBytes bytes) {

  private static final long MAX_BYTES = 128 << 20;

  /// A token that is matched as it stands.
  ///
  /// @param special left out when ids are turned into text, and plain text in what users write
  record Added(int id, String content, boolean special, boolean normalized) {}

  static TokenizerJson read(Path file) {
    return of(ModelJson.object(file, MAX_BYTES), file.toString());
  }

  /// @param source names the file in errors
  static TokenizerJson of(ObjectNode json, String source) {
    JsonNode model = json.path("model");
    String type = model.path("type").asText("BPE");
    if (!type.equals("BPE")) {
      throw new ModelException(
          "%s: a tokenizer of type '%s' is not supported (BPE)".formatted(source, type));
    }
    refuseWhatIsNotBuilt(model, source);
    Map<String, Integer> ids = vocabulary(model.path("vocab"), source);
    checkMerges(model.path("merges"), source);
    List<Added> added = added(json.path("added_tokens"), source);
    added.forEach(a -> ids.put(a.content(), a.id()));
    ObjectNode plain = json.deepCopy().putNull("truncation").putNull("padding");
    return new TokenizerJson(plain, ids, added, TokenBytes.of(json.path("decoder"), source));
  }

  /// Dropout would make the ids random; the others change how tokens become text.
  private static void refuseWhatIsNotBuilt(JsonNode model, String source) {
    for (String key : List.of("dropout", "continuing_subword_prefix", "end_of_word_suffix")) {
      JsonNode value = model.path(key);
      if (!value.isMissingNode() && !value.isNull() && !value.asText().isEmpty()) {
        throw new ModelException("%s: model.%s is not supported".formatted(source, key));
      }
    }
  }

  private static Map<String, Integer> vocabulary(JsonNode node, String source) {
    if (!node.isObject() || node.isEmpty()) {
      throw new ModelException(source + ": model.vocab must be an object of tokens and their ids");
    }
    Map<String, Integer> ids = HashMap.newHashMap(node.size());
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      ids.put(entry.getKey(), id(entry.getValue(), source));
    }
    return ids;
  }

  private static int id(JsonNode node, String source) {
    if (!node.isIntegralNumber()
        || !node.canConvertToInt()
        || node.asInt() < 0
        || node.asInt() >= ModelLimits.VOCABULARY) {
      throw new ModelException("%s: '%s' is not a token's id".formatted(source, node));
    }
    return node.asInt();
  }

  /// Old files write a merge as `a b`, new ones as `["a", "b"]`.
  private static void checkMerges(JsonNode merges, String source) {
    if (!merges.isArray()) {
      throw new ModelException(source + ": model.merges must be a list");
    }
    for (JsonNode merge : merges) {
      boolean pair = merge.size() == 2 && merge.get(0).isTextual() && merge.get(1).isTextual();
      if (!merge.isTextual() && !pair) {
        throw new ModelException("%s: '%s' is not a merge".formatted(source, merge));
      }
    }
  }

  private static List<Added> added(JsonNode nodes, String source) {
    List<Added> added = new ArrayList<>();
    for (JsonNode node : nodes) {
      String content = node.path("content").asText();
      if (content.isEmpty()) {
        throw new ModelException(source + ": an added token without content");
      }
      added.add(
          new Added(
              id(node.path("id"), source),
              content,
              node.path("special").asBoolean(),
              node.path("normalized").asBoolean()));
    }
    return List.copyOf(added);
  }

  /// The same tokenizer, but blind to special tokens: those that are in the vocabulary stay there
  /// unmatched, and the others keep their place (the ids after them depend on it) under a name that
  /// nobody can write.
  ///
  /// @param secret a name that no text contains
  ObjectNode withoutSpecialTokens(String secret) {
    ObjectNode copy = json.deepCopy();
    JsonNode vocabulary = copy.path("model").path("vocab");
    ArrayNode kept = copy.putArray("added_tokens");
    for (JsonNode token : json.path("added_tokens")) {
      boolean special = token.path("special").asBoolean();
      if (!special) {
        kept.add(token);
      } else if (!vocabulary.has(token.path("content").asText())) {
        kept.add(((ObjectNode) token.deepCopy()).put("content", secret + token.path("id").asInt()));
      }
    }
    return copy;
  }

  /// Whether special tokens are looked for in a changed form of the text.
  boolean normalizesSpecialTokens() {
    return json.hasNonNull("normalizer")
        && added.stream().anyMatch(a -> a.special() && a.normalized());
  }
}
