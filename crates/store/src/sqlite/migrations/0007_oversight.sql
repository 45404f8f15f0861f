-- Reference tables: the same everywhere, small, written seldom.

-- Accounts of staff and of platforms' members.
CREATE TABLE staff (
    login    TEXT NOT NULL,
    content  TEXT NOT NULL,             -- JSON
    PRIMARY KEY (login)
) STRICT, WITHOUT ROWID;

-- Dangerous acts, each with the hands that signed it.
CREATE TABLE proposal (
    proposal     TEXT    NOT NULL,
    state        TEXT    NOT NULL,      -- open, confirmed, done, declined
    proposed_at  INTEGER NOT NULL,
    content      TEXT    NOT NULL,      -- JSON
    PRIMARY KEY (proposal)
) STRICT, WITHOUT ROWID;
CREATE INDEX proposal_state ON proposal (state, proposed_at);

-- Where a platform stands: its field, and whether it is suspended.
CREATE TABLE platform_standing (
    platform  TEXT NOT NULL,
    content   TEXT NOT NULL,            -- JSON
    PRIMARY KEY (platform)
) STRICT, WITHOUT ROWID;

-- What platforms submit for review: the newest of each subject.
CREATE TABLE submission (
    platform  TEXT NOT NULL,
    subject   TEXT NOT NULL,            -- registration, scenario/<id>
    content   TEXT NOT NULL,            -- JSON
    PRIMARY KEY (platform, subject)
) STRICT, WITHOUT ROWID;
