-- What data was ever flagged, by its digest: for every server of the database.
CREATE TABLE dataset_flags (
  organisation TEXT NOT NULL,
  digest TEXT NOT NULL,
  flag TEXT NOT NULL,
  PRIMARY KEY (organisation, digest, flag)
);
