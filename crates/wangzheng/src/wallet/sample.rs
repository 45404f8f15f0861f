//! A wallet for tests; it holds keys and a credential without disclosures.

use crypto::random::SeededRandom;
use jose::{
    jwk::Jwk,
    jws::LocalSigner,
    sd_jwt::{Issue, SdJwt},
};

use super::protocol::{
    Wallet,
    keys::{FirstKeys, KeyText},
};

/// The wallet of `resident` at `http://localhost:8080`.
pub(crate) fn wallet() -> Wallet {
    let random = SeededRandom::new(11);
    let keys = FirstKeys::generate(&random).unwrap();
    let issue = Issue {
        typ: "dc+sd-jwt".to_owned(),
        holder: Some(Jwk::public(keys.device.public(), None, None, None)),
        ..Issue::default()
    };
    let issuer = LocalSigner::new(keys.agreement.clone(), Some("issuer"));
    Wallet {
        issuer: "http://localhost:8080".to_owned(),
        person: "resident".to_owned(),
        device: "abcdefghijklmnopqrstuvwxyz".to_owned(),
        device_key: KeyText::of(&keys.device).unwrap(),
        agreement_key: KeyText::of(&keys.agreement).unwrap(),
        history_key: Some(KeyText::of(&keys.history).unwrap()),
        credential: SdJwt::issue(issue, &issuer, &random).unwrap().to_string(),
        wanghao_masked: "01******89".to_owned(),
        pin: "58203947".to_owned(),
        recovery_code: Some(keys.recovery),
        history_settled: true,
        active_from: None,
    }
}
