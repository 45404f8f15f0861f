//! Every algorithm signs and verifies, and nothing else verifies.

use crypto::{
    CryptoError, Curve, PrivateKey, PublicKey, SignatureAlgorithm,
    random::{Random, SeededRandom},
};

const EC: [(Curve, SignatureAlgorithm); 2] = [
    (Curve::P256, SignatureAlgorithm::Es256),
    (Curve::Sm2, SignatureAlgorithm::Sm2Sm3),
];

#[test]
fn ec_signatures_verify_and_every_flipped_bit_is_refused() {
    let random = SeededRandom::new(1);
    for (curve, algorithm) in EC {
        let key = PrivateKey::generate(curve, &random).unwrap();
        let signature = key.sign(algorithm, b"message", &random).unwrap();
        assert_eq!(signature.len(), 64);
        assert_eq!(
            key.public().verify(algorithm, b"message", &signature),
            Ok(())
        );
        assert!(
            key.public()
                .verify(algorithm, b"messagE", &signature)
                .is_err()
        );
        for bit in 0..512 {
            let mut changed = signature.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(
                key.public().verify(algorithm, b"message", &changed),
                Err(CryptoError::InvalidSignature),
                "{curve:?} bit {bit}"
            );
        }
        for length in [0, 63, 65, 72] {
            let mut changed = signature.clone();
            changed.resize(length, 0);
            assert!(
                key.public()
                    .verify(algorithm, b"message", &changed)
                    .is_err()
            );
        }
    }
}

#[test]
fn r_and_s_of_zero_or_at_least_n_are_refused() {
    let random = SeededRandom::new(2);
    for (curve, algorithm) in EC {
        let key = PrivateKey::generate(curve, &random).unwrap();
        let signature = key.sign(algorithm, b"message", &random).unwrap();
        for bad in [[0; 32], order(curve), [0xff; 32]] {
            let (r, s) = signature.split_at(32);
            for changed in [[&bad, s].concat(), [r, &bad].concat(), [bad, bad].concat()] {
                assert!(
                    key.public()
                        .verify(algorithm, b"message", &changed)
                        .is_err(),
                    "{curve:?}"
                );
            }
        }
    }
}

#[test]
fn an_algorithm_that_does_not_fit_the_key_is_refused() {
    use SignatureAlgorithm::{Es256, Ps256, Rs256, Sm2Sm3};

    let random = SeededRandom::new(3);
    let keys = [
        PrivateKey::generate(Curve::P256, &random).unwrap(),
        PrivateKey::generate(Curve::Sm2, &random).unwrap(),
        PrivateKey::generate_rsa().unwrap(),
    ];
    let fitting: [&[SignatureAlgorithm]; 3] = [&[Es256], &[Sm2Sm3], &[Rs256, Ps256]];
    for (key, fitting) in keys.iter().zip(fitting) {
        for algorithm in [Es256, Sm2Sm3, Rs256, Ps256] {
            if fitting.contains(&algorithm) {
                let signature = key.sign(algorithm, b"m", &random).unwrap();
                assert_eq!(key.public().verify(algorithm, b"m", &signature), Ok(()));
                assert!(key.public().verify(algorithm, b"n", &signature).is_err());
            } else {
                assert_eq!(
                    key.sign(algorithm, b"m", &random),
                    Err(CryptoError::AlgorithmMismatch)
                );
                let verified = key.public().verify(algorithm, b"m", &[1; 64]);
                assert_eq!(verified, Err(CryptoError::AlgorithmMismatch));
            }
        }
    }
}

