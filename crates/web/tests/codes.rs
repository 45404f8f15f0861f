//! A code is good once, for a minute, for whom it was given (B2, RFC 6749 §4.1, RFC 7636, FAPI 2.0).

use testkit::{Fields, Redirect, World};

const INVALID_GRANT: (u16, &str) = (400, "invalid_grant");

struct Given {
    world: World,
    forum: testkit::Platform,
    redirect: Redirect,
}

async fn given() -> Given {
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    let redirect = person.approves(&forum.requests("").await).await;
    Given {
        world,
        forum,
        redirect,
    }
}

impl Given {
    /// The token request, spoiled: it fails, and the code is still good afterwards.
    async fn refuses(&self, spoil: impl Fn(Fields) -> Fields, expected: (u16, &str)) {
        let events = self.world.event_count().await;
        let fields = spoil(self.forum.redemption(&self.redirect));
        let answer = self.forum.ask_for_tokens(&fields).await;
        assert_eq!(
            answer.outcome(),
            (expected.0, expected.1.to_owned()),
            "{}",
            fields.encode()
        );
        assert_eq!(self.world.event_count().await, events, "nothing is written");
    }
}

#[tokio::test]
async fn fapi_a_code_expires_after_sixty_seconds() {
    let given = given().await;
    given.world.advance(60);
    given.refuses(|fields| fields, INVALID_GRANT).await;
    // One second earlier it would have been good.
    let world = World::new().await;
    let person = world.person("resident").applies().await;
    let forum = world.platform("forum");
    let redirect = person.approves(&forum.requests("").await).await;
    world.advance(59);
    forum.redeems(&redirect).await;
}

/// RFC 6749 §4.1.2: what comes twice takes back what it gave.
#[tokio::test]
async fn b2_a_replayed_code_revokes_what_it_gave() {
    for late in [0, 59, 61, 200] {
        let Given {
            world,
            forum,
            redirect,
        } = given().await;
        let verified = forum.redeems(&redirect).await;
        forum.userinfo(verified.access_token()).await.expect(200);
        world.advance(late);
        let replay = forum.ask_for_tokens(&forum.redemption(&redirect)).await;
        assert_eq!(
            replay.outcome(),
            (400, "invalid_grant".to_owned()),
            "after {late} s"
        );
        let answer = forum.userinfo(verified.access_token()).await;
        assert_eq!(answer.status, 401, "after {late} s");
        assert!(answer.header("www-authenticate").contains("invalid_token"));
        let again = forum.ask_for_tokens(&forum.redemption(&redirect)).await;
        assert_eq!(again.outcome(), (400, "invalid_grant".to_owned()));
    }
}

#[tokio::test]
async fn an_access_token_ends() {
    let Given {
        world,
        forum,
        redirect,
    } = given().await;
    let verified = forum.redeems(&redirect).await;
    let life = verified.response["expires_in"].as_i64().unwrap();
    world.advance(life - 1);
    forum.userinfo(verified.access_token()).await.expect(200);
    world.advance(1);
    assert_eq!(forum.userinfo(verified.access_token()).await.status, 401);
}

/// RFC 7636 §4.6.
#[tokio::test]
async fn pkce_the_verifier_must_be_the_one() {
    let given = given().await;
    let other = "x".repeat(43);
    given
        .refuses(|fields| fields.with("code_verifier", &other), INVALID_GRANT)
        .await;
    given
        .refuses(
            |fields| fields.without("code_verifier"),
            (400, "invalid_request"),
        )
        .await;
    given
        .refuses(
            |fields| fields.with("code_verifier", "short"),
            (400, "invalid_request"),
        )
        .await;
    given.forum.redeems(&given.redirect).await;
}

/// RFC 6749 §4.1.3: the redirect URI of the request, exactly.
#[tokio::test]
async fn the_redirect_uri_must_be_the_one_of_the_request() {
    let given = given().await;
    for other in [
        "https://forum.example/callback/",
        "https://forum.example/callbac",
        "https://forum.example/Callback",
        "http://forum.example/callback",
        "https://forum.example/second?from=wz",
    ] {
        given
            .refuses(|fields| fields.with("redirect_uri", other), INVALID_GRANT)
            .await;
    }
    given
        .refuses(
            |fields| fields.without("redirect_uri"),
            (400, "invalid_request"),
        )
        .await;
    given.forum.redeems(&given.redirect).await;
}

#[tokio::test]
async fn b2_a_code_is_nobody_elses() {
    let given = given().await;
    let fields = given.forum.redemption(&given.redirect);
    for other in [given.world.platform("shop"), given.world.lab()] {
        let answer = other.ask_for_tokens(&fields).await;
        assert_eq!(
            answer.outcome(),
            (400, "invalid_grant".to_owned()),
            "{}",
            other.name()
        );
    }
    given.forum.redeems(&given.redirect).await;
}

/// Design §4: each issuer has its own suite; a code of one is nothing at the other.
#[tokio::test]
async fn r13_1_a_code_does_not_cross_to_the_other_issuer() {
    let given = given().await;
    let fields = given.forum.redemption(&given.redirect);
    let crossing = given.forum.clone().at_sm().ask_for_tokens(&fields).await;
    assert_eq!(crossing.outcome(), (400, "invalid_grant".to_owned()));
    let verified = given.forum.redeems(&given.redirect).await;
    // Nor does an access token.
    let answer = given
        .forum
        .clone()
        .at_sm()
        .userinfo(verified.access_token())
        .await;
    assert_eq!(answer.status, 401);
}

#[tokio::test]
async fn a_changed_code_is_no_code() {
    let given = given().await;
    let code = given.redirect.code();
    let position = code.len() / 2;
    let other = if &code[position..=position] == "A" {
        "B"
    } else {
        "A"
    };
    let flipped = format!("{}{other}{}", &code[..position], &code[position + 1..]);
    for wrong in [
        flipped.as_str(),
        &code[..code.len() - 1],
        &format!("{code}A"),
        "x",
        "中文",
    ] {
        given
            .refuses(|fields| fields.with("code", wrong), INVALID_GRANT)
            .await;
    }
    // A sealed request is no code, though the same service sealed it.
    let request = given.forum.requests("").await.request_uri();
    let sealed = request.rsplit(':').next().unwrap();
    given
        .refuses(|fields| fields.with("code", sealed), INVALID_GRANT)
        .await;
    given.forum.redeems(&given.redirect).await;
}

#[tokio::test]
async fn a_token_request_says_each_thing_once_and_nothing_else() {
    let given = given().await;
    for name in [
        "grant_type",
        "code",
        "redirect_uri",
        "code_verifier",
        "client_assertion",
    ] {
        let value = given
            .forum
            .redemption(&given.redirect)
            .value(name)
            .to_owned();
        // The assertion is added after this, so its second value comes first.
        given
            .refuses(
                |fields| fields.again(name, &value).again(name, ""),
                (400, "invalid_request"),
            )
            .await;
    }
    let narrowed = |fields: Fields| fields.with("authorization_details", "[]");
    given
        .refuses(narrowed, (400, "invalid_authorization_details"))
        .await;
    let elsewhere = |fields: Fields| fields.with("resource", "https://api.example");
    given.refuses(elsewhere, (400, "invalid_target")).await;
    let refresh = |fields: Fields| fields.with("grant_type", "refresh_token");
    given
        .refuses(refresh, (400, "unsupported_grant_type"))
        .await;
    given.forum.redeems(&given.redirect).await;
}
