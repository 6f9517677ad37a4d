package io.tuneplane.api;

/// The audit log: what was decided and where bytes went.
public interface AuditApi {}
