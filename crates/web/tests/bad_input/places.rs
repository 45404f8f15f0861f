//! What is not in a body: paths, queries, headers, cookies, and the size of everything.

use base64ct::{Base64, Encoding};
use http::Method;
use proptest::prelude::*;
use testkit::{Call, Fields, World};

use super::answers::{self, Form};
use super::spoil::{any_spoil, text};
use super::{get, property};

/// A part of a path as a browser would send it.
fn encoded(text: &str) -> String {
    let query = Fields::of(&[("x", text)]).encode();
    query.trim_start_matches("x=").to_owned()
}

#[test]
fn every_part_of_a_path() {
    let places = prop::sample::select(vec![
        "/x/",
        "/x/status/",
        "/x/qr/",
        "/show/",
        "/result/",
        "/history/",
        "/log/tile/",
        "/log/tile/0/",
        "/static/",
        "/person/api/",
        "/oauth/",
        "/",
    ]);
    property(
        600,
        (places, text(), any::<bool>()),
        |town, (place, text, json)| async move {
            let mut part = encoded(&text);
            part.truncate(6000);
            let accept = if json {
                "application/json"
            } else {
                "text/html"
            };
            let call = Call::get(format!("{place}{part}")).header("accept", accept);
            town.judge(call, Form::Page).await;
        },
    );
}

/// Bytes that are no text in any encoding, and paths that climb.
#[tokio::test]
async fn a_path_that_is_no_text() {
    let world = World::new().await;
    for place in [
        "/x/",
        "/x/status/",
        "/x/qr/",
        "/show/",
        "/result/",
        "/history/",
        "/log/tile/",
        "/static/",
    ] {
        for part in ["%ff", "%00", "%c3%28", "..%2f..%2fetc", "%", "%zz", "a%2fb"] {
            let answer = world.send(Call::get(format!("{place}{part}"))).await;
            answers::check(&answer, Form::Page, &format!("{place}{part}"));
        }
    }
}

#[test]
fn every_query_of_the_log_and_the_notices() {
    property(200, any_spoil(), |town, spoil| async move {
        let commitment = town
            .pool
            .iter()
            .find(|text| text.len() == 43)
            .cloned()
            .unwrap_or_default();
        let proof = spoil
            .form(&Fields::of(&[("commitment", &commitment)]), &town.pool)
            .call
            .encode();
        let notice = Fields::of(&[("kind", "apply"), ("language", "en")]);
        let notice = spoil.form(&notice, &town.pool).call.encode();
        let targets = [
            format!("/log/proof?{proof}"),
            format!("/person/api/notice?{notice}"),
        ];
        for call in targets.into_iter().filter_map(get) {
            town.judge(call, Form::Api).await;
        }
    });
}

/// A header may hold any byte but control characters.
fn header_bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop_oneof![9 => 0x20..0x7f_u8, 1 => 0x80..=0xff_u8], 0..600)
}

#[test]
fn every_header_that_is_read() {
    let schemes = prop::sample::select(vec![
        "", "Basic ", "basic", "Bearer ", "DPoP ", "Bearer  ", "Basic ==",
    ]);
    property(
        400,
        (schemes, header_bytes()),
        |town, (scheme, bytes)| async move {
            let value = [scheme.as_bytes(), &bytes].concat();
            let trimmed = value.trim_ascii();
            let fields = town.lab.request_for("").fields;
            town.judge(
                Call::post("/oauth/par")
                    .form(&fields)
                    .header("authorization", trimmed),
                Form::OAuth,
            )
            .await;
            town.judge(
                Call::get("/oauth/userinfo").header("authorization", trimmed),
                Form::Bearer,
            )
            .await;
            let cookies = [
                b"wz_session=".as_slice(),
                trimmed,
                b"; wz_bind=",
                trimmed,
                b"; wz_display=",
                trimmed,
            ]
            .concat();
            for (name, value) in [
                ("cookie", cookies.as_slice()),
                ("accept-language", trimmed),
                ("accept", trimmed),
                ("user-agent", trimmed),
                ("sec-fetch-site", trimmed),
                ("origin", trimmed),
            ] {
                town.judge(Call::get("/").header(name, value), Form::Page)
                    .await;
                town.judge(
                    Call::post("/settings")
                        .form(&Fields::default())
                        .header(name, value),
                    Form::Page,
                )
                .await;
            }
            let call = Call::post("/oauth/token").header("content-type", trimmed);
            town.judge(call, Form::OAuth).await;
        },
    );
}

