-- Minors and guardians (Art. 4(2)–(3), 5(2)). Who is whose guardian, and at which platform, stands in sealed columns only.

CREATE TABLE guardian_link (
    bucket       INTEGER NOT NULL,
    person       BLOB    NOT NULL,
    tag          BLOB    NOT NULL,
    side         TEXT    NOT NULL,
    sealed       BLOB    NOT NULL,
    confirmed_on INTEGER NOT NULL,
    told         TEXT    NOT NULL,
    PRIMARY KEY (bucket, person, tag)
) STRICT, WITHOUT ROWID;

CREATE TABLE standing_consent (
    bucket   INTEGER NOT NULL,
    person   BLOB    NOT NULL,
    tag      BLOB    NOT NULL,
    given_by BLOB    NOT NULL,
    given_on INTEGER NOT NULL,
    copies   BLOB    NOT NULL,
    PRIMARY KEY (bucket, person, tag)
) STRICT, WITHOUT ROWID;

CREATE TABLE minor (
    bucket    INTEGER NOT NULL,
    person    BLOB    NOT NULL,
    stage     TEXT    NOT NULL,
    look_from INTEGER NOT NULL,
    PRIMARY KEY (bucket, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX minor_look_from ON minor (bucket, look_from);
