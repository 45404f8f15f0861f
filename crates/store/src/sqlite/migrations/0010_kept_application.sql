-- Applications that wait because the registry does not answer (R15.2). Back-ups leave the table out: what was deleted in
-- time does not come back with one.
CREATE TABLE kept_application (
    bucket       INTEGER NOT NULL,
    application  BLOB    NOT NULL,      -- keyed digest of the device's public key
    answered     INTEGER NOT NULL,
    sealed       BLOB    NOT NULL,      -- a wrapped data key of its own, and what it opens
    kept_until   INTEGER NOT NULL,
    PRIMARY KEY (bucket, application)
) STRICT, WITHOUT ROWID;
