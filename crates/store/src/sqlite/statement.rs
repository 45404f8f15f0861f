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
                w.suspended_for, w.locked_under, w.restricted_on, w.ends_with_document,
                w.document_checked_on, w.waiting,
                d.device, d.signing_key, d.curve, d.agreement_key, d.sealed_name, d.history_wrap,
                d.added_on, d.active_from
         FROM person p
         JOIN data_key k ON k.bucket = ?1 AND k.person = p.person
         JOIN wangzheng w ON w.bucket = ?1 AND w.person = p.person
         JOIN device d ON d.bucket = ?1 AND d.person = p.person AND d.device = ?3
         WHERE p.bucket = ?1 AND p.person = ?2"
    SingleBucket person REPLACE_RECORD
        "UPDATE person SET sealed_record = ?3 WHERE bucket = ?1 AND person = ?2"
    SingleBucket person RAISE_GENERATION
        "UPDATE person SET generation = generation + 1
         WHERE bucket = ?1 AND person = ?2 AND generation = ?3"
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

    SingleBucket wanghao END_WANGHAO
        "UPDATE wanghao SET state = 'dead', reserved_on = 0 WHERE bucket = ?1 AND wanghao = ?2"

    // ── erasure ─────────────────────────────────────────────────────────────────────────────────
    SingleBucket leaving LEAVE
        "SELECT person, reason, was, since, erase_at FROM leaving
         WHERE bucket = ?1 AND person = ?2"
    SingleBucket leaving PUT_LEAVE
        "INSERT INTO leaving (bucket, person, reason, was, since, erase_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (bucket, person) DO UPDATE SET reason = excluded.reason, was = excluded.was,
             since = excluded.since, erase_at = excluded.erase_at"
    SingleBucket leaving LEAVES_DUE
        "SELECT person, reason, was, since, erase_at FROM leaving
         WHERE bucket = ?1 AND erase_at <= ?2 ORDER BY erase_at LIMIT ?3"
    SingleBucket leaving ERASE_LEAVING
        "DELETE FROM leaving WHERE bucket = ?1 AND person = ?2"
    SingleBucket data_key ERASE_DATA_KEY
        "DELETE FROM data_key WHERE bucket = ?1 AND person = ?2"
    SingleBucket person ERASE_PERSON
        "DELETE FROM person WHERE bucket = ?1 AND person = ?2"
    SingleBucket document ERASE_DOCUMENTS
        "DELETE FROM document WHERE bucket = ?1 AND person = ?2"
    SingleBucket wangzheng ERASE_WANGZHENG
        "DELETE FROM wangzheng WHERE bucket = ?1 AND person = ?2"
    SingleBucket device ERASE_DEVICES
        "DELETE FROM device WHERE bucket = ?1 AND person = ?2"
    SingleBucket pin ERASE_PIN
        "DELETE FROM pin WHERE bucket = ?1 AND person = ?2"
    SingleBucket consent ERASE_CONSENTS
        "DELETE FROM consent WHERE bucket = ?1 AND person = ?2"
    SingleBucket guardian_link ERASE_GUARDIAN_LINKS
        "DELETE FROM guardian_link WHERE bucket = ?1 AND person = ?2"
    SingleBucket minor ERASE_MINOR
        "DELETE FROM minor WHERE bucket = ?1 AND person = ?2"
    SingleBucket deferred_notice ERASE_DEFERRED
        "DELETE FROM deferred_notice WHERE bucket = ?1 AND person = ?2"
    SingleBucket redeemed_code ERASE_CODES
        "DELETE FROM redeemed_code WHERE bucket = ?1 AND person = ?2"
    SingleBucket waiting_request ERASE_WAITING
        "DELETE FROM waiting_request WHERE bucket = ?1 AND person = ?2"
    SingleBucket audit_event ERASE_EVENTS
        "DELETE FROM audit_event WHERE bucket = ?1 AND person = ?2"
    SingleBucket audit_event ERASED_SEQUENCES
        "SELECT sequence FROM audit_event WHERE bucket = ?1 AND person = ?2 ORDER BY sequence"
    SingleBucket pending_leaf PENDING_LEAF
        "SELECT 1 FROM pending_leaf WHERE bucket = ?1 AND sequence = ?2"
    SingleBucket pending_leaf KEEP_LEAF
        "UPDATE pending_leaf SET leaf = ?3 WHERE bucket = ?1 AND sequence = ?2"
    SingleBucket tombstone PUT_TOMBSTONE
        "INSERT INTO tombstone (bucket, holder, month, count) VALUES (?1, ?2, ?3, 1)
         ON CONFLICT (bucket, holder) DO UPDATE SET month = excluded.month, count = count + 1"
    SingleBucket tombstone TOMBSTONE
        "SELECT month, count FROM tombstone WHERE bucket = ?1 AND holder = ?2"
    SingleBucket tombstone OLD_TOMBSTONE
        "SELECT 1 FROM tombstone WHERE bucket = ?1 AND month < ?2 LIMIT 1"
    SingleBucket tombstone SWEEP_TOMBSTONES
        "DELETE FROM tombstone WHERE bucket = ?1 AND month < ?2"
    SingleBucket erased PUT_ERASED
        "INSERT INTO erased (bucket, device, erased_on) VALUES (?1, ?2, ?3)
         ON CONFLICT (bucket, device) DO UPDATE SET erased_on = excluded.erased_on"
    SingleBucket erased ERASED_ON
        "SELECT erased_on FROM erased WHERE bucket = ?1 AND device = ?2"
    SingleBucket erased ERASED_SINCE
        "SELECT device FROM erased WHERE bucket = ?1 AND erased_on >= ?2 ORDER BY device"
    SingleBucket erased OLD_ERASED
        "SELECT 1 FROM erased WHERE bucket = ?1 AND erased_on < ?2 LIMIT 1"
    SingleBucket erased SWEEP_ERASED
        "DELETE FROM erased WHERE bucket = ?1 AND erased_on < ?2"
    SingleBucket audit_event REMOVE_EVENT
        "DELETE FROM audit_event WHERE bucket = ?1 AND sequence = ?2"
    SingleBucket audit_event REMOVE_RECEIPT
        "UPDATE audit_event SET sealed_receipt = NULL, receipt_day = NULL
         WHERE bucket = ?1 AND sequence = ?2 AND sealed_receipt IS NOT NULL"
    SingleBucket person PERSONS_AFTER
        "SELECT person FROM person WHERE bucket = ?1 AND person > ?2 ORDER BY person LIMIT ?3"
    SingleBucket person IS_PERSON
        "SELECT 1 FROM person WHERE bucket = ?1 AND person = ?2"

    // ── wangzheng ───────────────────────────────────────────────────────────────────────────────
    SingleBucket wangzheng INSERT_WANGZHENG
        "INSERT INTO wangzheng (bucket, person, serial, state, issued_on, valid_until,
                                suspended_for, locked_under, restricted_on, ends_with_document,
                                document_checked_on, waiting)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
    SingleBucket wangzheng WANGZHENG
        "SELECT person, serial, state, issued_on, valid_until, suspended_for, locked_under,
                restricted_on, ends_with_document, document_checked_on, waiting
         FROM wangzheng WHERE bucket = ?1 AND person = ?2"
    SingleBucket wangzheng SUSPEND_WANGZHENG
        "UPDATE wangzheng SET state = 'suspended', suspended_for = ?3, locked_under = ?4
         WHERE bucket = ?1 AND person = ?2"
    SingleBucket wangzheng END_SUSPENSION
        "UPDATE wangzheng SET state = ?3, suspended_for = NULL, locked_under = 0
         WHERE bucket = ?1 AND person = ?2"
    SingleBucket wangzheng RESTRICT_WANGZHENG
        "UPDATE wangzheng SET restricted_on = ?3 WHERE bucket = ?1 AND person = ?2"
    SingleBucket wangzheng RAISE_SERIAL
        "UPDATE wangzheng SET serial = serial + 1, issued_on = ?4
         WHERE bucket = ?1 AND person = ?2 AND serial = ?3 AND state = 'active'"
    SingleBucket wangzheng CHANGE_DOCUMENT
        "UPDATE wangzheng SET serial = serial + 1, state = ?3, suspended_for = ?4, locked_under = ?5,
                issued_on = ?6, document_checked_on = ?6, valid_until = ?7, ends_with_document = ?8
         WHERE bucket = ?1 AND person = ?2"
    SingleBucket wangzheng DOCUMENT_CHECKED
        "UPDATE wangzheng SET document_checked_on = ?3 WHERE bucket = ?1 AND person = ?2"
    SingleBucket wangzheng PUT_WAITING
        "UPDATE wangzheng SET waiting = ?3 WHERE bucket = ?1 AND person = ?2"
    SingleBucket wangzheng DOCUMENTS_DUE
        "SELECT person FROM wangzheng
         WHERE bucket = ?1 AND state IN ('active', 'locked', 'suspended', 'expired')
           AND (document_checked_on < ?2 OR waiting IS NOT NULL
                OR (ends_with_document = 1 AND valid_until < ?3 AND state IN ('active', 'locked')))
         ORDER BY document_checked_on, person LIMIT ?4"
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
        "INSERT INTO consent (bucket, person, tag, notice, kind, given_on, withdrawn_on, sealed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (bucket, person, tag, notice) DO UPDATE SET kind = excluded.kind,
             given_on = excluded.given_on, withdrawn_on = excluded.withdrawn_on,
             sealed = excluded.sealed"
    SingleBucket consent WITHDRAW_CONSENT
        "UPDATE consent SET withdrawn_on = ?4
         WHERE bucket = ?1 AND person = ?2 AND tag = ?3 AND withdrawn_on IS NULL"
    SingleBucket consent CONSENTS
        "SELECT person, tag, notice, kind, given_on, withdrawn_on, sealed FROM consent
         WHERE bucket = ?1 AND person = ?2 ORDER BY tag, notice"

    // ── guardianship ────────────────────────────────────────────────────────────────────────────
    SingleBucket guardian_link PUT_GUARDIAN_LINK
        "INSERT INTO guardian_link (bucket, person, tag, side, sealed, confirmed_on, told)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (bucket, person, tag) DO UPDATE SET side = excluded.side,
             sealed = excluded.sealed, confirmed_on = excluded.confirmed_on, told = excluded.told"
    SingleBucket guardian_link END_GUARDIAN_LINK
        "DELETE FROM guardian_link WHERE bucket = ?1 AND person = ?2 AND tag = ?3"
    SingleBucket guardian_link TELL_GUARDIAN_LINK
        "UPDATE guardian_link SET told = ?4
         WHERE bucket = ?1 AND person = ?2 AND tag = ?3 AND told <> ?4"
    SingleBucket guardian_link GUARDIAN_LINKS
        "SELECT person, tag, side, sealed, confirmed_on, told FROM guardian_link
         WHERE bucket = ?1 AND person = ?2 ORDER BY tag"
    SingleBucket standing_consent GIVE_STANDING_CONSENT
        "INSERT INTO standing_consent (bucket, person, tag, given_by, given_on, copies)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (bucket, person, tag) DO UPDATE SET given_by = excluded.given_by,
             given_on = excluded.given_on, copies = excluded.copies"
    SingleBucket standing_consent END_STANDING_CONSENT
        "DELETE FROM standing_consent WHERE bucket = ?1 AND person = ?2 AND tag = ?3"
    SingleBucket standing_consent END_STANDING_CONSENTS_OF
        "DELETE FROM standing_consent WHERE bucket = ?1 AND person = ?2 AND given_by = ?3"
    SingleBucket standing_consent END_ALL_STANDING_CONSENTS
        "DELETE FROM standing_consent WHERE bucket = ?1 AND person = ?2"
    SingleBucket standing_consent STANDING_CONSENTS
        "SELECT person, tag, given_by, given_on, copies FROM standing_consent
         WHERE bucket = ?1 AND person = ?2 ORDER BY tag"
    SingleBucket minor INSERT_MINOR
        "INSERT INTO minor (bucket, person, stage, look_from) VALUES (?1, ?2, ?3, ?4)"
    SingleBucket minor MINORS_TO_LOOK_AT
        "SELECT person, stage, look_from FROM minor
         WHERE bucket = ?1 AND look_from <= ?2 ORDER BY person"
    SingleBucket minor ADVANCE_MINOR
        "UPDATE minor SET stage = ?4, look_from = ?5
         WHERE bucket = ?1 AND person = ?2 AND stage = ?3"
    SingleBucket minor DELETE_MINOR
        "DELETE FROM minor WHERE bucket = ?1 AND person = ?2 AND stage = ?3"

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
    SingleBucket redeemed_code REVOKE_GRANT
        "INSERT INTO redeemed_code (bucket, code, person, revoked, expires_at)
         VALUES (?1, ?2, ?3, 1, ?4)
         ON CONFLICT (bucket, code) DO UPDATE SET revoked = 1"
    SingleBucket redeemed_code REDEEMED_CODE
        "SELECT person, revoked FROM redeemed_code WHERE bucket = ?1 AND code = ?2"
    SingleBucket redeemed_code EXPIRED_CODE
        "SELECT 1 FROM redeemed_code WHERE bucket = ?1 AND expires_at < ?2 LIMIT 1"
    SingleBucket redeemed_code SWEEP_CODES
        "DELETE FROM redeemed_code WHERE bucket = ?1 AND expires_at < ?2"

    // ── backchannel ─────────────────────────────────────────────────────────────────────────────
    SingleBucket waiting_request COUNT_WAITING
        "SELECT count(*) FROM waiting_request
         WHERE bucket = ?1 AND person = ?2 AND refused = ?3 AND expires_at >= ?4"
    SingleBucket waiting_request PLACE_WAITING
        "INSERT INTO waiting_request (bucket, person, request, sealed, refused, expires_at)
         VALUES (?1, ?2, ?3, ?4, 0, ?5)
         ON CONFLICT (bucket, person, request) DO NOTHING"
    SingleBucket waiting_request WAITING
        "SELECT person, request, sealed, expires_at FROM waiting_request
         WHERE bucket = ?1 AND person = ?2 AND refused = 0 AND expires_at >= ?3
         ORDER BY expires_at, request"
    SingleBucket waiting_request REFUSE_WAITING
        "UPDATE waiting_request SET refused = 1, sealed = x'', expires_at = ?4
         WHERE bucket = ?1 AND person = ?2 AND request = ?3 AND refused = 0"
    SingleBucket waiting_request TAKE_WAITING
        "DELETE FROM waiting_request WHERE bucket = ?1 AND person = ?2 AND request = ?3 AND refused = 0"
    SingleBucket waiting_request FORGET_REFUSALS
        "DELETE FROM waiting_request WHERE bucket = ?1 AND person = ?2 AND refused = 1"
    SingleBucket waiting_request EXPIRED_WAITING
        "SELECT 1 FROM waiting_request WHERE bucket = ?1 AND expires_at < ?2 LIMIT 1"
    SingleBucket waiting_request SWEEP_WAITING
        "DELETE FROM waiting_request WHERE bucket = ?1 AND expires_at < ?2"

    // ── signal ──────────────────────────────────────────────────────────────────────────────────
    Reference outbox OPEN_OUTBOX
        "INSERT INTO outbox (platform, wrapped_key) VALUES (?1, ?2) ON CONFLICT (platform) DO NOTHING"
    Reference outbox OUTBOXES
        "SELECT platform, wrapped_key, stream FROM outbox ORDER BY platform"
    Reference outbox PUT_STREAM
        "UPDATE outbox SET stream_id = ?3, stream = ?4
         WHERE platform = ?1 AND coalesce(stream_id, '') = coalesce(?2, '')"
    SingleBucket signal COUNT_SIGNALS
        "SELECT count(*) FROM signal WHERE bucket = ?1 AND platform = ?2 AND due_at IS NULL"
    SingleBucket signal QUEUE_SIGNAL
        "INSERT INTO signal (bucket, platform, signal, sealed, ready_at, attempts, due_at, confirmed_at,
                             expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
    SingleBucket signal READY_SIGNALS
        "SELECT platform, signal, sealed, ready_at, attempts, due_at, confirmed_at, expires_at
         FROM signal
         WHERE bucket = ?1 AND platform = ?2 AND confirmed_at IS NULL AND ready_at <= ?3
             AND expires_at >= ?3
         ORDER BY signal LIMIT ?4"
    SingleBucket signal CONFIRM_SIGNAL
        "UPDATE signal SET confirmed_at = ?4, sealed = x''
         WHERE bucket = ?1 AND platform = ?2 AND signal = ?3 AND confirmed_at IS NULL"
    SingleBucket signal DROP_UNTRACKED
        "DELETE FROM signal WHERE bucket = ?1 AND platform = ?2 AND signal = ?3 AND due_at IS NULL"
    SingleBucket signal DEFER_SIGNAL
        "UPDATE signal SET attempts = attempts + 1, ready_at = ?4
         WHERE bucket = ?1 AND platform = ?2 AND signal = ?3 AND confirmed_at IS NULL"
    SingleBucket signal SIGNAL
        "SELECT platform, signal, sealed, ready_at, attempts, due_at, confirmed_at, expires_at
         FROM signal WHERE bucket = ?1 AND platform = ?2 AND signal = ?3"
    SingleBucket signal UNCONFIRMED_SIGNALS
        "SELECT platform, signal, sealed, ready_at, attempts, due_at, confirmed_at, expires_at
         FROM signal
         WHERE bucket = ?1 AND platform = ?2 AND confirmed_at IS NULL AND due_at IS NOT NULL
         ORDER BY due_at, signal LIMIT ?3"
    SingleBucket signal EXPIRED_SIGNAL
        "SELECT 1 FROM signal WHERE bucket = ?1 AND expires_at < ?2 LIMIT 1"
    SingleBucket signal SWEEP_SIGNALS
        "DELETE FROM signal WHERE bucket = ?1 AND expires_at < ?2"

    // ── receipt ─────────────────────────────────────────────────────────────────────────────────
    SingleBucket audit_event RECEIPTS
        "SELECT sequence, receipt_day, sealed_receipt, salt FROM audit_event
         WHERE bucket = ?1 AND person = ?2 AND sequence < ?3 AND sealed_receipt IS NOT NULL
         ORDER BY sequence DESC LIMIT ?4"
    SingleBucket audit_event SEALED_RECEIPTS
        "SELECT sequence, person, receipt_day, sealed_receipt FROM audit_event
         WHERE bucket = ?1 AND sequence >= ?2 AND sealed_receipt IS NOT NULL
         ORDER BY sequence LIMIT ?3"

    // ── kept_application ────────────────────────────────────────────────────────────────────────
    SingleBucket kept_application KEEP_APPLICATION
        "INSERT INTO kept_application (bucket, application, answered, sealed, kept_until)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (bucket, application) DO UPDATE SET answered = excluded.answered,
             sealed = excluded.sealed"
    SingleBucket kept_application COUNT_APPLICATIONS
        "SELECT count(*) FROM kept_application WHERE bucket = ?1"
    SingleBucket kept_application KEPT_APPLICATION
        "SELECT application, answered, sealed, kept_until FROM kept_application
         WHERE bucket = ?1 AND application = ?2 AND kept_until >= ?3"
    SingleBucket kept_application APPLICATIONS_WAITING
        "SELECT application, answered, sealed, kept_until FROM kept_application
         WHERE bucket = ?1 AND answered = 0 AND kept_until >= ?2 ORDER BY application LIMIT ?3"
    SingleBucket kept_application ANSWER_APPLICATION
        "UPDATE kept_application SET answered = 1, sealed = ?3
         WHERE bucket = ?1 AND application = ?2"
    SingleBucket kept_application TAKE_APPLICATION
        "DELETE FROM kept_application WHERE bucket = ?1 AND application = ?2"
    SingleBucket kept_application EXPIRED_APPLICATION
        "SELECT 1 FROM kept_application WHERE bucket = ?1 AND kept_until < ?2 LIMIT 1"
    SingleBucket kept_application SWEEP_APPLICATIONS
        "DELETE FROM kept_application WHERE bucket = ?1 AND kept_until < ?2"

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
        "SELECT p.leaf, p.bucket, p.sequence, e.person, e.body, e.salt, e.receipt_digest
         FROM pending_leaf p
         LEFT JOIN audit_event e ON e.bucket = p.bucket AND e.sequence = p.sequence
         WHERE p.leaf IS NOT NULL OR e.body IS NOT NULL
         ORDER BY p.rowid LIMIT ?1"
    SingleBucket audit_event PENDING_IN
        "SELECT p.leaf, p.bucket, p.sequence, e.person, e.body, e.salt, e.receipt_digest
         FROM pending_leaf p
         LEFT JOIN audit_event e ON e.bucket = ?1 AND e.sequence = p.sequence
         WHERE p.bucket = ?1 AND p.sequence >= ?2 AND (p.leaf IS NOT NULL OR e.body IS NOT NULL)
         ORDER BY p.sequence LIMIT ?3"
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

    // ── staff, oversight ────────────────────────────────────────────────────────────────────────
    Reference staff PUT_STAFF
        "INSERT INTO staff (login, content) VALUES (?1, ?2)
         ON CONFLICT (login) DO UPDATE SET content = excluded.content"
    Reference staff STAFF
        "SELECT content FROM staff WHERE login = ?1"
    Reference staff ALL_STAFF
        "SELECT content FROM staff ORDER BY login"
    Reference proposal PUT_PROPOSAL
        "INSERT INTO proposal (proposal, state, proposed_at, content) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (proposal) DO UPDATE SET state = excluded.state, content = excluded.content"
    Reference proposal PROPOSAL
        "SELECT content FROM proposal WHERE proposal = ?1"
    Reference proposal PROPOSALS
        "SELECT content FROM proposal WHERE state = ?1 ORDER BY proposed_at DESC, proposal LIMIT ?2"
    Reference proposal ALL_PROPOSALS
        "SELECT content FROM proposal ORDER BY proposed_at DESC, proposal LIMIT ?1"
    Reference platform_standing PUT_STANDING
        "INSERT INTO platform_standing (platform, content) VALUES (?1, ?2)
         ON CONFLICT (platform) DO UPDATE SET content = excluded.content"
    Reference submission PUT_SUBMISSION
        "INSERT INTO submission (platform, subject, content) VALUES (?1, ?2, ?3)
         ON CONFLICT (platform, subject) DO UPDATE SET content = excluded.content"
    Reference submission SUBMISSIONS
        "SELECT content FROM submission ORDER BY platform, subject"
    SingleBucket wangzheng COUNT_WANGZHENG
        "SELECT state, count(*) FROM wangzheng WHERE bucket = ?1 GROUP BY state ORDER BY state"
    Reference platform_standing STANDINGS
        "SELECT content FROM platform_standing ORDER BY platform"
    // ── complaint, case ─────────────────────────────────────────────────────────────────────────
    SingleBucket complaint FILE_COMPLAINT
        "INSERT INTO complaint (bucket, complaint, proof, kind, state, received_on, due_on, sealed,
                                sealed_answer)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (bucket, complaint) DO NOTHING"
    SingleBucket complaint COMPLAINT
        "SELECT complaint, proof, kind, state, received_on, due_on, sealed, sealed_answer
         FROM complaint WHERE bucket = ?1 AND complaint = ?2"
    SingleBucket complaint MOVE_COMPLAINT
        "UPDATE complaint SET state = ?4, sealed_answer = ?5
         WHERE bucket = ?1 AND complaint = ?2 AND state = ?3"
    SingleBucket complaint COMPLAINTS_IN
        "SELECT complaint, proof, kind, state, received_on, due_on, sealed, sealed_answer
         FROM complaint WHERE bucket = ?1 AND state = ?2 ORDER BY due_on LIMIT ?3"
    Reference case_key PUT_CASE_KEY
        "INSERT INTO case_key (number, public, wrapped) VALUES (?1, ?2, ?3)
         ON CONFLICT (number) DO NOTHING"
    Reference case_key CASE_KEYS
        "SELECT number, public, wrapped FROM case_key ORDER BY number"
    Reference case_file OPEN_CASE
        "INSERT INTO case_file (case_id, platform, kind, origin, state, officer, opened_on, due_on,
                                version, sealed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (case_id) DO NOTHING"
    Reference case_file CHANGE_CASE
        "UPDATE case_file SET state = ?3, officer = ?4, due_on = ?5, sealed = ?6, version = version + 1
         WHERE case_id = ?1 AND version = ?2"
    Reference case_file CASE_FILE
        "SELECT case_id, platform, kind, origin, state, officer, opened_on, due_on, version, sealed
         FROM case_file WHERE case_id = ?1"
    Reference case_file CASE_FILES
        "SELECT case_id, platform, kind, origin, state, officer, opened_on, due_on, version, sealed
         FROM case_file ORDER BY case_id"
    Reference legal_request DRAFT_LEGAL_REQUEST
        "INSERT INTO legal_request (request, basis, authority, state, drafted_by, drafted_on,
                                    settled_on, tell_on, told_on, version, sealed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (request) DO NOTHING"
    Reference legal_request CHANGE_LEGAL_REQUEST
        "UPDATE legal_request SET state = ?3, settled_on = ?4, tell_on = ?5, told_on = ?6, sealed = ?7,
                version = version + 1
         WHERE request = ?1 AND version = ?2"
    Reference legal_request LEGAL_REQUESTS
        "SELECT request, basis, authority, state, drafted_by, drafted_on, settled_on, tell_on, told_on,
                version, sealed
         FROM legal_request ORDER BY request"
    Reference counter ADD_COUNT
        "INSERT INTO counter (month, name, count) VALUES (?1, ?2, ?3)
         ON CONFLICT (month, name) DO UPDATE SET count = count + excluded.count"
    Reference counter COUNTS
        "SELECT month, name, count FROM counter ORDER BY month, name"

    // ── platform, notice ────────────────────────────────────────────────────────────────────────
    Reference platform PUT_PLATFORM
        "INSERT INTO platform (platform, content) VALUES (?1, ?2)
         ON CONFLICT (platform) DO UPDATE SET content = excluded.content"
    Reference platform PLATFORMS
        "SELECT content FROM platform ORDER BY platform"
    Reference over_asking COUNT_OVER_ASKING
        "INSERT INTO over_asking (platform, month, kind, count) VALUES (?1, ?2, ?3, 1)
         ON CONFLICT (platform, month, kind) DO UPDATE SET count = count + 1"
    Reference over_asking FORGET_OVER_ASKING
        "DELETE FROM over_asking WHERE month < ?1"
    Reference over_asking OVER_ASKING
        "SELECT platform, month, kind, count FROM over_asking ORDER BY platform, month, kind"
    Reference notice INSERT_NOTICE
        "INSERT INTO notice (notice, version, content) VALUES (?1, ?2, ?3)
         ON CONFLICT (notice, version) DO NOTHING"
    Reference incident INSERT_INCIDENT
        "INSERT INTO incident (incident, revision, content) VALUES (?1, ?2, ?3)
         ON CONFLICT (incident) DO NOTHING"
    Reference incident UPDATE_INCIDENT
        "UPDATE incident SET revision = ?2, content = ?3 WHERE incident = ?1 AND revision = ?2 - 1"
    Reference incident INCIDENT
        "SELECT content FROM incident WHERE incident = ?1"
    Reference incident INCIDENTS
        "SELECT content FROM incident ORDER BY incident"
    SingleBucket person PERSONS_OF_BUCKET
        "SELECT person FROM person WHERE bucket = ?1 AND person > ?2 ORDER BY person LIMIT ?3"
    Reference deferral PUT_DEFERRAL
        "INSERT INTO deferral (reason, content) VALUES (?1, ?2)
         ON CONFLICT (reason) DO UPDATE SET content = excluded.content"
    Reference deferral DEFERRAL
        "SELECT content FROM deferral WHERE reason = ?1"
    Reference deferral DEFERRALS
        "SELECT content FROM deferral ORDER BY reason"
    SingleBucket deferred_notice INSERT_DEFERRED
        "INSERT INTO deferred_notice (bucket, reason, deferred, person, sealed)
         VALUES (?1, ?2, ?3, ?4, ?5)"
    SingleBucket deferred_notice DEFERRED
        "SELECT reason, deferred, person, sealed FROM deferred_notice
         WHERE bucket = ?1 AND reason = ?2 ORDER BY deferred LIMIT ?3"
    SingleBucket deferred_notice DELETE_DEFERRED
        "DELETE FROM deferred_notice WHERE bucket = ?1 AND reason = ?2 AND deferred = ?3"
    Reference notice NOTICE_VERSIONS
        "SELECT content FROM notice ORDER BY notice, version"
    Reference notice NOTICES
        "SELECT n.content FROM notice n
         WHERE n.version = (SELECT max(newer.version) FROM notice newer WHERE newer.notice = n.notice)
         ORDER BY n.notice"
}

#[cfg(test)]
#[path = "statement/tests.rs"]
mod tests;
