package io.tuneplane.cli;

import java.time.Duration;
import java.util.Optional;

/// How a server is to be run.
///
/// @param host where it listens; empty for the settings' address
/// @param port its port, 0 for a free one; empty for the settings'
/// @param idleExit ends when it had nothing to do for so long; empty for never
/// @param plainText whether an address that is not loopback may be served without TLS
public record ServeOptions(
    Optional<String> host,
    Optional<Integer> port,
    Optional<Duration> idleExit,
    boolean plainText) {}
