use super::*;

const ISSUER: &str = "http://localhost:8080";

#[test]
fn an_address_of_another_origin_is_never_followed() {
    let authorization = "/oauth/authorize?client_id=forum&request_uri=urn%3Aa";
    assert_eq!(
        Address::parse(&format!("{ISSUER}{authorization}"), ISSUER),
        Ok(Address::Authorization {
            base: String::new(),
            path: authorization.to_owned()
        })
    );
    assert_eq!(
        Address::parse(&format!("{ISSUER}/sm{authorization}"), ISSUER),
        Ok(Address::Authorization {
            base: "/sm".to_owned(),
            path: format!("/sm{authorization}")
        })
    );
    assert_eq!(
        Address::parse(&format!(" {ISSUER}/x/abc.7.mac\n"), ISSUER),
        Ok(Address::OtherScreen {
            payload: "abc.7.mac".to_owned()
        })
    );
    for other in [
        "http://localhost:8081",
        "http://127.0.0.1:8080",
        "https://localhost:8080",
        "http://localhost:8080@evil.example",
    ] {
        assert_eq!(
            Address::parse(&format!("{other}{authorization}"), ISSUER),
            Err(NotForThisWallet::OtherIssuer),
            "{other}"
        );
    }
    for unknown in [
        "",
        "resident",
        "/x/",
        "/x/a/b",
        "/oauth/authorize",
        "/oauth/token?x",
    ] {
        let address = format!("{ISSUER}{unknown}");
        assert_eq!(
            Address::parse(&address, ISSUER),
            Err(NotForThisWallet::Unknown),
            "{unknown}"
        );
    }
}

fn request(mode: Mode, attributes: &[&str]) -> Request {
    Request {
        transaction: "sealed".to_owned(),
        platform: Asking {
            name: "论坛".to_owned(),
            host: "127.0.0.1:8081".to_owned(),
        },
        scenario: Purpose {
            id: "account-registration".to_owned(),
            title: "注册".to_owned(),
            legal_basis: "《网络安全法》".to_owned(),
            alternative: String::new(),
        },
        mode,
        attributes: attributes
            .iter()
            .map(|name| Attribute {
                name: (*name).to_owned(),
            })
            .collect(),
        number_match: false,
        numbers: Vec::new(),
    }
}

fn approval(consent: Consent) -> Approval {
    Approval {
        consent,
        pin: None,
        face: "ok".to_owned(),
        number: None,
        guardian: None,
    }
}

fn fields(request: &Request, decision: &Decision) -> Map<String, Value> {
    let wallet = crate::wallet::sample::wallet();
    answer(&wallet, request, decision).unwrap().0
}

/// S6: nothing is shown that the mode does not ask for.
#[test]
fn s6_the_answer_holds_what_the_mode_asks_and_no_more() {
    let yes = Decision::Approve(approval(Consent::All));
    for (mode, pin, face) in [
        (Mode::Wangzheng, false, false),
        (Mode::WangzhengPin, true, false),
        (Mode::WangzhengFace, false, true),
        (Mode::WangzhengPinFace, true, true),
    ] {
        let fields = fields(&request(mode, &[]), &yes);
        assert_eq!(fields.contains_key("pin"), pin, "{mode:?}");
        assert_eq!(fields.contains_key("face"), face, "{mode:?}");
        assert_eq!(fields["decision"], "approve");
    }
    let no = fields(
        &request(Mode::WangzhengPinFace, &["name"]),
        &Decision::Refuse,
    );
    assert_eq!(no["decision"], "refuse");
    assert!(!no.contains_key("pin") && !no.contains_key("face"));
}

/// R8.2: by default nothing but the result leaves; what was not asked for never does.
#[test]
fn r8_2_consent_goes_attribute_by_attribute() {
    let request = request(Mode::Wangzheng, &["name", "document_number"]);
    let none = Decision::Approve(approval(Consent::Only(Vec::new())));
    assert_eq!(fields(&request, &none)["attributes"], json!([]));
    let one = Decision::Approve(approval(Consent::Only(vec!["name".to_owned()])));
    assert_eq!(fields(&request, &one)["attributes"], json!(["name"]));
    let all = Decision::Approve(approval(Consent::All));
    assert_eq!(
        fields(&request, &all)["attributes"],
        json!(["name", "document_number"])
    );
    // The sample wallet holds no disclosures, so giving one is refused before anything is sent.
    let wallet = crate::wallet::sample::wallet();
    let refused = presentation(&wallet, &request, &["name".to_owned()], Timestamp(0));
    assert!(
        matches!(refused, Err(Failed::Refused(Refusal { rule, .. })) if rule == "attribute_not_held")
    );
    assert_eq!(presentation(&wallet, &request, &[], Timestamp(0)), Ok(None));
    // R10.1: an age marker is not in the credential; nothing of it is shown.
    let marker = ["age_marker".to_owned()];
    assert_eq!(
        presentation(&wallet, &request, &marker, Timestamp(0)),
        Ok(None)
    );
}

/// R8.2: consent to what the request does not hold ends at the terminal, with the rule named.
#[test]
fn r8_2_a_name_the_request_does_not_hold_is_refused() {
    let wallet = crate::wallet::sample::wallet();
    for (asked, wished) in [
        (&["name"][..], &["name", "sex"][..]),
        (&[], &["name"]),
        (&["name"], &["Name"]),
    ] {
        let names = wished.iter().map(|name| (*name).to_owned()).collect();
        let decision = Decision::Approve(approval(Consent::Only(names)));
        let refused = answer(&wallet, &request(Mode::Wangzheng, asked), &decision);
        let Err(Failed::Refused(refusal)) = refused else {
            panic!("{wished:?} of {asked:?} was accepted")
        };
        assert_eq!(refusal.rule, "attribute_not_requested");
        assert!(refusal.detail.starts_with("R8.2"), "{}", refusal.detail);
    }
}

#[test]
fn a_number_on_another_screen_must_be_said() {
    let request = Request {
        number_match: true,
        numbers: vec!["27".to_owned(), "64".to_owned(), "81".to_owned()],
        ..request(Mode::Wangzheng, &[])
    };
    let wallet = crate::wallet::sample::wallet();
    let silent = Decision::Approve(approval(Consent::All));
    let Err(Failed::Refused(refusal)) = answer(&wallet, &request, &silent) else {
        panic!("approved without a number")
    };
    assert!(refusal.detail.contains("27 · 64 · 81"));
    let said = Decision::Approve(Approval {
        number: Some("64".to_owned()),
        ..approval(Consent::All)
    });
    assert_eq!(fields(&request, &said)["number"], "64");
}

#[test]
fn an_error_redirect_names_the_rule_and_keeps_the_address() {
    let location = "http://127.0.0.1:9999/cb?error=invalid_request&state=x&iss=y";
    assert!(has_error(location));
    assert!(!has_error("http://127.0.0.1:9999/cb?code=error&state=x"));
    let refusal = error_redirect(location);
    assert_eq!(refusal.rule, "invalid_request");
    assert_eq!(refusal.redirect.as_deref(), Some(location));
}
