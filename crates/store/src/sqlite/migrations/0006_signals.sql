-- What platforms are told (R8.3, R9.5): one outbox for each, its rows in the bucket of the platform's id.

-- Reference table: small, read whole.
CREATE TABLE outbox (
    platform     TEXT NOT NULL,
    wrapped_key  BLOB NOT NULL,         -- opens what is sealed in the outbox
    stream_id    TEXT,
    stream       TEXT,                  -- JSON: how the platform receives
    PRIMARY KEY (platform)
) STRICT, WITHOUT ROWID;

CREATE TABLE signal (
    bucket        INTEGER NOT NULL,
    platform      TEXT    NOT NULL,
    signal        BLOB    NOT NULL,
    sealed        BLOB    NOT NULL,     -- under the key of the outbox, all of one size
    ready_at      INTEGER NOT NULL,
    attempts      INTEGER NOT NULL,
    due_at        INTEGER,              -- where a confirmation is waited for
    confirmed_at  INTEGER,
    expires_at    INTEGER NOT NULL,
    PRIMARY KEY (bucket, platform, signal)
) STRICT, WITHOUT ROWID;

-- Requests that platforms started, in the person's bucket, until they are decided or over; refusals a while longer.
CREATE TABLE waiting_request (
    bucket      INTEGER NOT NULL,
    person      BLOB    NOT NULL,
    request     BLOB    NOT NULL,
    sealed      BLOB    NOT NULL,       -- empty once it is refused
    refused     INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    PRIMARY KEY (bucket, person, request)
) STRICT, WITHOUT ROWID;

-- To whom and for what, sealed to the person's history key; empty for the service's own processing.
ALTER TABLE consent ADD COLUMN sealed BLOB NOT NULL DEFAULT x'';
