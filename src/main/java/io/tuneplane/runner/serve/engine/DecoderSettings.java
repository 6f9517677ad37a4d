package io.tuneplane.runner.serve.engine;

import io.tuneplane.runner.serve.onnx.Precision;

/// How a decoder runs.
///
/// @param precision how the matrices are held
/// @param maxContext the longest sequence, prompt and answer, in tokens
/// @param maxSequences sequences in one batch
/// @param threads threads that compute
/// @param spin whether threads wait for work in a loop: faster where the cores are free, slower for
///   all where they are not
public record DecoderSettings(
    Precision precision, int maxContext, int maxSequences, int threads, boolean spin) {}
