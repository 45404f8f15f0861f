//! Uses, what platforms are told, and short rows on the way between two screens.

use super::{Kind, Statement};

statements! { ALL_OF_VERIFICATION;
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
}
