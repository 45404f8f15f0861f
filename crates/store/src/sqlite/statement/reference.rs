//! What is no person's: staff, acts of two persons, platforms, notices; complaints and cases.

use super::{Kind, Statement};

statements! { ALL_OF_REFERENCE;
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
