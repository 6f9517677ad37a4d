package io.tuneplane.decision;

import io.tuneplane.cost.Offer;

/// A model in a place, before anything is held against it.
///
/// @param offer what is priced
/// @param place the backend behind it
/// @param wanted whether it may be chosen; otherwise it is here only as what could follow a model
///   that stops
record Candidate(Offer offer, Place place, boolean wanted) {}
