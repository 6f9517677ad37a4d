package io.tuneplane.model;

/// The sizes of a decoder of the Llama family: all that its memory and its parameters depend on.
///
/// @param vocabSize rows of the embedding
/// @param hiddenSize width of the residual stream
/// @param intermediateSize width of the MLP
/// @param layers blocks
/// @param heads query heads
/// @param kvHeads key and value heads
/// @param headDim width of one head
/// @param attentionBias whether q, k and v have biases
/// @param tieWordEmbeddings whether the output head is the embedding
public record ModelShape(
    int vocabSize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    boolean attentionBias,
    boolean tieWordEmbeddings) {

  /// The number of weights.
  public long parameters() {
    return ModelLayout.shapes(this).values().stream().mapToLong(ModelShape::product).sum();
  }

  /// The weights of the embedding alone.
  public long embeddingParameters() {
    return (long) vocabSize * hiddenSize;
  }

  /// The weights of a LoRA adapter on all linear layers.
  public long loraParameters(int rank) {
    long attention = (long) heads * headDim;
    long kv = (long) kvHeads * headDim;
    long sides =
        2 * (hiddenSize + attention) + 2 * (hiddenSize + kv) + 3L * (hiddenSize + intermediateSize);
    return layers * sides * rank;
  }

  private static long product(long[] sizes) {
    long product = 1;
    for (long size : sizes) {
      product = Math.multiplyExact(product, size);
    }
    return product;
  }
}
