//! The registry: every SQL statement of this backend, by name.
//!
//! Nothing else can be run (see [`Link`](super::link::Link)). Statements are written so that they go
//! over to PostgreSQL with `?1` read as `$1`. The distribution rule (design §4) is held by the tests
//! below: a statement of kind [`Kind::SingleBucket`] names one bucket, as its first parameter, and
//! reaches every table through it.

/// What a statement may touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One bucket, `?1`.
    SingleBucket,
    /// A reference table, the same everywhere.
    Reference,
    /// The public log and what waits for it; run by the sequencer and by readers of the log only.
    Log,
}

/// One statement.
#[derive(Debug)]
pub(crate) struct Statement {
    /// Its name here.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "names the statement when a test fails")
    )]
    pub(crate) name: &'static str,
    /// What it may touch.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the distribution rule is held by tests")
    )]
    pub(crate) kind: Kind,
    /// The table whose rows it reads, named when one of them does not parse.
    pub(crate) table: &'static str,
    /// The text.
    pub(crate) sql: &'static str,
}

macro_rules! statements {
    ($($kind:ident $table:ident $name:ident $sql:literal)*) => {
        $(pub(crate) const $name: Statement = Statement {
            name: stringify!($name),
            kind: Kind::$kind,
            table: stringify!($table),
            sql: $sql,
        };)*

        /// All of them.
        #[cfg(test)]
        pub(crate) const ALL: &[&Statement] = &[$(&$name),*];
    };
}

