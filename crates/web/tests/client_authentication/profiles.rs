//! What the two profiles take (design §5).

use base64ct::Encoding;
use testkit::{Call, World};

use super::{push_with, refuses};

/// Design §5 Profiles: `simple` takes issuer, token or PAR endpoint as audience; `fapi` no secret.
#[tokio::test]
async fn the_profiles_differ_in_audience_and_secret() {
    let world = World::new().await;
    let lab = world.lab().with_key();
    for audience in [
        "https://wz.example",
        "https://wz.example/oauth/token",
        "https://wz.example/oauth/par",
    ] {
        assert_eq!(
            push_with(&lab, &lab.assertion().with("aud", audience).sign())
                .await
                .0,
            201,
            "{audience}"
        );
    }
    refuses(
        &lab,
        "another endpoint",
        &lab.assertion()
            .with("aud", "https://wz.example/oauth/jwks")
            .sign(),
    )
    .await;

    let basic = |id: &str, secret: &str| {
        let pair = base64ct::Base64::encode_string(format!("{id}:{secret}").as_bytes());
        let fields = world.lab().request_for("").fields;
        Call::post("/oauth/par")
            .form(&fields)
            .header("authorization", format!("Basic {pair}"))
    };
    let secret = lab.secret();
    assert_eq!(world.send(basic("app-lab", secret)).await.status, 201);
    for call in [
        basic("app-lab", "wrong"),
        basic("app-lab", ""),
        basic("app-lab", &secret[..secret.len() - 1]),
        basic("nobody", secret),
        basic("app-lab-rsa", secret),
    ] {
        let answer = world.send(call).await;
        assert!(
            matches!(answer.outcome(), (400 | 401, _)),
            "{:?}",
            answer.outcome()
        );
        assert_ne!(answer.code(), "");
    }
    let forum = world.platform("forum");
    let pair = base64ct::Base64::encode_string(b"app-forum:secret");
    let call = Call::post("/oauth/par").form(&forum.request_for("").fields);
    let answer = forum
        .receive(call.header("authorization", format!("Basic {pair}")))
        .await;
    assert_eq!(answer.outcome(), (401, "invalid_client".to_owned()));
    assert!(
        !answer.header("www-authenticate").is_empty(),
        "RFC 6749 §5.2"
    );
}
