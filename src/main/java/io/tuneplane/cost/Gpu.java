package io.tuneplane.cost;

/// A kind of accelerator, or a processor that does its work.
///
/// @param id its name in the book
/// @param label how people know it
/// @param peakFlops floating-point operations a second at the precision it trains in, dense
/// @param memoryGib its memory
public record Gpu(String id, String label, PriceLine peakFlops, PriceLine memoryGib) {}