statements! {
    // ── person ──────────────────────────────────────────────────────────────────────────────────
    SingleBucket person INSERT_PERSON
        "INSERT INTO person (bucket, person, holder, sealed_record, generation, history_key,
                             recovery_wrap, recovery_proof, applied_on)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
    SingleBucket data_key INSERT_DATA_KEY
        "INSERT INTO data_key (bucket, person, wrapped_data_key) VALUES (?1, ?2, ?3)"
    SingleBucket document INSERT_DOCUMENT
        "INSERT INTO document (bucket, document, person) VALUES (?1, ?2, ?3)
         ON CONFLICT (bucket, document) DO NOTHING"
    SingleBucket person HOLDER
        "SELECT person FROM person WHERE bucket = ?1 AND holder = ?2"
    SingleBucket document DOCUMENT_OWNER
        "SELECT person FROM document WHERE bucket = ?1 AND document = ?2"
    SingleBucket person PERSON
        "SELECT p.person, p.holder, k.wrapped_data_key, p.sealed_record, p.generation, p.history_key,
                p.recovery_wrap, p.recovery_proof, p.applied_on
         FROM person p
         JOIN data_key k ON k.bucket = ?1 AND k.person = p.person
         WHERE p.bucket = ?1 AND p.person = ?2"
    SingleBucket person HOLDER_VIEW
        "SELECT p.person, p.holder, k.wrapped_data_key, p.sealed_record, p.generation, p.history_key,
                p.recovery_wrap, p.recovery_proof, p.applied_on,
                w.serial, w.state, w.issued_on, w.valid_until,
                d.device, d.signing_key, d.curve, d.agreement_key, d.sealed_name, d.history_wrap,
                d.added_on, d.active_from
         FROM person p
         JOIN data_key k ON k.bucket = ?1 AND k.person = p.person
         JOIN wangzheng w ON w.bucket = ?1 AND w.person = p.person
         JOIN device d ON d.bucket = ?1 AND d.person = p.person AND d.device = ?3
         WHERE p.bucket = ?1 AND p.person = ?2"
    SingleBucket person REPLACE_HISTORY_KEY
        "UPDATE person SET history_key = ?3, recovery_wrap = ?4, recovery_proof = ?5
         WHERE bucket = ?1 AND person = ?2"

    // ── wanghao ─────────────────────────────────────────────────────────────────────────────────
    SingleBucket wanghao RESERVE_WANGHAO
        "INSERT INTO wanghao (bucket, wanghao, state, reserved_on) VALUES (?1, ?2, 'reserved', ?3)
         ON CONFLICT (bucket, wanghao) DO NOTHING"
    SingleBucket wanghao CONFIRM_WANGHAO
        "UPDATE wanghao SET state = 'confirmed'
         WHERE bucket = ?1 AND wanghao = ?2 AND state IN ('reserved', 'confirmed')"
    SingleBucket wanghao LAPSE_WANGHAO
        "UPDATE wanghao SET state = 'dead'
         WHERE bucket = ?1 AND state = 'reserved' AND reserved_on < ?2"

    // ── wangzheng ───────────────────────────────────────────────────────────────────────────────
    SingleBucket wangzheng INSERT_WANGZHENG
        "INSERT INTO wangzheng (bucket, person, serial, state, issued_on, valid_until)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
    SingleBucket wangzheng WANGZHENG
        "SELECT person, serial, state, issued_on, valid_until FROM wangzheng
         WHERE bucket = ?1 AND person = ?2"
    SingleBucket wangzheng SET_WANGZHENG_STATE
        "UPDATE wangzheng SET state = ?3 WHERE bucket = ?1 AND person = ?2"

    // ── device ──────────────────────────────────────────────────────────────────────────────────
    SingleBucket device INSERT_DEVICE
        "INSERT INTO device (bucket, person, device, signing_key, curve, agreement_key, sealed_name,
                             history_wrap, added_on, active_from)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
    SingleBucket device COUNT_DEVICES
        "SELECT count(*) FROM device WHERE bucket = ?1 AND person = ?2"
    SingleBucket device DELETE_DEVICE
        "DELETE FROM device WHERE bucket = ?1 AND person = ?2 AND device = ?3"
    SingleBucket device PUT_HISTORY_WRAP
        "UPDATE device SET history_wrap = ?4 WHERE bucket = ?1 AND person = ?2 AND device = ?3"
    SingleBucket device DEVICES
        "SELECT person, device, signing_key, curve, agreement_key, sealed_name, history_wrap,
                added_on, active_from
         FROM device WHERE bucket = ?1 AND person = ?2
         ORDER BY added_on, active_from, device"

    // ── pin ─────────────────────────────────────────────────────────────────────────────────────
    SingleBucket pin PIN
        "SELECT person, sealed_digest, attempts_left, locked_until, locks FROM pin
         WHERE bucket = ?1 AND person = ?2"
    SingleBucket pin PUT_PIN
        "INSERT INTO pin (bucket, person, sealed_digest, attempts_left, locked_until, locks)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (bucket, person) DO UPDATE SET sealed_digest = excluded.sealed_digest,
             attempts_left = excluded.attempts_left, locked_until = excluded.locked_until,
             locks = excluded.locks"

    // ── consent ─────────────────────────────────────────────────────────────────────────────────
    SingleBucket consent PUT_CONSENT
        "INSERT INTO consent (bucket, person, tag, notice, kind, given_on, withdrawn_on)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (bucket, person, tag, notice) DO UPDATE SET kind = excluded.kind,
             given_on = excluded.given_on, withdrawn_on = excluded.withdrawn_on"
    SingleBucket consent WITHDRAW_CONSENT
        "UPDATE consent SET withdrawn_on = ?4
         WHERE bucket = ?1 AND person = ?2 AND tag = ?3 AND withdrawn_on IS NULL"
    SingleBucket consent CONSENTS
        "SELECT person, tag, notice, kind, given_on, withdrawn_on FROM consent
         WHERE bucket = ?1 AND person = ?2 ORDER BY tag, notice"

    // ── verification ────────────────────────────────────────────────────────────────────────────
    SingleBucket taken_request TAKE_REQUEST
        "INSERT INTO taken_request (bucket, request, code, expires_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (bucket, request) DO NOTHING"
    SingleBucket taken_request TAKEN_REQUEST
        "SELECT code FROM taken_request WHERE bucket = ?1 AND request = ?2"
    SingleBucket taken_request EXPIRED_REQUEST
        "SELECT 1 FROM taken_request WHERE bucket = ?1 AND expires_at < ?2 LIMIT 1"
    SingleBucket taken_request SWEEP_REQUESTS
        "DELETE FROM taken_request WHERE bucket = ?1 AND expires_at < ?2"
    SingleBucket redeemed_code REDEEM_CODE
        "INSERT INTO redeemed_code (bucket, code, person, revoked, expires_at)
         VALUES (?1, ?2, ?3, 0, ?4)
         ON CONFLICT (bucket, code) DO NOTHING"
    SingleBucket redeemed_code REVOKE_CODE
        "UPDATE redeemed_code SET revoked = 1 WHERE bucket = ?1 AND code = ?2"
    SingleBucket redeemed_code REDEEMED_CODE
        "SELECT person, revoked FROM redeemed_code WHERE bucket = ?1 AND code = ?2"
    SingleBucket redeemed_code EXPIRED_CODE
        "SELECT 1 FROM redeemed_code WHERE bucket = ?1 AND expires_at < ?2 LIMIT 1"
    SingleBucket redeemed_code SWEEP_CODES
        "DELETE FROM redeemed_code WHERE bucket = ?1 AND expires_at < ?2"

    // ── receipt ─────────────────────────────────────────────────────────────────────────────────
    SingleBucket audit_event RECEIPTS
        "SELECT sequence, receipt_day, sealed_receipt, salt FROM audit_event
         WHERE bucket = ?1 AND person = ?2 AND sequence < ?3 AND sealed_receipt IS NOT NULL
         ORDER BY sequence DESC LIMIT ?4"
    SingleBucket audit_event SEALED_RECEIPTS
        "SELECT sequence, person, receipt_day, sealed_receipt FROM audit_event
         WHERE bucket = ?1 AND sequence >= ?2 AND sealed_receipt IS NOT NULL
         ORDER BY sequence LIMIT ?3"

    // ── handover ────────────────────────────────────────────────────────────────────────────────
    SingleBucket handover OPEN_HANDOVER
        "INSERT INTO handover (bucket, handover, version, sealed, expires_at)
         VALUES (?1, ?2, 1, ?3, ?4)
         ON CONFLICT (bucket, handover) DO UPDATE SET version = 1, sealed = excluded.sealed,
             expires_at = excluded.expires_at
         WHERE handover.expires_at < ?5"
    SingleBucket handover HANDOVER
        "SELECT handover, version, sealed, expires_at FROM handover
         WHERE bucket = ?1 AND handover = ?2 AND expires_at >= ?3"
    SingleBucket handover ADVANCE_HANDOVER
        "UPDATE handover SET version = version + 1, sealed = ?4, expires_at = ?5
         WHERE bucket = ?1 AND handover = ?2 AND version = ?3 AND expires_at >= ?6"
    SingleBucket handover TAKE_HANDOVER
        "DELETE FROM handover
         WHERE bucket = ?1 AND handover = ?2 AND version = ?3 AND expires_at >= ?4"
    SingleBucket handover EXPIRED_HANDOVER
        "SELECT 1 FROM handover WHERE bucket = ?1 AND expires_at < ?2 LIMIT 1"
    SingleBucket handover SWEEP_HANDOVERS
        "DELETE FROM handover WHERE bucket = ?1 AND expires_at < ?2"

    // ── audit ───────────────────────────────────────────────────────────────────────────────────
    SingleBucket audit_sequence ADVANCE_SEQUENCE
        "UPDATE audit_sequence SET last_sequence = last_sequence + 1 WHERE bucket = ?1"
    SingleBucket audit_sequence FIRST_SEQUENCE
        "INSERT INTO audit_sequence (bucket, last_sequence) VALUES (?1, 1)"
    SingleBucket audit_sequence LAST_SEQUENCE
        "SELECT last_sequence FROM audit_sequence WHERE bucket = ?1"
    SingleBucket audit_event INSERT_EVENT
        "INSERT INTO audit_event (bucket, sequence, person, body, salt, receipt_digest, receipt_day,
                                  sealed_receipt)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
    SingleBucket pending_leaf INSERT_PENDING_LEAF
        "INSERT INTO pending_leaf (bucket, sequence) VALUES (?1, ?2)"
    SingleBucket audit_event EVENTS
        "SELECT bucket, sequence, person, body, salt, receipt_digest FROM audit_event
         WHERE bucket = ?1 AND sequence >= ?2 ORDER BY sequence LIMIT ?3"
    SingleBucket audit_event EVENTS_OF
        "SELECT bucket, sequence, person, body, salt, receipt_digest FROM audit_event
         WHERE bucket = ?1 AND person = ?2 ORDER BY sequence DESC LIMIT ?3"

    // ── log ─────────────────────────────────────────────────────────────────────────────────────
    Log audit_event PENDING_LEAVES
        "SELECT e.bucket, e.sequence, e.person, e.body, e.salt, e.receipt_digest
         FROM pending_leaf p
         JOIN audit_event e ON e.bucket = p.bucket AND e.sequence = p.sequence
         ORDER BY p.rowid LIMIT ?1"
    SingleBucket audit_event PENDING_IN
        "SELECT e.bucket, e.sequence, e.person, e.body, e.salt, e.receipt_digest
         FROM pending_leaf p
         JOIN audit_event e ON e.bucket = ?1 AND e.sequence = p.sequence
         WHERE p.bucket = ?1 AND p.sequence >= ?2 ORDER BY p.sequence LIMIT ?3"
    SingleBucket pending_leaf DELETE_PENDING_LEAF
        "DELETE FROM pending_leaf WHERE bucket = ?1 AND sequence = ?2"
    Log log_leaf INSERT_LEAF
        "INSERT INTO log_leaf (bucket, commitment, blinded, leaf_index) VALUES (?1, ?2, ?3, ?4)"
    Log log_leaf LEAF_OF
        "SELECT commitment, blinded, leaf_index FROM log_leaf WHERE bucket = ?1 AND commitment = ?2"
    Log log_leaf LEAVES
        "SELECT commitment, blinded, leaf_index FROM log_leaf
         WHERE leaf_index >= ?1 ORDER BY leaf_index LIMIT ?2"
    Log log_tile PUT_TILE
        "INSERT INTO log_tile (level, tile_index, hashes) VALUES (?1, ?2, ?3)
         ON CONFLICT (level, tile_index) DO UPDATE SET hashes = excluded.hashes"
    Log log_tile TILE
        "SELECT level, tile_index, hashes FROM log_tile WHERE level = ?1 AND tile_index = ?2"
    Log log_tile TILES
        "SELECT level, tile_index, hashes FROM log_tile
         WHERE level = ?1 AND tile_index >= ?2 ORDER BY tile_index LIMIT ?3"
    Log log_checkpoint PUT_CHECKPOINT
        "INSERT INTO log_checkpoint (tree_size, note) VALUES (?1, ?2)
         ON CONFLICT (tree_size) DO UPDATE SET note = excluded.note"
    Log log_checkpoint TREE_SIZE
        "SELECT tree_size FROM log_checkpoint ORDER BY tree_size DESC LIMIT 1"
    Log log_checkpoint CHECKPOINT
        "SELECT note FROM log_checkpoint ORDER BY tree_size DESC LIMIT 1"
    Log log_checkpoint CHECKPOINTS
        "SELECT tree_size, note FROM log_checkpoint
         WHERE tree_size >= ?1 ORDER BY tree_size LIMIT ?2"

    // ── platform, notice ────────────────────────────────────────────────────────────────────────
    Reference platform PUT_PLATFORM
        "INSERT INTO platform (platform, content) VALUES (?1, ?2)
         ON CONFLICT (platform) DO UPDATE SET content = excluded.content"
    Reference platform PLATFORMS
        "SELECT content FROM platform ORDER BY platform"
    Reference notice INSERT_NOTICE
        "INSERT INTO notice (notice, version, content) VALUES (?1, ?2, ?3)
         ON CONFLICT (notice, version) DO NOTHING"
    Reference notice NOTICES
        "SELECT n.content FROM notice n
         WHERE n.version = (SELECT max(newer.version) FROM notice newer WHERE newer.notice = n.notice)
         ORDER BY n.notice"
}

#[cfg(test)]
#[path = "statement/tests.rs"]
mod tests;
