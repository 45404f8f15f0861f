//! What is printed is read back the same.

use std::collections::BTreeSet;

use openid::{
    Acr, AttributeName, AuthorizationRequest, AuthorizationResponse, ClientId, CodeVerifier,
    CompactJws, ErrorCode, Form, IdentityVerification, Nonce, Prompt, PushedReference, RedirectUri,
    RequestUri, ScenarioName, Scope, Secret, State, Thumbprint, TokenRequest,
};
use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

fn client_id() -> impl Strategy<Value = ClientId> {
    "[!-~]{1,40}".prop_map(|text| ClientId::new(&text).expect("a client id"))
}

fn redirect_uri() -> impl Strategy<Value = RedirectUri> {
    "(https://rp\\.example|http://127\\.0\\.0\\.1:9999)/[a-z0-9]{0,9}(\\?[a-b]=[a-z%2F]{0,9})?"
        .prop_filter_map("a redirect URI", |text| RedirectUri::parse(&text).ok())
}

fn verifier() -> impl Strategy<Value = CodeVerifier> {
    "[A-Za-z0-9._~-]{43,128}".prop_map(|text| CodeVerifier::new(&text).expect("a verifier"))
}

fn scope() -> impl Strategy<Value = Scope> {
    btree_set("[a-z:/.]{1,20}", 0..4).prop_map(|mut tokens| {
        tokens.insert("openid".to_owned());
        Scope::parse(&Vec::from_iter(tokens).join(" ")).expect("a scope")
    })
}

fn state() -> impl Strategy<Value = State> {
    "[ -~]{1,60}".prop_map(|text| State::new(&text).expect("a state"))
}

fn nonce() -> impl Strategy<Value = Nonce> {
    any::<String>().prop_filter_map("a nonce", |text| Nonce::new(&text))
}

fn prompt() -> impl Strategy<Value = BTreeSet<Prompt>> {
    prop_oneof![
        Just(BTreeSet::from([Prompt::None])),
        subsequence(
            vec![Prompt::Login, Prompt::Consent, Prompt::SelectAccount],
            0..=3
        )
        .prop_map(BTreeSet::from_iter),
    ]
}

fn details() -> impl Strategy<Value = IdentityVerification> {
    let attributes = btree_set("[a-z_]{1,40}", 0..6).prop_map(|names| {
        names
            .iter()
            .map(|name| AttributeName::new(name).expect("a name"))
            .collect::<Vec<_>>()
    });
    ("[a-z0-9-]{1,64}", option::of(attributes)).prop_map(|(scenario, attributes)| {
        IdentityVerification {
            scenario: ScenarioName::new(&scenario).expect("a name"),
            attributes,
        }
    })
}

fn request() -> impl Strategy<Value = AuthorizationRequest> {
    let first = (
        client_id(),
        redirect_uri(),
        option::of(state()),
        scope(),
        option::of(nonce()),
        verifier(),
    );
    let modes = Just(Acr::ALL.to_vec())
        .prop_shuffle()
        .prop_flat_map(|all| subsequence(all, 0..=4));
    let jws = "[a-zA-Z0-9_-]{1,9}\\.[a-zA-Z0-9_-]{1,9}\\.[a-zA-Z0-9_-]{1,9}"
        .prop_map(|text| CompactJws::new(&text).expect("a JWS"));
    let jkt = verifier().prop_map(|verifier| {
        Thumbprint::new(&verifier.challenge().to_string()).expect("a thumbprint")
    });
    let second = (
        prompt(),
        option::of(any::<u32>()),
        vec(
            select(std::vec!["zh-Hans-CN", "en", "bo"]).prop_map(str::to_owned),
            0..3,
        ),
        modes,
        option::of(jws),
        option::of(jkt),
        option::of(details()),
    );
    (first, second).prop_map(|(first, second)| {
        let (client_id, redirect_uri, state, scope, nonce, verifier) = first;
        let (
            prompt,
            max_age,
            ui_locales,
            acr_values,
            id_token_hint,
            dpop_jkt,
            authorization_details,
        ) = second;
        AuthorizationRequest {
            client_id,
            redirect_uri,
            state,
            scope,
            nonce,
            code_challenge: verifier.challenge(),
            prompt,
            max_age,
            ui_locales,
            acr_values,
            id_token_hint,
            dpop_jkt,
            authorization_details,
        }
    })
}

fn form(text: &str) -> Form {
    Form::parse(text.as_bytes()).expect("what is printed is a form")
}

proptest! {
    /// A pushed request is kept as its printed text (design §4, Stateless).
    #[test]
    fn an_authorization_request_survives(request in request()) {
        prop_assert_eq!(AuthorizationRequest::parse(&form(&request.print())), Ok(request));
    }

    #[test]
    fn a_verification_survives(details in details()) {
        prop_assert_eq!(IdentityVerification::parse(&details.to_json()), Ok(details));
    }

    #[test]
    fn a_token_request_survives(code in "[ -~]{1,200}", redirect_uri in redirect_uri(), code_verifier in verifier()) {
        let request = TokenRequest { code: Secret::new(code), redirect_uri, code_verifier };
        prop_assert_eq!(TokenRequest::parse(&form(&request.print())), Ok(request));
    }

    #[test]
    fn a_pushed_reference_survives(client_id in client_id(), reference in "[A-Za-z0-9_-]{1,400}") {
        let request_uri = RequestUri::new(&reference).expect("a reference");
        let pushed = PushedReference { client_id, request_uri };
        prop_assert_eq!(PushedReference::parse(&form(&pushed.print())), Ok(Some(pushed)));
    }

    #[test]
    fn an_authorization_response_survives(
        outcome in prop_oneof![
            "[ -~]{1,200}".prop_map(|code| Ok(Secret::new(code))),
            select(ErrorCode::ALL.to_vec()).prop_map(|code| Err(code.into())),
        ],
        state in option::of(state()),
        redirect_uri in redirect_uri(),
    ) {
        let response = AuthorizationResponse { outcome, state, issuer: "https://wz.example".into() };
        let location = response.location(&redirect_uri);
        let (_, query) = location.split_once('?').expect("a query");
        prop_assert_eq!(AuthorizationResponse::parse(&form(query)), Some(response));
    }

    #[test]
    fn only_its_own_verifier_meets_a_challenge(one in verifier(), other in verifier()) {
        prop_assert!(one.challenge().is_met_by(&one));
        prop_assert_eq!(one.challenge().is_met_by(&other), one == other);
    }
}
