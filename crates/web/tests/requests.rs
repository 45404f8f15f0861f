//! What a platform may ask, and where the answer may go (RFC 6749 §3.1, RFC 9126, RFC 9700).

use testkit::{Call, Fields, World};

/// RFC 9700 §2.1: the redirect URI is compared character by character.
#[tokio::test]
async fn a_redirect_uri_off_by_one_character_is_not_registered() {
    let world = World::new().await;
    for platform in [world.platform("forum"), world.lab()] {
        let host = format!("{}.example", platform.name());
        for wrong in [
            format!("https://{host}/callback/"),
            format!("https://{host}/callbac"),
            format!("https://{host}/callbacK"),
            format!("https://{host}/callback?x=1"),
            format!("https://{host}/callback?"),
            format!("https://{host}:443/callback"),
            format!("http://{host}/callback"),
            format!("https://{host}/second?from=wz&x=1"),
            format!("https://{host}.evil.example/callback"),
            format!("https://x@{host}/callback"),
            "https://shop.example/callback".to_owned(),
            "javascript:alert(1)".to_owned(),
            String::new(),
        ] {
            let fields = platform.request_for("").fields.with("redirect_uri", &wrong);
            let answer = platform.push(&fields).await;
            assert_eq!(
                answer.outcome(),
                (400, "invalid_request".to_owned()),
                "{wrong}"
            );
            // Through the browser: the person is told, and nobody is redirected to it.
            let address = format!("/oauth/authorize?{}", fields.encode());
            for accept in ["application/json", "text/html"] {
                let answer = world
                    .send(Call::get(&address).header("accept", accept))
                    .await;
                assert_eq!((answer.status, answer.location()), (400, None), "{wrong}");
            }
        }
        let second = format!("https://{host}/second?from=wz");
        let fields = platform
            .request_for("")
            .fields
            .with("redirect_uri", &second);
        platform.push(&fields).await.expect(201);
    }
}

/// RFC 6749 §3.1: parameters must not be repeated.
#[tokio::test]
async fn rfc6749_a_repeated_parameter_is_refused() {
    let world = World::new().await;
    let lab = world.lab();
    let good = lab.request_for("account-registration").fields;
    for (name, value) in good.0.clone() {
        for second in [value.as_str(), "", "x"] {
            let fields = good.clone().again(&name, second);
            assert_eq!(
                lab.push(&fields).await.outcome(),
                (400, "invalid_request".to_owned()),
                "{name}"
            );
            let address = format!("/oauth/authorize?{}", fields.encode());
            let answer = world
                .send(Call::get(address).header("accept", "application/json"))
                .await;
            assert_eq!(
                (answer.outcome(), answer.location()),
                ((400, "invalid_request".to_owned()), None)
            );
        }
    }
}

/// RFC 9126 §4: a reference is its own client's, at its own issuer.
#[tokio::test]
async fn rfc9126_a_request_uri_is_for_who_pushed_it() {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    let request_uri = forum.requests("").await.request_uri();
    let query = |client: &str, uri: &str| {
        Fields::of(&[("client_id", client), ("request_uri", uri)]).encode()
    };
    for (path, query, status, code) in [
        (
            "/oauth/authorize",
            query("app-shop", &request_uri),
            403,
            "request_unknown",
        ),
        (
            "/oauth/authorize",
            query("nobody", &request_uri),
            403,
            "request_unknown",
        ),
        (
            "/oauth/authorize",
            query("", &request_uri),
            400,
            "invalid_request",
        ),
        (
            "/sm/oauth/authorize",
            query("app-forum", &request_uri),
            403,
            "request_unknown",
        ),
        (
            "/oauth/authorize",
            query("app-forum", &format!("{request_uri}A")),
            403,
            "request_unknown",
        ),
        (
            "/oauth/authorize",
            query("app-forum", "urn:ietf:params:oauth:request_uri:"),
            400,
            "invalid_request_uri",
        ),
        (
            "/oauth/authorize",
            query("app-forum", "https://x.example/request"),
            400,
            "request_uri_not_supported",
        ),
    ] {
        let answer = person.follow(&format!("{path}?{query}")).await;
        assert_eq!(
            answer.outcome(),
            (status, code.to_owned()),
            "{path}?{query}"
        );
    }
    // A code or session is no request, though the same service sealed it.
    let redirect = person.approves(&forum.requests("").await).await;
    let uri = format!("urn:ietf:params:oauth:request_uri:{}", redirect.code());
    let answer = person
        .follow(&format!("/oauth/authorize?{}", query("app-forum", &uri)))
        .await;
    assert_eq!(answer.outcome(), (403, "request_unknown".to_owned()));
}

