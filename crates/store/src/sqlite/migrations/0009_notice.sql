-- Incidents: one record each, nobody's name in it.
CREATE TABLE incident (
    incident  TEXT    NOT NULL,
    revision  INTEGER NOT NULL,
    content   TEXT    NOT NULL,         -- JSON
    PRIMARY KEY (incident)
) STRICT, WITHOUT ROWID;

-- Why telling waits, and until when at the latest.
CREATE TABLE deferral (
    reason   TEXT NOT NULL,
    content  TEXT NOT NULL,             -- JSON
    PRIMARY KEY (reason)
) STRICT, WITHOUT ROWID;

-- Notices that wait, in their persons' buckets.
CREATE TABLE deferred_notice (
    bucket    INTEGER NOT NULL,
    reason    BLOB    NOT NULL,         -- keyed tag: the row does not say what the person has to do with
    deferred  BLOB    NOT NULL,
    person    BLOB    NOT NULL,
    sealed    BLOB    NOT NULL,
    PRIMARY KEY (bucket, reason, deferred)
) STRICT, WITHOUT ROWID;
