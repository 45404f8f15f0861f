//! What each call leaves when it succeeds; an empty list: it stores nothing.

/// Path and events, by `event:outcome`. Of several ways a call can go, the one that changes most.
pub(super) const LEAVES: &[(&str, &[&str])] = &[
    // Sealed values: nothing is stored until the person decides.
    ("/oauth/par", &[]),
    ("/oauth/token", &["verified:fresh"]),
    ("/oauth/userinfo", &[]),
    // Written for nobody as well, so that nobody can tell (R8.1).
    (
        "/oauth/bc-authorize",
        &["handover_changed:opened", "waiting_request_changed:placed"],
    ),
    ("/oauth/introspect", &[]),
    ("/oauth/revoke", &["grant_revoked:revoked"]),
    (
        "/ssf/stream",
        &["stream_changed:done", "stream_changed:done"],
    ),
    ("/ssf/status", &["stream_changed:done"]),
    ("/ssf/verify", &["signal_queued:queued"]),
    ("/ssf/poll", &["signal_settled:confirmed"]),
    ("/oauth/decide", &["request_taken:taken"]),
    (
        "/person/api/apply",
        &[
            "person_applied:done",
            "wanghao_reserved:done",
            "wanghao_settled:done",
        ],
    ),
    ("/person/api/application", &[]),
    ("/person/api/recover", &["device_changed:done"]),
    ("/person/api/set-pin", &["pin_replaced:done"]),
    // Sessions are sealed cookies.
    ("/person/api/session", &[]),
    ("/person/api/sign-out", &[]),
    ("/person/api/receipts", &[]),
    // The first complaint of all makes the officers' key as well.
    (
        "/person/api/complain",
        &["complaint_changed:done", "inbox_note_put:done"],
    ),
    ("/person/api/complaints", &[]),
    ("/complain", &["complaint_changed:done"]),
    ("/complaints", &[]),
    ("/person/api/devices", &[]),
    ("/person/api/credential", &[]),
    ("/person/api/notices", &[]),
    ("/person/api/agree", &["consent_changed:done"]),
    ("/person/api/withdraw-agreement", &["consent_changed:done"]),
    // The platform is told: the outbox is made with its first row.
    (
        "/person/api/withdraw-consent",
        &[
            "consent_changed:done",
            "signal_queued:queued",
            "stream_changed:done",
        ],
    ),
    (
        "/person/api/request-deletion",
        &["inbox_note_put:done", "signal_queued:queued"],
    ),
    (
        "/person/api/undo-approval",
        &[
            "consent_changed:done",
            "grant_revoked:revoked",
            "signal_queued:queued",
        ],
    ),
    ("/person/api/consents", &[]),
    ("/person/api/tracking", &[]),
    ("/person/api/requests", &[]),
    ("/person/api/held", &[]),
    ("/person/api/explain", &[]),
    ("/person/api/review", &[]),
    (
        "/person/api/export",
        &["inbox_note_put:done", "pin_attempted:done"],
    ),
    ("/person/api/correct", &["document_checked:done"]),
    ("/person/api/restrict", &["wangzheng_changed:done"]),
    (
        "/person/api/unrestrict",
        &["pin_attempted:done", "wangzheng_changed:done"],
    ),
    (
        "/person/api/reissue",
        &[
            "pin_attempted:done",
            "wanghao_reissued:done",
            "wanghao_reserved:done",
            "wanghao_settled:done",
            "wanghao_settled:done",
        ],
    ),
    ("/person/api/renew", &["document_checked:done"]),
    ("/person/api/lock", &["wangzheng_changed:done"]),
    (
        "/person/api/unlock",
        &["pin_attempted:done", "wangzheng_changed:done"],
    ),
    ("/person/api/remove-device", &["device_changed:done"]),
    ("/person/api/history-wrap", &["device_changed:done"]),
    (
        "/person/api/history-begin",
        &["device_changed:done", "device_changed:done"],
    ),
    // With a cooling-off; without one the events of the person go with the person.
    (
        "/person/api/leave",
        &[
            "leave_changed:done",
            "pin_attempted:done",
            "pin_attempted:spent",
        ],
    ),
    ("/person/api/leave-cancel", &["leave_changed:done"]),
    ("/person/api/leave-receipt", &[]),
    ("/person/api/link", &["handover_changed:opened"]),
    ("/person/api/link/claim", &["handover_changed:advanced"]),
    ("/person/api/link/claimed", &[]),
    (
        "/person/api/link/confirm",
        &[
            "device_changed:done",
            "handover_changed:advanced",
            "handover_changed:advanced",
        ],
    ),
    ("/person/api/link/cancel", &["handover_changed:taken"]),
    ("/person/api/link/finish", &[]),
    ("/person/api/family", &[]),
    (
        "/person/api/refresh-guardians",
        &["guardian_link_changed:done", "guardian_link_changed:done"],
    ),
    ("/person/api/guardian-ask", &["handover_changed:opened"]),
    ("/person/api/guardian-asked", &[]),
    ("/person/api/guardian-requests", &[]),
    // A yes; a no takes the request besides, and is put into the guardian's own record.
    (
        "/person/api/guardian-decide",
        &["handover_changed:advanced"],
    ),
    ("/person/api/standing-consents", &[]),
    (
        "/person/api/withdraw-standing-consent",
        &["standing_consent_changed:done"],
    ),
    ("/person/api/reading-code", &["handover_changed:opened"]),
    ("/person/api/reading-code/state", &[]),
    ("/person/api/read-for", &["handover_changed:advanced"]),
    (
        "/staff/api/read-at-counter",
        &["handover_changed:advanced", "read_at_counter:done"],
    ),
    (
        "/operator/counter",
        &["handover_changed:advanced", "read_at_counter:done"],
    ),
    ("/person/api/guardian-code", &["handover_changed:opened"]),
    (
        "/person/api/guardian-code/device",
        &["handover_changed:opened"],
    ),
    ("/person/api/guardian-code/read", &[]),
    (
        "/person/api/guardian-code/answer",
        &["handover_changed:advanced", "inbox_note_put:done"],
    ),
    ("/person/api/guardian-code/state", &[]),
    (
        "/person/api/guardian-code/cancel",
        &["handover_changed:taken"],
    ),
    (
        "/x/open",
        &["handover_changed:opened", "handover_changed:opened"],
    ),
    ("/x/extend", &["handover_changed:advanced"]),
    ("/staff/api/challenge", &[]),
    (
        "/staff/api/sign-in",
        &["staff_attempted:spent", "staff_signed_in:done"],
    ),
    ("/staff/api/sign-out", &["staff_signed_out:done"]),
    ("/staff/api/propose", &["act_proposed:done"]),
    // And what the act itself leaves.
    (
        "/staff/api/confirm",
        &["act_decided:done", "act_done:done", "staff_changed:done"],
    ),
    (
        "/staff/api/cases",
        &[
            "case_changed:done",
            "case_changed:done",
            "complaint_changed:done",
        ],
    ),
    (
        "/staff/api/cases/{case}/link",
        &["case_changed:done", "complaint_changed:done"],
    ),
    ("/staff/api/cases/{case}/take", &["case_changed:done"]),
    ("/staff/api/cases/{case}/note", &["case_changed:done"]),
    ("/staff/api/cases/{case}/measure", &["case_changed:done"]),
    (
        "/staff/api/cases/{case}/close",
        &[
            "case_changed:done",
            "complaint_changed:done",
            "inbox_note_put:done",
        ],
    ),
    ("/staff/api/cases/{case}/evidence", &["case_changed:done"]),
    ("/staff/api/legal-requests", &["legal_request_changed:done"]),
    (
        "/staff/api/legal-requests/{request}/take",
        &["legal_request_changed:done"],
    ),
    ("/staff/api/decline", &["act_decided:done"]),
    ("/staff/api/submit", &["submission_changed:done"]),
    ("/staff/api/review", &["submission_changed:done"]),
    ("/staff/api/find-subject", &["subject_sought:done"]),
    (
        "/staff/api/look",
        &["person_looked_at:done", "record_opened:done"],
    ),
    ("/operator/review", &["submission_changed:done"]),
    ("/operator/persons", &["subject_sought:done"]),
    (
        "/operator/look",
        &["person_looked_at:done", "record_opened:done"],
    ),
    ("/platform/registration", &["submission_changed:done"]),
    ("/platform/scenario", &["submission_changed:done"]),
    ("/platform/withdrawals", &["signal_confirmed:confirmed"]),
    ("/operator/incidents", &["incident_changed:done"]),
    ("/operator/incidents/{id}", &["incident_changed:done"]),
    ("/operator/notices/{id}", &[]),
    ("/operator/exceptions", &[]),
    // And one `inbox_note_put` for each notice that waited.
    ("/operator/deferrals", &["deferral_changed:done"]),
    // Into a new case.
    (
        "/operator/complaints/{number}",
        &[
            "case_changed:done",
            "case_changed:done",
            "complaint_changed:done",
        ],
    ),
    // Closing, with one complaint.
    (
        "/operator/complaints/cases/{case}",
        &[
            "case_changed:done",
            "complaint_changed:done",
            "inbox_note_put:done",
        ],
    ),
    ("/operator/legal-requests", &["legal_request_changed:done"]),
    (
        "/operator/legal-requests/{request}",
        &["legal_request_changed:done"],
    ),
    ("/staff/api/incidents", &["incident_changed:done"]),
    ("/staff/api/incidents/{id}", &["incident_changed:done"]),
    ("/staff/api/notices/preview", &[]),
    // And one `inbox_note_put` for each notice that waited.
    ("/staff/api/deferrals/lift", &["deferral_changed:done"]),
    // And one `inbox_note_put` for each person named.
    ("/oauth/incident", &["incident_changed:done"]),
    // Pages: what is known so far travels sealed in the form, settings in a cookie.
    ("/scan", &[]),
    ("/settings", &[]),
    ("/apply/consent", &[]),
    ("/apply/document", &[]),
    ("/apply/read", &[]),
    ("/apply/face", &[]),
    ("/apply/pin", &[]),
    ("/recover/document/consent", &[]),
    ("/recover/document/document", &[]),
    ("/recover/document/read", &[]),
    ("/recover/document/face", &[]),
    ("/me/document/renew/consent", &[]),
    ("/me/document/renew/document", &[]),
    ("/me/document/renew/read", &[]),
    ("/me/pin/consent", &[]),
    ("/me/pin/document", &[]),
    ("/me/pin/read", &[]),
    ("/me/pin/pin", &[]),
];

/// The events of a call.
pub(super) fn leaves(path: &str) -> Vec<String> {
    let (_, events) = LEAVES
        .iter()
        .find(|(listed, _)| *listed == path)
        .expect("a row");
    events.iter().map(|event| (*event).to_owned()).collect()
}
