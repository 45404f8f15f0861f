//! The client against a service played by the test, which lies in one place at a time.

use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use crypto::{Curve, SignatureAlgorithm, random::SeededRandom};
use identity::clock::{SystemClock, Timestamp};
use jose::{
    jwk::{Jwk, JwkSet},
    jws::{Header, LocalSigner, Unverified, sign_compact},
};
use openid::Form;
use serde_json::json;
use tokio::net::TcpListener;

use super::*;
use crate::wallet::http;

const CLIENT: &str = "demo-forum";
const REDIRECT: &str = "http://127.0.0.1:8081/forum/callback";

/// Where the played service lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lie {
    Nowhere,
    Discovery,
    Refuses,
    IdTokenNonce,
    Scenario,
    Result,
    ReceiptSubject,
    ReceiptAudience,
    ReceiptType,
    ReceiptKey,
}

struct Played {
    lie: Lie,
    issuer: String,
    key: PrivateKey,
    other: PrivateKey,
    /// The form of the pushed request.
    pushed: Mutex<Vec<u8>>,
}

fn key(seed: u64) -> PrivateKey {
    PrivateKey::generate(Curve::P256, &SeededRandom::new(seed)).unwrap()
}

async fn play(lie: Lie) -> Arc<Played> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let played = Arc::new(Played {
        lie,
        issuer,
        key: key(1),
        other: key(2),
        pushed: Mutex::default(),
    });
    let router = Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/jwks", get(jwks))
        .route("/par", post(par))
        .route("/token", post(token))
        .with_state(played.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    played
}

async fn discovery(State(played): State<Arc<Played>>) -> Json<Value> {
    let issuer = &played.issuer;
    let named = if played.lie == Lie::Discovery {
        "http://evil.example"
    } else {
        issuer
    };
    Json(json!({
        "issuer": named,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "pushed_authorization_request_endpoint": format!("{issuer}/par"),
        "jwks_uri": format!("{issuer}/jwks"),
    }))
}

async fn jwks(State(played): State<Arc<Played>>) -> Json<JwkSet> {
    let jwk = Jwk::verifying(played.key.public(), "key-1", SignatureAlgorithm::Es256);
    Json(JwkSet { keys: vec![jwk] })
}

async fn par(State(played): State<Arc<Played>>, body: Bytes) -> Response {
    if played.lie == Lie::Refuses {
        let error = json!({
            "error": "invalid_authorization_details",
            "error_description": "R8.2: an attribute lies outside the approved scenario",
        });
        return (StatusCode::BAD_REQUEST, Json(error)).into_response();
    }
    *played.pushed.lock().unwrap() = body.to_vec();
    let answer = json!({ "request_uri": "urn:ietf:params:oauth:request_uri:x", "expires_in": 60 });
    (StatusCode::CREATED, Json(answer)).into_response()
}

async fn token(State(played): State<Arc<Played>>, headers: HeaderMap, body: Bytes) -> Json<Value> {
    assert!(
        headers.get("authorization").is_none(),
        "a key, not a secret"
    );
    let (asked, form) = (
        played.pushed.lock().unwrap().clone(),
        Form::parse(&body).unwrap(),
    );
    let asked = Form::parse(&asked).unwrap();
    assert_eq!(form.text("redirect_uri"), Some(REDIRECT));
    let now = SystemClock.now().0;
    let lie = played.lie;
    let pick =
        |lied: bool, truth: &str, untruth: &str| if lied { untruth } else { truth }.to_owned();
    let id_token = json!({
        "iss": played.issuer, "sub": "pairwise", "aud": CLIENT, "iat": now, "exp": now + 300, "auth_time": now,
        "nonce": pick(lie == Lie::IdTokenNonce, asked.text("nonce").unwrap(), "another"),
        "acr": "urn:wangzheng:mode:wz", "amr": ["pop"],
    });
    let receipt = json!({
        "iss": played.issuer,
        "sub": pick(lie == Lie::ReceiptSubject, "pairwise", "somebody else"),
        "aud": pick(lie == Lie::ReceiptAudience, CLIENT, "demo-game"),
        "scenario": "account-registration", "result": "pass",
    });
    let typ = pick(lie == Lie::ReceiptType, "wz-receipt+jwt", "JWT");
    let signer = if lie == Lie::ReceiptKey {
        &played.other
    } else {
        &played.key
    };
    Json(json!({
        "access_token": "opaque", "token_type": "Bearer", "expires_in": 300, "scope": "openid",
        "id_token": sign("JWT", &id_token, &played.key),
        "authorization_details": [{
            "type": "identity_verification",
            "scenario": pick(lie == Lie::Scenario, "account-registration", "sign-in"),
            "result": pick(lie == Lie::Result, "pass", "fail"),
            "receipt": sign(&typ, &receipt, signer),
            "further_plaintext": "prohibited",
        }],
    }))
}

fn sign(typ: &str, claims: &Value, key: &PrivateKey) -> String {
    let signer = LocalSigner::new(key.clone(), Some("key-1"));
    sign_compact(Header::typ(typ), claims.to_string().as_bytes(), &signer).unwrap()
}

