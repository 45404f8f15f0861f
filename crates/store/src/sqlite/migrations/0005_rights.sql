-- Rights, and documents over time (R15.2, PIPL 44).
ALTER TABLE wangzheng ADD COLUMN suspended_for TEXT;                            -- document_expired, …: why it is suspended
ALTER TABLE wangzheng ADD COLUMN locked_under INTEGER NOT NULL DEFAULT 0;       -- 1: locked when it was suspended
ALTER TABLE wangzheng ADD COLUMN restricted_on INTEGER;
ALTER TABLE wangzheng ADD COLUMN ends_with_document INTEGER NOT NULL DEFAULT 1;
ALTER TABLE wangzheng ADD COLUMN document_checked_on INTEGER NOT NULL DEFAULT 0;
ALTER TABLE wangzheng ADD COLUMN waiting BLOB;                                  -- a correction, sealed
