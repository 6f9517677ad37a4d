package io.tuneplane.access;

import java.time.Instant;
import java.util.Optional;

/// A key as it is kept: what it allows, and a keyed digest of it. The key itself is shown once,
/// when it is made.
///
/// @param caller what it says of its holder
/// @param digest HMAC-SHA-256 of the key, in hex
/// @param hint the key's first characters, to tell keys apart
/// @param createdAt when it was made
/// @param expiresAt the instant from which it no longer counts
/// @param revokedAt when it was taken back
public record Key(
    Caller caller,
    String digest,
    String hint,
    Instant createdAt,
    Optional<Instant> expiresAt,
    Optional<Instant> revokedAt) {}