fn forum(issuer: &str, seed: u64) -> RelyingParty {
    let registration = Registration {
        issuer: issuer.to_owned(),
        client_id: CLIENT.to_owned(),
        redirect_uri: REDIRECT.to_owned(),
        authentication: Authentication::Key {
            key: key(3),
            key_id: Some("forum-1".to_owned()),
        },
        decryption_key: None,
    };
    let random = Arc::new(SeededRandom::new(seed));
    RelyingParty::new(
        registration,
        http::client().unwrap(),
        Arc::new(SystemClock),
        random,
    )
}

fn wish() -> Wish {
    Pending::sample("").wish
}

async fn verify(lie: Lie) -> (Result<Verified, NoResult>, Trace) {
    let played = play(lie).await;
    let forum = forum(&played.issuer, 4);
    let mut started = match forum.start(wish()).await {
        Ok(started) => started,
        Err(refused) => return (Err(refused.reason), refused.trace),
    };
    let issuer = Form::encode([("iss", played.issuer.as_str())]);
    let query = format!("code=c&state={}&{issuer}", started.pending.state);
    let result = forum.finish(&mut started.pending, &query).await;
    (result, started.pending.trace)
}

#[tokio::test]
async fn an_honest_answer_is_believed_and_every_byte_is_kept() {
    let (result, trace) = verify(Lie::Nowhere).await;
    let verified = result.unwrap();
    assert_eq!(verified.id_token.subject, "pairwise");
    assert_eq!(verified.receipt["scenario"], "account-registration");
    let kinds: Vec<What> = trace.0.iter().map(|received| received.what).collect();
    assert_eq!(
        kinds,
        [What::PushedRequest, What::Callback, What::TokenResponse]
    );
    assert!(
        trace
            .find(What::TokenResponse)
            .unwrap()
            .contains("further_plaintext")
    );
}

#[tokio::test]
async fn a_lie_in_any_place_is_found() {
    for (lie, expected) in [
        (Lie::Discovery, Distrust::Issuer),
        (Lie::IdTokenNonce, Distrust::Nonce),
        (Lie::Scenario, Distrust::Result),
        (Lie::Result, Distrust::Result),
        (Lie::ReceiptSubject, Distrust::Receipt),
        (Lie::ReceiptAudience, Distrust::Receipt),
        (Lie::ReceiptType, Distrust::Receipt),
        (Lie::ReceiptKey, Distrust::Receipt),
    ] {
        assert_eq!(verify(lie).await.0, Err(expected.into()), "{lie:?}");
    }
}

/// R8.2: who asks for too much hears it at once, and the page can show what it heard.
#[tokio::test]
async fn r8_2_a_refused_request_names_its_error() {
    let (result, trace) = verify(Lie::Refuses).await;
    assert_eq!(
        result,
        Err(NoResult::Error(
            "invalid_authorization_details · R8.2: an attribute lies outside the approved scenario"
                .to_owned()
        ))
    );
    assert!(
        trace
            .find(What::PushedRequest)
            .unwrap()
            .contains("invalid_authorization_details")
    );
}

#[tokio::test]
async fn nobody_there_is_no_refusal() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let refused = forum(&issuer, 5).start(wish()).await.unwrap_err();
    assert_eq!(refused.reason, NoResult::Unreachable);
}

/// RFC 7523 §3, FAPI 2.0 §5.3.2.1: made out to the issuer, short, new each time; PKCE S256; nothing but the scenario.
#[tokio::test]
async fn the_request_is_signed_and_holds_what_was_reviewed() {
    let played = play(Lie::Nowhere).await;
    let client = forum(&played.issuer, 6);
    let started = client.start(wish()).await.unwrap();
    assert_eq!(
        started.address,
        format!(
            "{}/authorize?{}",
            played.issuer,
            Form::encode([
                ("client_id", CLIENT),
                ("request_uri", "urn:ietf:params:oauth:request_uri:x")
            ])
        )
    );
    let first = played.pushed.lock().unwrap().clone();
    let form = Form::parse(&first).unwrap();
    assert_eq!(form.text("code_challenge_method"), Some("S256"));
    assert_eq!(
        form.text("authorization_details"),
        Some(r#"[{"scenario":"account-registration","type":"identity_verification"}]"#)
    );
    let claims = |form: &Form| {
        let assertion = form.text("client_assertion").unwrap();
        let verified = Unverified::parse(assertion)
            .unwrap()
            .verify(key(3).public())
            .unwrap();
        verified.claims::<Value>().unwrap().into_inner()
    };
    let assertion = claims(&form);
    assert_eq!(
        (&assertion["iss"], &assertion["sub"]),
        (&json!(CLIENT), &json!(CLIENT))
    );
    assert_eq!(assertion["aud"], json!(played.issuer));
    let life = assertion["exp"].as_i64().unwrap() - assertion["iat"].as_i64().unwrap();
    assert!(
        (1..=60).contains(&life)
            && Timestamp(assertion["iat"].as_i64().unwrap()) <= SystemClock.now()
    );
    client.start(wish()).await.unwrap();
    let second = played.pushed.lock().unwrap().clone();
    assert_ne!(
        claims(&Form::parse(&second).unwrap())["jti"],
        assertion["jti"]
    );
}
