package io.tuneplane.api;

import java.time.LocalDate;
import java.util.Optional;

/// A model, in the shape of OpenAI's `model`, and what is ours beside it.
///
/// @param created Unix seconds; 0 for a base model
/// @param ownedBy the organisation, or who published a base model
/// @param kind `tuned` or `base`
/// @param parent the base of a tuned model
/// @param backend where a tuned model answers
/// @param parameters how many parameters a base model has
/// @param onDisk whether a base model needs no download
/// @param job the job that made a tuned model
/// @param shutdownDate when its provider stops it, where one said so
/// @param warning what people should be told of that, from 180 days before it on
public record ModelCard(
    String id,
    String object,
    long created,
    String ownedBy,
    String kind,
    Optional<String> parent,
    Optional<String> backend,
    Optional<Long> parameters,
    Optional<Boolean> onDisk,
    Optional<String> job,
    Optional<LocalDate> shutdownDate,
    Optional<String> warning) {}
