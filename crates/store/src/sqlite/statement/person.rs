//! A person, what the person holds, and how it goes.

use super::{Kind, Statement};

statements! { ALL_OF_PERSON;
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
}
