package io.tuneplane.policy;

/// Leave for bytes of a data set or a prompt to move. Only this package can make one, and every
/// backend method that moves bytes asks for one in its signature: code without leave doesn't
/// compile.
public sealed interface Clearance permits OnHardware, EgressPermit {}
