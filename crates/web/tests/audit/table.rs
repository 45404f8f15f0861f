//! What each call leaves when it succeeds; an empty list: it stores nothing.

/// Path and events, by `event:outcome`. Of several ways a call can go, the one that changes most.
pub(super) const LEAVES: &[(&str, &[&str])] = &[
    // Sealed values: nothing is stored until the person decides.
    ("/oauth/par", &[]),
    ("/oauth/token", &["verified:fresh"]),
    ("/oauth/userinfo", &[]),
    ("/oauth/decide", &["request_taken:taken"]),
    (
        "/person/api/apply",
        &[
            "person_applied:done",
            "wanghao_reserved:done",
            "wanghao_settled:done",
        ],
    ),
    ("/person/api/recover", &["device_changed:done"]),
    ("/person/api/set-pin", &["pin_replaced:done"]),
    // Sessions are sealed cookies.
    ("/person/api/session", &[]),
    ("/person/api/sign-out", &[]),
    ("/person/api/receipts", &[]),
    ("/person/api/devices", &[]),
    ("/person/api/credential", &[]),
    ("/person/api/lock", &["wangzheng_changed:done"]),
    (
        "/person/api/unlock",
        &[
            "pin_attempted:done",
            "pin_attempted:spent",
            "wangzheng_changed:done",
        ],
    ),
    ("/person/api/remove-device", &["device_changed:done"]),
    ("/person/api/history-wrap", &["device_changed:done"]),
    (
        "/person/api/history-begin",
        &["device_changed:done", "device_changed:done"],
    ),
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
    (
        "/x/open",
        &["handover_changed:opened", "handover_changed:opened"],
    ),
    ("/x/extend", &["handover_changed:advanced"]),
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
