-- Complaints, each in the bucket of the digest of its own number: nothing of a person, nothing of a platform.
CREATE TABLE complaint (
    bucket         INTEGER NOT NULL,
    complaint      BLOB    NOT NULL,    -- keyed digest of the number
    proof          BLOB    NOT NULL,    -- keyed digest of number and secret
    kind           TEXT    NOT NULL,
    state          TEXT    NOT NULL,    -- received, in_case, answered
    received_on    INTEGER NOT NULL,
    due_on         INTEGER NOT NULL,
    sealed         BLOB    NOT NULL,    -- to the case officers
    sealed_answer  BLOB,                -- under number and secret
    PRIMARY KEY (bucket, complaint)
) STRICT, WITHOUT ROWID;
CREATE INDEX complaint_due ON complaint (bucket, state, due_on);

-- Reference tables: the officers' keys, cases by platform, legal requests, counters.
CREATE TABLE case_key (
    number   INTEGER NOT NULL,
    public   BLOB    NOT NULL,
    wrapped  BLOB    NOT NULL,
    PRIMARY KEY (number)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_file (
    case_id    TEXT    NOT NULL,
    platform   TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    origin     TEXT    NOT NULL,        -- complaint, finding
    state      TEXT    NOT NULL,        -- open, closed
    officer    TEXT,
    opened_on  INTEGER NOT NULL,
    due_on     INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    sealed     BLOB    NOT NULL,        -- to the case officers
    PRIMARY KEY (case_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE legal_request (
    request     TEXT    NOT NULL,
    basis       TEXT    NOT NULL,
    authority   TEXT    NOT NULL,
    state       TEXT    NOT NULL,       -- drafted, provided, nothing_held
    drafted_by  TEXT    NOT NULL,
    drafted_on  INTEGER NOT NULL,
    settled_on  INTEGER,
    tell_on     INTEGER,                -- the person is told on this day
    told_on     INTEGER,
    version     INTEGER NOT NULL,
    sealed      BLOB    NOT NULL,       -- to the case officers
    PRIMARY KEY (request)
) STRICT, WITHOUT ROWID;

-- What is published, by month: of no person and of no platform.
CREATE TABLE counter (
    month     INTEGER NOT NULL,         -- year × 100 + month
    name      TEXT    NOT NULL,
    count     INTEGER NOT NULL,
    PRIMARY KEY (month, name)
) STRICT, WITHOUT ROWID;
