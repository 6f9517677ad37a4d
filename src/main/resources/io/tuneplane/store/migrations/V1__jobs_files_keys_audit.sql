-- One schema for SQLite and PostgreSQL. Instants are microseconds since 1970, so that both order
-- them alike; money is in millionths of a dollar. Documents are JSON that the database never looks into.

CREATE TABLE installation (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE jobs (
  id TEXT NOT NULL PRIMARY KEY,
  organisation TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  status TEXT NOT NULL,
  version BIGINT NOT NULL,
  last_seq BIGINT NOT NULL,
  wake_at BIGINT,
  document TEXT NOT NULL
);
CREATE INDEX jobs_newest ON jobs (organisation, created_at, id);
CREATE INDEX jobs_due ON jobs (wake_at) WHERE wake_at IS NOT NULL;

-- Labels are looked up by digest: an index has room for any label that way.
CREATE TABLE job_metadata (
  job_id TEXT NOT NULL REFERENCES jobs (id),
  label TEXT NOT NULL,
  organisation TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (job_id, label)
);
CREATE INDEX job_metadata_label ON job_metadata (organisation, label, created_at, job_id);

CREATE TABLE job_events (
  job_id TEXT NOT NULL REFERENCES jobs (id),
  seq BIGINT NOT NULL,
  organisation TEXT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (job_id, seq)
);

CREATE TABLE job_checkpoints (
  id TEXT NOT NULL PRIMARY KEY,
  job_id TEXT NOT NULL REFERENCES jobs (id),
  organisation TEXT NOT NULL,
  step BIGINT NOT NULL,
  document TEXT NOT NULL
);
CREATE INDEX job_checkpoints_newest ON job_checkpoints (job_id, step, id);

CREATE TABLE job_spending (
  job_id TEXT NOT NULL PRIMARY KEY REFERENCES jobs (id),
  organisation TEXT NOT NULL,
  spent_month TEXT NOT NULL,
  micros BIGINT NOT NULL,
  settled INTEGER NOT NULL
);

CREATE TABLE monthly_spending (
  organisation TEXT NOT NULL,
  spent_month TEXT NOT NULL,
  micros BIGINT NOT NULL,
  PRIMARY KEY (organisation, spent_month)
);

CREATE TABLE files (
  id TEXT NOT NULL PRIMARY KEY,
  organisation TEXT NOT NULL,
  filename TEXT NOT NULL,
  purpose TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX files_newest ON files (organisation, created_at, id);
CREATE INDEX files_content ON files (sha256);

CREATE TABLE tuned_models (
  name TEXT NOT NULL PRIMARY KEY,
  organisation TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  adapter TEXT,
  document TEXT NOT NULL
);
CREATE INDEX tuned_models_newest ON tuned_models (organisation, created_at, name);
CREATE INDEX tuned_models_adapter ON tuned_models (adapter) WHERE adapter IS NOT NULL;

CREATE TABLE decisions (
  organisation TEXT NOT NULL,
  id TEXT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (organisation, id)
);

CREATE TABLE audit_lines (
  seq BIGINT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  line TEXT NOT NULL
);
CREATE INDEX audit_lines_kind ON audit_lines (kind, seq);

-- One row: the newest signed head. Whoever adds a line locks it first.
CREATE TABLE audit_head (
  id INTEGER NOT NULL PRIMARY KEY,
  head TEXT NOT NULL
);

CREATE TABLE access_keys (
  id TEXT NOT NULL PRIMARY KEY,
  organisation TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  flags TEXT NOT NULL,
  digest TEXT NOT NULL UNIQUE,
  hint TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT
);
CREATE INDEX access_keys_newest ON access_keys (organisation, created_at, id);

CREATE TABLE provider_keys (
  name TEXT NOT NULL PRIMARY KEY,
  sealed TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

-- The client's idempotency key is kept as a digest: it may have any length.
CREATE TABLE replies (
  organisation TEXT NOT NULL,
  key_digest TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  claimed_at BIGINT NOT NULL,
  status INTEGER,
  body TEXT,
  PRIMARY KEY (organisation, key_digest)
);
CREATE INDEX replies_fingerprint ON replies (organisation, fingerprint, claimed_at);
CREATE INDEX replies_age ON replies (claimed_at);

-- The scheduler's own table, as its version 16 wants it.
CREATE TABLE scheduled_tasks (
  task_name TEXT NOT NULL,
  task_instance TEXT NOT NULL,
  task_data ${bytes},
  execution_time ${time} NOT NULL,
  picked BOOLEAN NOT NULL,
  picked_by TEXT,
  last_success ${time},
  last_failure ${time},
  consecutive_failures INTEGER,
  last_heartbeat ${time},
  version BIGINT NOT NULL,
  priority SMALLINT,
  PRIMARY KEY (task_name, task_instance)
);
CREATE INDEX scheduled_tasks_due ON scheduled_tasks (execution_time);
CREATE INDEX scheduled_tasks_heartbeat ON scheduled_tasks (last_heartbeat);
CREATE INDEX scheduled_tasks_priority ON scheduled_tasks (priority DESC, execution_time ASC);
