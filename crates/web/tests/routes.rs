//! Every route has a row in [`table`]: who may call it, and what a stranger sees (design: coverage tables).
//!
//! Paths are read from the sources, existence and methods are asked of the router itself. A new route without a row
//! fails here; so does a row without a route.

use std::collections::BTreeSet;

use http::Method;
use testkit::{Answer, Call, World};

mod source;
mod table;

use table::{ROWS, Row, Stranger};

/// The paths that take a `POST`, once for both issuers.
pub(crate) fn posting_paths() -> BTreeSet<String> {
    let posting = ROWS.iter().filter(|row| row.method == "POST");
    posting
        .map(|row| row.path.trim_start_matches("/sm").to_owned())
        .collect()
}

/// Every pattern of a route.
pub(crate) fn known_patterns() -> BTreeSet<&'static str> {
    ROWS.iter().map(|row| row.path).collect()
}

/// A path with its parameters filled in.
fn sample(path: &str) -> String {
    path.split('/')
        .map(|part| {
            if part.starts_with('{') {
                "nothing"
            } else {
                part
            }
        })
        .collect::<Vec<_>>()
        .join("/")
}

/// The methods a path answers to, from `Allow` (RFC 9110 §15.5.6); empty when there is no such route.
async fn methods(world: &World, path: &str) -> BTreeSet<String> {
    // A method that no route has.
    let probe = Method::from_bytes(b"PROBE").unwrap();
    let answer = world.send(Call::of(probe, sample(path))).await;
    if answer.status != 405 {
        assert_eq!(answer.status, 404, "{path}");
        return BTreeSet::new();
    }
    let allowed = answer
        .header("allow")
        .split(',')
        .map(|method| method.trim().to_owned());
    allowed.filter(|method| method != "HEAD").collect()
}

#[tokio::test]
async fn every_route_has_its_row_and_every_row_its_route() {
    let world = World::new().await;
    let mut found = BTreeSet::new();
    for path in source::paths() {
        for method in methods(&world, &path).await {
            found.insert((path.clone(), method));
        }
    }
    assert!(found.len() > 30, "the sources were read");
    let rows: BTreeSet<_> = ROWS
        .iter()
        .map(|row| (row.path.to_owned(), row.method.to_owned()))
        .collect();
    assert_eq!(rows.len(), ROWS.len(), "no row twice");
    let without_row: Vec<_> = found.difference(&rows).collect();
    assert!(
        without_row.is_empty(),
        "routes without a row in tests/routes/table.rs: {without_row:?}"
    );
    let without_route: Vec<_> = rows.difference(&found).collect();
    assert!(
        without_route.is_empty(),
        "rows without a route: {without_route:?}"
    );
}

/// A stranger brings nothing: no cookie, no key, no secret, an empty body.
#[tokio::test]
async fn a_stranger_sees_what_the_table_says() {
    let world = World::new().await;
    let events = world.event_count().await;
    for row in ROWS {
        let answer = world.send(as_stranger(row)).await;
        let line = format!("{} {} ({:?})", row.method, row.path, row.who);
        assert!(answer.status < 500, "{line}: {}", answer.status);
        check(row.stranger, &answer, &line);
    }
    assert_eq!(
        world.event_count().await,
        events,
        "a stranger leaves no mark"
    );
}

fn as_stranger(row: &Row) -> Call {
    let method = Method::from_bytes(row.method.as_bytes()).unwrap();
    let call = Call::of(method, sample(row.path));
    match row.method {
        "POST" if row.path.contains("/oauth/") && !row.path.ends_with("decide") => {
            call.body("application/x-www-form-urlencoded", "")
        }
        "POST" if row.path.contains("/api/") || row.path.ends_with("decide") => {
            call.body("application/json", "{}")
        }
        "POST" => call.body("application/x-www-form-urlencoded", ""),
        _ => call,
    }
}

fn check(expected: Stranger, answer: &Answer, line: &str) {
    let media_type = answer.header("content-type");
    match expected {
        Stranger::Sees(starts) => {
            assert_eq!(answer.status, 200, "{line}");
            assert!(media_type.starts_with(starts), "{line}: {media_type}");
        }
        Stranger::MustOpenTheWallet => {
            assert_eq!(answer.status, 200, "{line}");
            let body = String::from_utf8_lossy(&answer.body);

            assert!(
                body.contains(OPEN_WALLET),
                "{line}: not the page that signs in"
            );
        }
        Stranger::MustSignIn => {
            assert_eq!(answer.status, 200, "{line}");
            let body = String::from_utf8_lossy(&answer.body);
            assert!(
                body.contains("id=\"staff-sign-in\""),
                "{line}: not the page where staff sign in"
            );
        }
        Stranger::Goes(address) => {
            assert_eq!(answer.status, 303, "{line}");
            assert_eq!(answer.location(), Some(address), "{line}");
        }
        Stranger::OAuthError(status, code) => {
            assert_eq!(answer.outcome(), (status, code.to_owned()), "{line}");
            assert!(
                media_type.starts_with("application/json"),
                "{line}: {media_type}"
            );
        }
        Stranger::Problem(status, code) => {
            assert_eq!(answer.outcome(), (status, code.to_owned()), "{line}");
            assert_eq!(media_type, "application/problem+json", "{line}");
        }
        Stranger::Page(status) => {
            assert_eq!(answer.status, status, "{line}");
            assert!(media_type.starts_with("text/html"), "{line}: {media_type}");
        }
        Stranger::Challenge => {
            assert_eq!(answer.status, 401, "{line}");
            assert!(
                answer.header("www-authenticate").starts_with("Bearer"),
                "{line}"
            );
        }
    }
}

/// In the page that lets the wallet sign in, and in no other.
const OPEN_WALLET: &str = "id=\"opening\"";
