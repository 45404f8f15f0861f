-- Over-asking of platforms, counted by month for supervision (R8.2, R14.1). No person is in it.
CREATE TABLE over_asking (
    platform TEXT NOT NULL,
    month INTEGER NOT NULL,
    kind TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (platform, month, kind)
) STRICT, WITHOUT ROWID;
