-- Which request made which job, written with the job: another attempt at the request finds it here.
-- The sender's key is kept as a digest; where it sent none, key_digest is the job's own id.
CREATE TABLE job_receipts (
  organisation TEXT NOT NULL,
  key_digest TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  retried INTEGER NOT NULL,
  job_id TEXT NOT NULL,
  PRIMARY KEY (organisation, key_digest)
);
CREATE INDEX job_receipts_fingerprint ON job_receipts (organisation, fingerprint, made_at);
CREATE INDEX job_receipts_age ON job_receipts (made_at);
DROP INDEX replies_fingerprint;
