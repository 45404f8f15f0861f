//! The examples of the standards, from `testdata/`.

use std::collections::HashMap;

use crypto::{
    Curve, PrivateKey, SignatureAlgorithm,
    aead::{AeadAlgorithm, AeadKey},
    block::Sm4Block,
    digest, pke,
    random::SeededRandom,
    sealed_box,
};

type Section = HashMap<&'static str, Vec<u8>>;

fn section(file: &'static str, name: &str) -> Section {
    let start = file.split_once(&format!("[{name}]\n")).unwrap().1;
    let lines = start.split("\n[").next().unwrap().lines();
    lines
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, value)| (name, hex(value)))
        .collect()
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text
        .chars()
        .map(|digit| digit.to_digit(16).unwrap())
        .collect();
    digits
        .chunks_exact(2)
        .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap())
        .collect()
}

const SM2: &str = include_str!("../testdata/sm2.txt");
const SM3: &str = include_str!("../testdata/sm3.txt");
const BOX: &str = include_str!("../testdata/box.txt");
const SM4: &str = include_str!("../testdata/sm4.txt");

#[test]
fn sm3_examples() {
    for name in ["A.1", "A.2"] {
        let example = section(SM3, name);
        assert_eq!(
            digest::sm3(&[&example["message"]]).0,
            example["digest"][..],
            "{name}"
        );
    }
}

#[test]
fn sm4_examples() {
    for (name, rounds) in [("A.1", 1), ("A.2", 1_000_000)] {
        let example = section(SM4, name);
        let key = Sm4Block::new(example["key"][..].try_into().unwrap());
        let plaintext: [u8; 16] = example["plaintext"][..].try_into().unwrap();
        let ciphertext = (0..rounds).fold(plaintext, |block, _| key.encrypt(block));
        assert_eq!(ciphertext, example["ciphertext"][..], "{name}");
        if rounds == 1 {
            assert_eq!(key.decrypt(ciphertext), plaintext);
        }
    }
}

#[test]
fn sm4_gcm_example() {
    let example = section(SM4, "RFC 8998 A.1: SM4-GCM");
    let key = AeadKey::new(AeadAlgorithm::Sm4Gcm, &example["key"]).unwrap();
    let nonce = example["iv"][..].try_into().unwrap();
    let sealed = [&example["ciphertext"][..], &example["tag"]].concat();
    assert_eq!(
        key.seal(nonce, &example["aad"], &example["plaintext"]),
        sealed
    );
    assert_eq!(
        key.open(nonce, &example["aad"], &sealed).unwrap(),
        example["plaintext"]
    );
}

/// Z_A and e of the standard, computed step by step, so that the digest inside the signature is seen to be SM3(Z_A ‖ M).
#[test]
fn sm2_signature_example() {
    let (example, curve) = (section(SM2, "Annex A: signature"), section(SM2, "curve"));
    assert_eq!(example["id"], crypto::signature::SM2_ID.as_bytes());
    let length = u16::try_from(example["id"].len() * 8)
        .unwrap()
        .to_be_bytes();
    let parts = [
        &curve["a"],
        &curve["b"],
        &curve["gx"],
        &curve["gy"],
        &example["x"],
        &example["y"],
    ];
    let z = digest::sm3(&[
        &length,
        &example["id"],
        &parts.map(|part| &part[..]).concat(),
    ]);
    assert_eq!(z.0, example["z"][..]);
    assert_eq!(
        digest::sm3(&[&z.0, &example["message"]]).0,
        example["e"][..]
    );

    let key =
        PrivateKey::from_scalar(Curve::Sm2, example["private"][..].try_into().unwrap()).unwrap();
    let (x, y) = key.public().coordinates().unwrap();
    assert_eq!((&x[..], &y[..]), (&example["x"][..], &example["y"][..]));
    let signature = [&example["r"][..], &example["s"]].concat();
    assert_eq!(
        key.public()
            .verify(SignatureAlgorithm::Sm2Sm3, &example["message"], &signature),
        Ok(())
    );
}

#[test]
fn sm2_encryption_example() {
    let example = section(SM2, "Annex C: encryption");
    let key =
        PrivateKey::from_scalar(Curve::Sm2, example["private"][..].try_into().unwrap()).unwrap();
    let ciphertext = [
        &[4][..],
        &example["c1x"],
        &example["c1y"],
        &example["c3"],
        &example["c2"],
    ]
    .concat();
    assert_eq!(
        pke::decrypt(&key, &ciphertext).unwrap().as_slice(),
        example["message"]
    );
    // C1 is [k]G.
    let k = PrivateKey::from_scalar(Curve::Sm2, example["k"][..].try_into().unwrap()).unwrap();
    assert_eq!(k.public().to_sec1().unwrap(), ciphertext[..65]);
    // Ours comes back, is of the same length, and is never twice the same.
    let random = SeededRandom::new(1);
    let ours = pke::encrypt(key.public(), &example["message"], &random).unwrap();
    assert_eq!(ours.len(), ciphertext.len());
    assert_ne!(
        ours,
        pke::encrypt(key.public(), &example["message"], &random).unwrap()
    );
    assert_eq!(
        pke::decrypt(&key, &ours).unwrap().as_slice(),
        example["message"]
    );
}

#[test]
fn sealed_box_of_webcrypto() {
    let example = section(BOX, "P-256");
    let key =
        PrivateKey::from_scalar(Curve::P256, example["private"][..].try_into().unwrap()).unwrap();
    let opened = sealed_box::open(&key, &example["aad"], &example["sealed"]);
    assert_eq!(opened.unwrap(), example["message"]);
}
