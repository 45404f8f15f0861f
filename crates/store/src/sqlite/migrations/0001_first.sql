-- Every table is keyed by bucket first, or a reference table (platform, notice), or part of the public
-- log (log_checkpoint, log_tile, log_leaf). No sequences, no foreign keys, no key without its bucket:
-- the schema shards as it stands (design §4, Distribution rule).
--
-- Days count from 1970-01-01 in Asia/Shanghai, moments are seconds since 1970-01-01T00:00:00Z, digests
-- have 32 bytes, persons 12.

-- One natural person; everything that says who it is lies in sealed_record.
CREATE TABLE person (
    bucket          INTEGER NOT NULL,
    person          BLOB    NOT NULL,
    holder          BLOB    NOT NULL,   -- keyed digest of the holder reference: one human, one row
    sealed_record   BLOB    NOT NULL,
    generation      INTEGER NOT NULL,
    history_key     BLOB    NOT NULL,
    recovery_wrap   BLOB,
    recovery_proof  BLOB,
    applied_on      INTEGER NOT NULL,
    PRIMARY KEY (bucket, person)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX person_holder ON person (bucket, holder);

-- The wrapped data key of a person, apart: back-ups of data leave this table out, and destroying the
-- row is erasure.
CREATE TABLE data_key (
    bucket           INTEGER NOT NULL,
    person           BLOB    NOT NULL,
    wrapped_data_key BLOB    NOT NULL,
    PRIMARY KEY (bucket, person)
) STRICT, WITHOUT ROWID;

-- A document, by keyed digest, and the person it is of.
CREATE TABLE document (
    bucket    INTEGER NOT NULL,
    document  BLOB    NOT NULL,
    person    BLOB    NOT NULL,
    PRIMARY KEY (bucket, document)
) STRICT, WITHOUT ROWID;

-- 网号, by keyed digest, in the bucket of that digest. Never deleted: a number is not used twice.
CREATE TABLE wanghao (
    bucket       INTEGER NOT NULL,
    wanghao      BLOB    NOT NULL,
    state        TEXT    NOT NULL,      -- reserved, confirmed, dead
    reserved_on  INTEGER NOT NULL,
    PRIMARY KEY (bucket, wanghao)
) STRICT, WITHOUT ROWID;
CREATE INDEX wanghao_reserved ON wanghao (bucket, reserved_on) WHERE state = 'reserved';

CREATE TABLE wangzheng (
    bucket       INTEGER NOT NULL,
    person       BLOB    NOT NULL,
    serial       INTEGER NOT NULL,
    state        TEXT    NOT NULL,
    issued_on    INTEGER NOT NULL,
    valid_until  INTEGER NOT NULL,
    PRIMARY KEY (bucket, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE device (
    bucket         INTEGER NOT NULL,
    person         BLOB    NOT NULL,
    device         INTEGER NOT NULL,
    signing_key    BLOB    NOT NULL,
    curve          TEXT    NOT NULL,    -- P-256, SM2
    agreement_key  BLOB    NOT NULL,
    sealed_name    BLOB    NOT NULL,
    history_wrap   BLOB    NOT NULL,
    added_on       INTEGER NOT NULL,
    active_from    INTEGER NOT NULL,
    PRIMARY KEY (bucket, person, device)
) STRICT, WITHOUT ROWID;

CREATE TABLE pin (
    bucket         INTEGER NOT NULL,
    person         BLOB    NOT NULL,
    sealed_digest  BLOB    NOT NULL,
    attempts_left  INTEGER NOT NULL,
    locked_until   INTEGER,
    locks          INTEGER NOT NULL,
    PRIMARY KEY (bucket, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE consent (
    bucket        INTEGER NOT NULL,
    person        BLOB    NOT NULL,
    tag           BLOB    NOT NULL,
    notice        BLOB    NOT NULL,
    kind          TEXT    NOT NULL,     -- general, separate, written
    given_on      INTEGER NOT NULL,
    withdrawn_on  INTEGER,
    PRIMARY KEY (bucket, person, tag, notice)
) STRICT, WITHOUT ROWID;

-- Requests that were answered, in the bucket of their own digest. No code: it was refused.
CREATE TABLE taken_request (
    bucket      INTEGER NOT NULL,
    request     BLOB    NOT NULL,
    code        BLOB,
    expires_at  INTEGER NOT NULL,
    PRIMARY KEY (bucket, request)
) STRICT, WITHOUT ROWID;

-- Codes that were redeemed, in the person's bucket.
CREATE TABLE redeemed_code (
    bucket      INTEGER NOT NULL,
    code        BLOB    NOT NULL,
    person      BLOB    NOT NULL,
    revoked     INTEGER NOT NULL,       -- 1: the code came a second time
    expires_at  INTEGER NOT NULL,
    PRIMARY KEY (bucket, code)
) STRICT, WITHOUT ROWID;

-- Short rows between two devices, in the bucket of their own digest.
CREATE TABLE handover (
    bucket      INTEGER NOT NULL,
    handover    BLOB    NOT NULL,
    version     INTEGER NOT NULL,
    sealed      BLOB    NOT NULL,
    expires_at  INTEGER NOT NULL,
    PRIMARY KEY (bucket, handover)
) STRICT, WITHOUT ROWID;

-- The last sequence given out in each bucket: taken in the same transaction as what it counts.
CREATE TABLE audit_sequence (
    bucket         INTEGER NOT NULL,
    last_sequence  INTEGER NOT NULL,
    PRIMARY KEY (bucket)
) STRICT, WITHOUT ROWID;

-- Events, each with the person's sealed copy of the receipt where there is one: rows of two
-- kilobytes, kept in the order they come. Erasing a receipt leaves its digest.
CREATE TABLE audit_event (
    bucket          INTEGER NOT NULL,
    sequence        INTEGER NOT NULL,
    person          BLOB,
    body            BLOB    NOT NULL,   -- canonical JSON
    salt            BLOB    NOT NULL,
    receipt_digest  BLOB    NOT NULL,   -- of the sealed receipt, or zeros
    receipt_day     INTEGER,
    sealed_receipt  BLOB,               -- to the person's history key
    PRIMARY KEY (bucket, sequence)
) STRICT;
CREATE INDEX audit_event_person ON audit_event (bucket, person, sequence) WHERE person IS NOT NULL;

-- Events whose leaf is not in the tree yet, in the order they came: an epoch that cannot hold all of
-- them takes the oldest of all buckets, never all of some (C1). The leaf is computed from the event
-- when it is read.
CREATE TABLE pending_leaf (
    bucket    INTEGER NOT NULL,
    sequence  INTEGER NOT NULL,
    PRIMARY KEY (bucket, sequence)
) STRICT;

-- The public log, which knows no person's bucket. A leaf is found in the bucket of its own commitment.
CREATE TABLE log_leaf (
    bucket      INTEGER NOT NULL,
    commitment  BLOB    NOT NULL,
    blinded     BLOB    NOT NULL,
    leaf_index  INTEGER NOT NULL,
    PRIMARY KEY (bucket, commitment)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX log_leaf_index ON log_leaf (leaf_index);

CREATE TABLE log_tile (
    level       INTEGER NOT NULL,
    tile_index  INTEGER NOT NULL,
    hashes      BLOB    NOT NULL,
    PRIMARY KEY (level, tile_index)
) STRICT, WITHOUT ROWID;

CREATE TABLE log_checkpoint (
    tree_size  INTEGER NOT NULL,
    note       TEXT    NOT NULL,        -- signed note
    PRIMARY KEY (tree_size)
) STRICT, WITHOUT ROWID;

-- Reference tables: the same everywhere, small, read whole.
CREATE TABLE platform (
    platform  TEXT NOT NULL,
    content   TEXT NOT NULL,            -- JSON
    PRIMARY KEY (platform)
) STRICT, WITHOUT ROWID;

CREATE TABLE notice (
    notice   TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    content  TEXT    NOT NULL,          -- JSON
    PRIMARY KEY (notice, version)
) STRICT, WITHOUT ROWID;
