//! One row for each route: who may call it, and what a stranger sees.

/// Who a call is for, and by what that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// Everybody: what is public, or shows nothing of anyone.
    Anyone,
    /// A platform, by its key or secret.
    Platform,
    /// The bearer of an access token.
    Bearer,
    /// A device of a person, by a statement it signs.
    Device,
    /// A device that is nobody's yet, by a statement with its own key, and a document or a code.
    NewDevice,
    /// A signed-in person, by the session cookie.
    Person,
    /// One of our own pages (CSRF: `Sec-Fetch-Site` or `Origin`).
    OwnPage,
    /// The browser that opened a hand-off, by its cookie.
    Screen,
}

/// What a stranger sees who brings nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stranger {
    /// The same as everybody, of this media type.
    Sees(&'static str),
    /// The page that lets a device sign in silently, or leads to applying.
    MustOpenTheWallet,
    /// Another address.
    Goes(&'static str),
    /// OAuth JSON.
    OAuthError(u16, &'static str),
    /// A problem document.
    Problem(u16, &'static str),
    /// A page that says what is wrong.
    Page(u16),
    /// RFC 6750 §3.
    Challenge,
}

/// A route.
pub(super) struct Row {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) who: Who,
    pub(super) stranger: Stranger,
}

const fn row(method: &'static str, path: &'static str, who: Who, stranger: Stranger) -> Row {
    Row {
        method,
        path,
        who,
        stranger,
    }
}

use Stranger::{Challenge, Goes, MustOpenTheWallet, OAuthError, Page, Problem, Sees};
use Who::{Anyone, Bearer, Device, NewDevice, OwnPage, Person, Platform, Screen};

const JSON: Stranger = Sees("application/json");
const HTML: Stranger = Sees("text/html");
const TEXT: Stranger = Sees("text/plain");
const NOT_FOUND: Stranger = Problem(404, "not_found");
const MALFORMED: Stranger = Problem(400, "malformed");
const NO_CLIENT: Stranger = OAuthError(401, "invalid_client");

pub(super) const ROWS: &[Row] = &[
    // Both issuers.
    row("GET", "/.well-known/openid-configuration", Anyone, JSON),
    row("GET", "/sm/.well-known/openid-configuration", Anyone, JSON),
    row(
        "GET",
        "/.well-known/oauth-authorization-server",
        Anyone,
        JSON,
    ),
    row(
        "GET",
        "/.well-known/oauth-authorization-server/sm",
        Anyone,
        JSON,
    ),
    row("GET", "/oauth/jwks", Anyone, JSON),
    row("GET", "/sm/oauth/jwks", Anyone, JSON),
    row("POST", "/oauth/par", Platform, NO_CLIENT),
    row("POST", "/sm/oauth/par", Platform, NO_CLIENT),
    row("POST", "/oauth/token", Platform, NO_CLIENT),
    row("POST", "/sm/oauth/token", Platform, NO_CLIENT),
    row("GET", "/oauth/authorize", Anyone, Page(400)),
    row("GET", "/sm/oauth/authorize", Anyone, Page(400)),
    row("GET", "/oauth/userinfo", Bearer, Challenge),
    row("GET", "/sm/oauth/userinfo", Bearer, Challenge),
    row("POST", "/oauth/userinfo", Bearer, Challenge),
    row("POST", "/sm/oauth/userinfo", Bearer, Challenge),
    row("POST", "/oauth/decide", Device, MALFORMED),
    row("POST", "/sm/oauth/decide", Device, MALFORMED),
    row("GET", "/oauth/other", Anyone, Page(400)),
    row("GET", "/sm/oauth/other", Anyone, Page(400)),
    // A person's devices.
    row("GET", "/.well-known/wangzheng-keys", Anyone, JSON),
    row("GET", "/person/api/notice", Anyone, JSON),
    row("POST", "/person/api/apply", NewDevice, MALFORMED),
    row("POST", "/person/api/recover", NewDevice, MALFORMED),
    row("POST", "/person/api/set-pin", Device, MALFORMED),
    row("POST", "/person/api/session", Device, MALFORMED),
    row("POST", "/person/api/sign-out", Anyone, JSON),
    row("POST", "/person/api/receipts", Device, MALFORMED),
    row("POST", "/person/api/lock", Device, MALFORMED),
    row("POST", "/person/api/unlock", Device, MALFORMED),
    row("POST", "/person/api/devices", Device, MALFORMED),
    row("POST", "/person/api/remove-device", Device, MALFORMED),
    row("POST", "/person/api/history-wrap", Device, MALFORMED),
    row("POST", "/person/api/history-begin", Device, MALFORMED),
    row("POST", "/person/api/credential", Device, MALFORMED),
    row("POST", "/person/api/link", Device, MALFORMED),
    row("POST", "/person/api/link/claim", NewDevice, MALFORMED),
    row("POST", "/person/api/link/claimed", Device, MALFORMED),
    row("POST", "/person/api/link/confirm", Device, MALFORMED),
    row("POST", "/person/api/link/cancel", Device, MALFORMED),
    row("POST", "/person/api/link/finish", NewDevice, MALFORMED),
    // A person's pages.
    row("GET", "/", Anyone, HTML),
    row("GET", "/requests", Person, MustOpenTheWallet),
    row("GET", "/history", Person, MustOpenTheWallet),
    row("GET", "/history/{id}", Person, MustOpenTheWallet),
    row("GET", "/me", Person, MustOpenTheWallet),
    row("GET", "/me/lock", Person, MustOpenTheWallet),
    row("GET", "/me/devices", Person, MustOpenTheWallet),
    row("GET", "/result/{name}", Anyone, Page(404)),
    row("GET", "/offline", Anyone, HTML),
    row("GET", "/show", Person, MustOpenTheWallet),
    row("GET", "/show/code.svg", Person, NOT_FOUND),
    row("GET", "/show/{token}", Anyone, HTML),
    row("GET", "/scan", Person, MustOpenTheWallet),
    row("POST", "/scan", OwnPage, Page(400)),
    row("GET", "/settings", Anyone, HTML),
    row("POST", "/settings", OwnPage, Page(400)),
    row("GET", "/recover", Anyone, HTML),
    row("GET", "/recover/link", Anyone, HTML),
    row("GET", "/static/{*name}", Anyone, NOT_FOUND),
    row("GET", "/sw.js", Anyone, Sees("text/javascript")),
    // Applying, recovery and a new 口令, page by page.
    row("GET", "/apply", Anyone, HTML),
    row("GET", "/apply/consent", Anyone, Goes("/apply")),
    row("POST", "/apply/consent", OwnPage, Page(400)),
    row("GET", "/apply/document", Anyone, Goes("/apply")),
    row("POST", "/apply/document", OwnPage, Page(400)),
    row("GET", "/apply/read", Anyone, Goes("/apply")),
    row("POST", "/apply/read", OwnPage, Page(400)),
    row("GET", "/apply/face", Anyone, Goes("/apply")),
    row("POST", "/apply/face", OwnPage, Page(400)),
    row("GET", "/apply/pin", Anyone, Goes("/apply")),
    row("POST", "/apply/pin", OwnPage, Page(400)),
    row("GET", "/apply/done", Anyone, HTML),
    row("GET", "/recover/document", Anyone, HTML),
    row(
        "GET",
        "/recover/document/consent",
        Anyone,
        Goes("/recover/document"),
    ),
    row("POST", "/recover/document/consent", OwnPage, Page(400)),
    row(
        "GET",
        "/recover/document/document",
        Anyone,
        Goes("/recover/document"),
    ),
    row("POST", "/recover/document/document", OwnPage, Page(400)),
    row(
        "GET",
        "/recover/document/read",
        Anyone,
        Goes("/recover/document"),
    ),
    row("POST", "/recover/document/read", OwnPage, Page(400)),
    row(
        "GET",
        "/recover/document/face",
        Anyone,
        Goes("/recover/document"),
    ),
    row("POST", "/recover/document/face", OwnPage, Page(400)),
    row("GET", "/recover/done", Anyone, HTML),
    row("GET", "/me/pin", Person, MustOpenTheWallet),
    row("GET", "/me/pin/consent", Anyone, Goes("/me/pin")),
    row("POST", "/me/pin/consent", OwnPage, Page(400)),
    row("GET", "/me/pin/document", Anyone, Goes("/me/pin")),
    row("POST", "/me/pin/document", OwnPage, Page(400)),
    row("GET", "/me/pin/read", Anyone, Goes("/me/pin")),
    row("POST", "/me/pin/read", OwnPage, Page(400)),
    row("GET", "/me/pin/pin", Anyone, Goes("/me/pin")),
    row("POST", "/me/pin/pin", OwnPage, Page(400)),
    // A request on another screen (H2).
    row("POST", "/x/open", OwnPage, Page(400)),
    row("GET", "/x/wait", Screen, Page(410)),
    row("POST", "/x/extend", Screen, Page(400)),
    row("GET", "/x/status/{session}", Screen, NOT_FOUND),
    row("GET", "/x/qr/{image}", Screen, NOT_FOUND),
    row("GET", "/x/{payload}", Anyone, Page(400)),
    // The public log.
    row("GET", "/log/checkpoint", Anyone, NOT_FOUND),
    row("GET", "/log/tile/{*address}", Anyone, NOT_FOUND),
    row("GET", "/log/proof", Anyone, MALFORMED),
    row("GET", "/log/keys", Anyone, JSON),
    // Operations.
    row("GET", "/healthz", Anyone, TEXT),
    row("GET", "/readyz", Anyone, TEXT),
];