#[test]
fn points_off_the_curve_and_other_encodings_are_refused() {
    let random = SeededRandom::new(4);
    for curve in [Curve::P256, Curve::Sm2] {
        let point = PrivateKey::generate(curve, &random)
            .unwrap()
            .public()
            .to_sec1()
            .unwrap();
        assert!(PublicKey::from_sec1(curve, &point).is_ok());
        let mut off = point;
        off[64] ^= 1;
        assert_eq!(
            PublicKey::from_sec1(curve, &off),
            Err(CryptoError::InvalidKey)
        );
        let other = if curve == Curve::P256 {
            Curve::Sm2
        } else {
            Curve::P256
        };
        assert_eq!(
            PublicKey::from_sec1(other, &point),
            Err(CryptoError::InvalidKey)
        );
        let mut compressed = point;
        compressed[0] = 2 + (point[64] & 1);
        let mut hybrid = point;
        hybrid[0] = 6 + (point[64] & 1);
        for wrong in [
            &compressed[..33],
            &hybrid,
            &compressed,
            &point[..64],
            &[0],
            &[],
            &[4; 65],
            &[0; 65],
        ] {
            assert_eq!(
                PublicKey::from_sec1(curve, wrong),
                Err(CryptoError::InvalidKey)
            );
        }
        // A coordinate at least p, standing for the same residue, is not an encoding.
        assert!(PublicKey::ec(curve, &[0xff; 32], &[0xff; 32]).is_err());
    }
}

#[test]
fn scalars_out_of_range_are_refused() {
    for curve in [Curve::P256, Curve::Sm2] {
        let mut below = order(curve);
        below[31] -= 1;
        let mut two_below = below;
        two_below[31] -= 1;
        for scalar in [[0; 32], order(curve), [0xff; 32]] {
            assert!(
                PrivateKey::from_scalar(curve, &scalar).is_err(),
                "{curve:?}"
            );
        }
        assert_eq!(
            PrivateKey::from_scalar(curve, &below).is_ok(),
            curve == Curve::P256
        );
        assert!(PrivateKey::from_scalar(curve, &two_below).is_ok());
    }
    assert!(PrivateKey::generate(Curve::Sm2, &Broken).is_err());
}

#[test]
fn rsa_keys_out_of_bounds_are_refused() {
    let key = PrivateKey::generate_rsa().unwrap();
    let (modulus, exponent) = key.public().rsa_components().unwrap();
    assert_eq!(PublicKey::rsa(modulus, exponent).as_ref(), Ok(key.public()));
    let mut even = modulus.to_vec();
    even[255] &= 0xfe;
    let leading = [&[0], modulus].concat();
    let huge = [modulus, modulus, &[1]].concat();
    for wrong in [
        &even[..],
        &leading,
        &modulus[1..],
        &modulus[..128],
        &huge,
        &[],
    ] {
        assert_eq!(
            PublicKey::rsa(wrong, exponent),
            Err(CryptoError::InvalidKey)
        );
    }
    for wrong in [
        &[][..],
        &[3],
        &[1],
        &[0, 1, 0, 1],
        &[1, 0, 0],
        &[1, 0, 0, 0, 1],
    ] {
        assert_eq!(
            PublicKey::rsa(modulus, wrong),
            Err(CryptoError::InvalidKey),
            "{wrong:?}"
        );
    }
}

#[test]
fn keys_survive_storage_and_print_nothing_secret() {
    let random = SeededRandom::new(5);
    for (curve, algorithm) in EC {
        let key = PrivateKey::generate(curve, &random).unwrap();
        let again = PrivateKey::from_scalar(curve, &key.scalar().unwrap()).unwrap();
        assert_eq!(again.public(), key.public());
        let signature = again.sign(algorithm, b"m", &random).unwrap();
        assert_eq!(key.public().verify(algorithm, b"m", &signature), Ok(()));
        assert_eq!(
            format!("{key:?}"),
            format!("PrivateKey(of PublicKey({curve:?}))")
        );
        assert!(key.to_pkcs8().is_err());
    }
    let rsa = PrivateKey::generate_rsa().unwrap();
    let again = PrivateKey::from_pkcs8(&rsa.to_pkcs8().unwrap()).unwrap();
    assert_eq!(again.public(), rsa.public());
    assert!(rsa.scalar().is_err());
}

/// A generator that gives zeros for ever.
struct Broken;

impl Random for Broken {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}

/// n of the curve, big-endian.
fn order(curve: Curve) -> [u8; 32] {
    let text = match curve {
        Curve::P256 => "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        Curve::Sm2 => "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123",
    };
    crypto::digest::Digest::from_hex(text).unwrap().0
}
