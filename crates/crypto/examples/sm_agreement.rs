//! Our SM algorithms for another implementation to compare itself with (`e2e/sm/run.sh`).
//!
//! Reads one JSON object per line from standard input, writes one per line: `{"op": "sm3", "message": "616263"}` gives
//! `{"ok": "66c7…"}`; what is refused gives `{"error": "…"}`. All values are lower-case hexadecimal; public keys and
//! C1 are uncompressed points, signatures r ‖ s, ciphertexts C1 ‖ C3 ‖ C2. The two `box_` operations are sealed boxes to
//! a P-256 key, which a browser must be able to make and open.

use std::io::{self, BufRead, Write};

use crypto::{
    CryptoError, Curve, PrivateKey, PublicKey, SignatureAlgorithm::Sm2Sm3, block::Sm4Block,
    digest::sm3, mac::hmac_sm3, pke, random::SystemRandom, sealed_box,
};
use serde_json::{Value, json};

fn main() -> io::Result<()> {
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let answer = match serde_json::from_str::<Value>(&line?).map(|request| answer(&request)) {
            Ok(Ok(answer)) => json!({ "ok": answer }),
            Ok(Err(error)) => json!({ "error": error.to_string() }),
            Err(error) => json!({ "error": error.to_string() }),
        };
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
    Ok(())
}

fn answer(request: &Value) -> Result<Value, CryptoError> {
    let bytes = |name: &str| {
        request[name]
            .as_str()
            .and_then(from_hex)
            .ok_or(CryptoError::Malformed)
    };
    let private = || PrivateKey::from_scalar(Curve::Sm2, &exactly(&bytes("private")?)?);
    let public = || PublicKey::from_sec1(Curve::Sm2, &bytes("public")?);
    let answer = match request["op"].as_str().unwrap_or_default() {
        "sm3" => sm3(&[&bytes("message")?]).0.to_vec(),
        "hmac_sm3" => hmac_sm3(&bytes("key")?, &[&bytes("message")?]).0.to_vec(),
        "sm4_encrypt" => Sm4Block::new(&exactly(&bytes("key")?)?)
            .encrypt(exactly(&bytes("block")?)?)
            .to_vec(),
        "sm4_decrypt" => Sm4Block::new(&exactly(&bytes("key")?)?)
            .decrypt(exactly(&bytes("block")?)?)
            .to_vec(),
        "sm2_generate" => PrivateKey::generate(Curve::Sm2, &SystemRandom)?
            .scalar()?
            .to_vec(),
        "sm2_public" => private()?.public().to_sec1()?.to_vec(),
        "sm2_sign" => private()?.sign(Sm2Sm3, &bytes("message")?, &SystemRandom)?,
        "sm2_verify" => {
            return Ok(public()?
                .verify(Sm2Sm3, &bytes("message")?, &bytes("signature")?)
                .is_ok()
                .into());
        }
        "sm2_encrypt" => pke::encrypt(&public()?, &bytes("message")?, &SystemRandom)?,
        "sm2_decrypt" => pke::decrypt(&private()?, &bytes("ciphertext")?)?.to_vec(),
        "box_seal" => {
            let recipient = PublicKey::from_sec1(Curve::P256, &bytes("public")?)?;
            sealed_box::seal(
                &recipient,
                &bytes("aad")?,
                &bytes("message")?,
                &SystemRandom,
            )?
        }
        "box_open" => {
            let recipient = PrivateKey::from_scalar(Curve::P256, &exactly(&bytes("private")?)?)?;
            sealed_box::open(&recipient, &bytes("aad")?, &bytes("sealed")?)?
        }
        _ => return Err(CryptoError::Malformed),
    };
    Ok(to_hex(&answer).into())
}

fn exactly<const N: usize>(bytes: &[u8]) -> Result<[u8; N], CryptoError> {
    bytes.try_into().map_err(|_| CryptoError::Malformed)
}

fn to_hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let pairs = digits.filter(|digits| digits.len() % 2 == 0)?;
    pairs
        .chunks_exact(2)
        .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).ok())
        .collect()
}
