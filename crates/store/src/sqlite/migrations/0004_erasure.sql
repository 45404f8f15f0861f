-- 注销 (R9.5): who is on the way out, and what is kept of those who left.

-- Somebody on the way out; goes with the erasure.
CREATE TABLE leaving (
    bucket    INTEGER NOT NULL,
    person    BLOB    NOT NULL,
    reason    TEXT    NOT NULL,         -- requested, inactive
    was       TEXT    NOT NULL,         -- state of the 网证 before
    since     INTEGER NOT NULL,
    erase_at  INTEGER NOT NULL,
    PRIMARY KEY (bucket, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX leaving_due ON leaving (bucket, erase_at);

-- Of a holder who left: that, when, how often. Twelve months.
CREATE TABLE tombstone (
    bucket  INTEGER NOT NULL,
    holder  BLOB    NOT NULL,
    month   INTEGER NOT NULL,           -- from January 1970
    count   INTEGER NOT NULL,
    PRIMARY KEY (bucket, holder)
) STRICT, WITHOUT ROWID;
CREATE INDEX tombstone_month ON tombstone (bucket, month);

-- By a keyed digest of its key a device fetches the receipt of its person's erasure again.
CREATE TABLE erased (
    bucket     INTEGER NOT NULL,
    device     BLOB    NOT NULL,
    erased_on  INTEGER NOT NULL,
    PRIMARY KEY (bucket, device)
) STRICT, WITHOUT ROWID;
CREATE INDEX erased_day ON erased (bucket, erased_on);

-- The leaf of an event whose row was erased before its epoch: commitment and the other half, 64 bytes.
ALTER TABLE pending_leaf ADD COLUMN leaf BLOB;
