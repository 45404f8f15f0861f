//! 核验 from end to end, for each profile and suite: the platform learns the answer and nothing else (R8.1).

use serde_json::{Map, Value, json};
use testkit::{Platform, Verified, World};

const WZ: &str = "urn:wangzheng:mode:wz";

fn keys(object: &Map<String, Value>) -> Vec<&str> {
    let mut keys: Vec<&str> = object.keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

/// R8.1: these members and no others.
fn result_only(verified: &Verified) {
    assert_eq!(
        keys(verified.response.as_object().unwrap()),
        ["access_token", "authorization_details", "expires_in", "id_token", "scope", "token_type"]
    );
    assert_eq!(
        keys(&verified.id_token),
        ["acr", "amr", "aud", "auth_time", "exp", "iat", "iss", "nonce", "sub"]
    );
    let details = verified.response["authorization_details"].as_array().unwrap();
    assert_eq!(details.len(), 1);
    assert_eq!(
        keys(details[0].as_object().unwrap()),
        ["further_plaintext", "receipt", "result", "scenario", "type"]
    );
    assert_eq!(details[0]["result"], "pass");
    assert_eq!(details[0]["further_plaintext"], "prohibited");
    assert_eq!(
        keys(&verified.receipt),
        [
            "acr", "aud", "commitment", "disclosed", "further_plaintext", "host", "iat", "iss", "jti", "platform",
            "purpose", "result", "scenario", "sub"
        ]
    );
    assert_eq!(verified.receipt["disclosed"], json!([]));
    assert_eq!(verified.response["token_type"], "Bearer");
}

async fn verifies(platform: &Platform) -> Verified {
    let person = platform.world().person("resident").applies().await;
    let request = platform.requests("account-registration").await;
    let redirect = person.approves(&request).await;
    assert_eq!(redirect.value("iss"), platform.issuer(), "RFC 9207");
    assert_eq!(redirect.value("state"), request.state());
    platform.redeems(&redirect).await
}

#[tokio::test]
async fn r8_1_fapi_learns_the_result_alone() {
    let world = World::new().await;
    let verified = verifies(&world.platform("forum")).await;
    result_only(&verified);
    assert_eq!(verified.algorithm, "ES256");
    assert_eq!(verified.id_token["acr"], WZ);
}
