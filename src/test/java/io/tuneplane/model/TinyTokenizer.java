package io.tuneplane.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/// A byte-level BPE with ChatML's special tokens and a few dozen merges of common English.
final class TinyTokenizer {

  static final List<String> SPECIAL = List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>");
  static final int BOS = 1;
  static final int EOS = 2;

  static final String CHATML =
      "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' +"
          + " message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}{% if add_generation_prompt"
          + " %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

  static final List<String> MERGES =
      List.of(
          "Ġ t", "Ġ a", "h e", "i n", "r e", "o n", "Ġt he", "e r", "Ġ s", "a t", "Ġ w", "o u",
          "Ġ o", "n d", "i s", "Ġ c", "i t", "Ġ b", "e s", "Ġ m", "l l", "in g", "Ġ f", "e n",
          "Ġ p", "o r", "Ġa nd", "Ġt o", "Ġ in", "Ġ is", "Ġy ou", "Ġ y", "a n", "Ċ Ċ", "u s",
          "us er", "a s", "as s");

  private TinyTokenizer() {}

  /// Special tokens, then the bytes, then what the merges make.
  static List<String> tokens() {
    List<String> tokens = new ArrayList<>(SPECIAL);
    for (int b = 0; b < 256; b++) {
      tokens.add(String.valueOf(ByteLevel.charOf(b)));
    }
    MERGES.forEach(m -> tokens.add(m.replace(" ", "")));
    return tokens;
  }

  static ObjectNode json() {
    ObjectNode json = ModelJson.MAPPER.createObjectNode();
    json.put("version", "1.0").putNull("truncation").putNull("padding");
    ArrayNode added = json.putArray("added_tokens");
    for (int id = 0; id < SPECIAL.size(); id++) {
      added
          .addObject()
          .put("id", id)
          .put("content", SPECIAL.get(id))
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
    json.putNull("normalizer");
    byteLevel(json.putObject("pre_tokenizer"));
    json.putNull("post_processor");
    byteLevel(json.putObject("decoder"));
    ObjectNode model = json.putObject("model").put("type", "BPE");
    ObjectNode vocabulary = model.putObject("vocab");
    tokens().forEach(t -> vocabulary.put(t, vocabulary.size()));
    ArrayNode merges = model.putArray("merges");
    MERGES.forEach(merges::add);
    return json;
  }

  private static void byteLevel(ObjectNode node) {
    node.put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", true);
  }

  static ObjectNode settings() {
    return ModelJson.MAPPER
        .createObjectNode()
        .put("bos_token", "<|im_start|>")
        .put("eos_token", "<|im_end|>")
        .put("pad_token", "<|im_end|>")
        .put("unk_token", "<|endoftext|>")
        .put("chat_template", CHATML);
  }
}