/// Whatever the credentials, they are not somebody's.
#[test]
fn every_secret_and_every_token() {
    property(300, any_spoil(), |town, spoil| async move {
        let id = spoil.text("app-lab", &town.pool);
        let secret = spoil.text(town.lab.secret(), &town.pool);
        for pair in [
            format!("{id}:{}", town.lab.secret()),
            format!("app-lab:{secret}"),
        ] {
            let credentials = format!("Basic {}", Base64::encode_string(pair.as_bytes()));
            let call = Call::post("/oauth/par").form(&town.lab.request_for("").fields);
            town.judge(call.header("authorization", credentials), Form::OAuth)
                .await;
        }
        let redirect = town.person.approves(&town.forum.requests("").await).await;
        let verified = town.forum.redeems(&redirect).await;
        let token = encoded(&spoil.text(verified.access_token(), &town.pool));
        let call = Call::get("/oauth/userinfo").header("authorization", format!("Bearer {token}"));
        town.judge(call, Form::Bearer).await;
    });
}

/// A body of more than 64 KiB is refused, in the form of the endpoint.
#[tokio::test]
async fn a_body_is_at_most_64_kib() {
    let world = World::new().await;
    let (written, events) = (world.written(), world.event_count().await);
    let large = "x".repeat(64 * 1024 + 1);
    let form = format!("client_id={large}");
    let json = format!("{{\"statement\":\"{large}\"}}");
    for (path, form_of_answer) in [
        ("/oauth/par", Form::OAuth),
        ("/oauth/token", Form::OAuth),
        ("/sm/oauth/par", Form::OAuth),
        ("/sm/oauth/token", Form::OAuth),
    ] {
        let call = Call::post(path).body("application/x-www-form-urlencoded", form.clone());
        let answer = world.send(call).await;
        answers::check(&answer, form_of_answer, path);
        assert!(answer.status >= 400, "{path}");
    }
    for path in [
        "/oauth/decide",
        "/person/api/apply",
        "/person/api/recover",
        "/person/api/set-pin",
        "/person/api/session",
        "/person/api/receipts",
        "/person/api/lock",
        "/person/api/link",
        "/person/api/link/claim",
        "/x/open",
        "/x/extend",
    ] {
        let answer = world
            .send(Call::post(path).body("application/json", json.clone()))
            .await;
        answers::check(&answer, Form::Api, path);
        assert!(answer.status >= 400, "{path}");
    }
    for path in ["/apply/consent", "/settings", "/scan"] {
        let call = Call::post(path).body("application/x-www-form-urlencoded", form.clone());
        let answer = world
            .send(call.header("sec-fetch-site", "same-origin"))
            .await;
        answers::check(&answer, Form::Page, path);
        assert!(answer.status >= 400, "{path}");
    }
    assert_eq!(
        (world.written(), world.event_count().await),
        (written, events)
    );
}

/// A method a route does not have is 405 with `Allow` (RFC 9110 §15.5.6).
#[tokio::test]
async fn another_method_is_not_allowed() {
    let world = World::new().await;
    for (method, path) in [
        (Method::GET, "/oauth/par"),
        (Method::GET, "/oauth/token"),
        (Method::PUT, "/oauth/token"),
        (Method::POST, "/oauth/jwks"),
        (Method::DELETE, "/person/api/apply"),
        (Method::GET, "/oauth/decide"),
        (Method::POST, "/log/checkpoint"),
    ] {
        let answer = world.send(Call::of(method.clone(), path)).await;
        assert_eq!(answer.status, 405, "{method} {path}");
        assert!(!answer.header("allow").is_empty(), "{method} {path}");
    }
}
