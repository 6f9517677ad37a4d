package io.tuneplane.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/// Writes the `tokenizer.json` that a GGUF file's metadata stand for, so that both file formats are
/// tokenised by the same code. The splitting rules are those of `llama-vocab.cpp` for each value of
/// `tokenizer.ggml.pre`, in the form in which the models' own `tokenizer.json` has them.
///
/// @param metadata the file's
record GgufTokenizer(GgufMetadata metadata) {

  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;

  private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
  private static final String REST =
      "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final String WORDS = "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";

  /// @throws ModelException if the tokenizer is of a kind that can't be rebuilt
  TokenizerJson definition() {
    String model = metadata.text("tokenizer.ggml.model");
    if (!model.equals("gpt2")) {
      throw new ModelException(
          ("%s: its tokenizer is of the kind '%s'; from GGUF only 'gpt2' (byte-level BPE) is read."
                  + " Use the model's Hugging Face folder")
              .formatted(metadata.source(), model));
    }
    ObjectNode json = ModelJson.MAPPER.createObjectNode();
    json.put("version", "1.0");
    List<String> tokens = metadata.texts("tokenizer.ggml.tokens");
    addedTokens(json.putArray("added_tokens"), tokens);
    splitting(json);
    byteLevel(json.putObject("decoder"), true);
    vocabulary((ObjectNode) json.path("model"), tokens);
    return TokenizerJson.of(json, metadata.source());
  }

  private void addedTokens(ArrayNode added, List<String> tokens) {
    long[] types = metadata.wholes("tokenizer.ggml.token_type");
    if (types.length != tokens.size()) {
      throw new ModelException(metadata.source() + ": not every token has a type");
    }
    for (int id = 0; id < types.length; id++) {
      if (types[id] == CONTROL || types[id] == USER_DEFINED) {
        added
            .addObject()
            .put("id", id)
            .put("content", tokens.get(id))
            .put("single_word", false)
            .put("lstrip", false)
            .put("rstrip", false)
            .put("normalized", false)
            .put("special", types[id] == CONTROL);
      }
    }
  }

  private void splitting(ObjectNode json) {
    ObjectNode model = json.putObject("model").put("type", "BPE");
    ObjectNode splitter = json.putObject("pre_tokenizer");
    String kind = metadata.optionalText("tokenizer.ggml.pre").orElse("default");
    switch (kind) {
      case "gpt-2" -> byteLevel(splitter, true);
      case "smollm" -> {
        ArrayNode steps = splitter.put("type", "Sequence").putArray("pretokenizers");
        steps.addObject().put("type", "Digits").put("individual_digits", true);
        byteLevel(steps.addObject(), true);
      }
      case "qwen2" -> {
        json.putObject("normalizer").put("type", "NFC");
        byPattern(splitter, CONTRACTIONS + WORDS + "|\\p{N}" + REST);
      }
      case "llama-bpe" -> {
        model.put("ignore_merges", true);
        byPattern(splitter, CONTRACTIONS + WORDS + "|\\p{N}{1,3}" + REST);
      }
      default ->
          throw new ModelException(
              ("%s: text is split by the rules '%s', which are not known here (gpt-2, smollm,"
                      + " qwen2, llama-bpe). Use the model's Hugging Face folder")
                  .formatted(metadata.source(), kind));
    }
  }

  private static void byPattern(ObjectNode splitter, String pattern) {
    ArrayNode steps = splitter.put("type", "Sequence").putArray("pretokenizers");
    ObjectNode split = steps.addObject().put("type", "Split");
    split.putObject("pattern").put("Regex", pattern);
    split.put("behavior", "Isolated").put("invert", false);
    byteLevel(steps.addObject(), false);
  }

  private static void byteLevel(ObjectNode node, boolean splits) {
    node.put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", splits);
  }

  private void vocabulary(ObjectNode model, List<String> tokens) {
    ObjectNode vocabulary = model.putObject("vocab");
    for (int id = 0; id < tokens.size(); id++) {
      if (vocabulary.has(tokens.get(id))) {
        throw new ModelException(
            "%s: the token '%s' occurs twice".formatted(metadata.source(), tokens.get(id)));
      }
      vocabulary.put(tokens.get(id), id);
    }
    ArrayNode merges = model.putArray("merges");
    metadata.texts("tokenizer.ggml.merges").forEach(merges::add);
  }

  SpecialTokens specialTokens() {
    return new SpecialTokens(token("bos"), token("eos"), token("padding"), token("unknown"));
  }

  private Optional<String> token(String kind) {
    List<String> tokens = metadata.texts("tokenizer.ggml.tokens");
    return metadata
        .optionalWhole("tokenizer.ggml.%s_token_id".formatted(kind), 0, tokens.size() - 1)
        .map(tokens::get);
  }
}
