package io.tuneplane.job;

import java.time.Instant;
import java.util.Optional;

/// A request for a job as its sender sent it: by this, another attempt at it is known. Under a key
/// there is one job, whoever's attempt comes when. Without one, an attempt that says it is a retry
/// is the request of the newest job that was asked for alike since `alike`; and one that says it is
/// the first, but was overtaken by its own retry, is that retry's.
///
/// @param key the name that its sender gave it; empty where it gave none
/// @param retry whether its sender says that it tries again
/// @param fingerprint SHA-256 over who asks and what for
/// @param alike without a key: since when requests with this fingerprint may be this one
public record Sent(Optional<String> key, boolean retry, String fingerprint, Instant alike) {}
