package io.tuneplane.backend;

import java.util.Optional;

/// A model that is to answer.
///
/// @param name the model's name as clients say it, e.g.
///   `ft:smollm2-135m-instruct:default::a1b2c3d4`
/// @param baseModel the base model's catalogue id, hub id or local path
/// @param tuned what training left, or empty to serve the base model itself
/// @param quantization the precision that it is served at: `fp32`, `int8`, ...; empty for the
///   place's default
public record DeploymentSpec(
    String name, String baseModel, Optional<TrainedModel> tuned, Optional<String> quantization) {}