/// FAPI 2.0 §5.3.2.2: requests of the production profile are pushed.
#[tokio::test]
async fn fapi_requests_are_pushed() {
    let world = World::new().await;
    let forum = world.platform("forum");
    let request = forum.requests_in_the_browser("");
    let answer = world.send(Call::get(&request.address)).await;
    let location = answer.location().expect("the platform is told").to_owned();
    assert_eq!(answer.status, 303);
    assert!(
        location.starts_with("https://forum.example/callback?error=invalid_request&"),
        "{location}"
    );
    assert!(location.contains(request.state()) && location.contains("iss="));
}

/// RFC 6749 §4.1.2.1 and OIDC Core §3.1.2.6: what is wrong with a request is told where it came from.
#[tokio::test]
async fn a_wrong_request_of_a_known_client_goes_back_to_it() {
    let world = World::new().await;
    let lab = world.lab();
    for (name, value, code) in [
        ("response_type", "token", "unsupported_response_type"),
        (
            "response_type",
            "code id_token",
            "unsupported_response_type",
        ),
        ("response_mode", "fragment", "invalid_request"),
        ("scope", "profile", "invalid_scope"),
        ("code_challenge", "short", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge_method", "", "invalid_request"),
        ("prompt", "none", "interaction_required"),
        ("prompt", "none login", "invalid_request"),
        ("max_age", "-1", "invalid_request"),
        ("request", "e30.e30.", "request_not_supported"),
        ("registration", "{}", "registration_not_supported"),
        ("resource", "https://x.example", "invalid_target"),
        (
            "authorization_details",
            "{}",
            "invalid_authorization_details",
        ),
        (
            "acr_values",
            "urn:wangzheng:mode:wz urn:wangzheng:mode:wz+pin",
            "",
        ),
        ("unknown", "ignored", ""),
    ] {
        let fields = lab.request_for("").fields.with(name, value);
        let pushed = lab.push(&fields).await;
        assert_eq!(pushed.code(), code, "{name}={value}");
        let address = format!("/oauth/authorize?{}", fields.encode());
        let answer = world
            .send(Call::get(address).header("accept", "application/json"))
            .await;
        if code.is_empty() {
            assert_eq!((pushed.status, answer.status), (201, 200), "{name}={value}");
            continue;
        }
        let location = answer.location().unwrap_or_default();
        let expected = format!("https://lab.example/callback?error={code}&");
        assert!(
            location.starts_with(&expected),
            "{name}={value}: {location}"
        );
    }
}

#[tokio::test]
async fn a_form_is_a_form() {
    let world = World::new().await;
    let forum = world.platform("forum");
    let fields = forum.assertion().added_to(forum.request_for("").fields);
    for media_type in [
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
        "",
    ] {
        let call = Call::post("/oauth/par").body(media_type, fields.encode());
        assert_eq!(
            world.send(call).await.outcome(),
            (400, "invalid_request".to_owned()),
            "{media_type}"
        );
    }
    let call = Call::post("/oauth/par").body(
        "Application/X-WWW-form-urlencoded; charset=UTF-8",
        fields.encode(),
    );
    assert_eq!(world.send(call).await.status, 201);
}
