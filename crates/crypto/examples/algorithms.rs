//! Microseconds per operation on this machine, one thread: `cargo run --release -p crypto --example algorithms`.
//!
//! Each figure is the median of 21 batches; the spread is the fastest and the slowest batch.

use std::{
    hint::black_box,
    io::{self, Write},
    time::Instant,
};

use crypto::{
    CryptoError, Curve, PrivateKey,
    aead::{AeadAlgorithm, AeadKey},
    digest,
    keystore::{KeyError, KeyStore, MemoryKeys, SecretName},
    pke,
    random::SystemRandom,
};

const BATCHES: usize = 21;

fn main() -> io::Result<()> {
    let mut output = io::stdout().lock();
    let mut print = |name: &str, figures: [f64; 3]| {
        let [fastest, median, slowest] = figures;
        writeln!(
            output,
            "{name:<28} {median:>9.2} µs  ({fastest:.2} … {slowest:.2})"
        )
    };
    for (name, figures) in signatures().and_then(|mut rows| {
        rows.extend(encryption()?);
        Ok(rows)
    })? {
        print(&name, figures)?;
    }
    for (name, figures) in store().map_err(io::Error::other)? {
        print(&name, figures)?;
    }
    Ok(())
}

type Row = (String, [f64; 3]);

fn signatures() -> io::Result<Vec<Row>> {
    let mut rows = Vec::new();
    let message = [7; 256];
    for (name, curve) in [("ES256", Curve::P256), ("SM2", Curve::Sm2)] {
        let algorithm = curve.signature_algorithm();
        let key = PrivateKey::generate(curve, &SystemRandom).map_err(io::Error::other)?;
        let signature = key
            .sign(algorithm, &message, &SystemRandom)
            .map_err(io::Error::other)?;
        let sign = measure(100, || {
            key.sign(algorithm, black_box(&message), &SystemRandom)
        });
        let verify = measure(100, || {
            key.public()
                .verify(algorithm, black_box(&message), &signature)
        });
        let parse = measure(100, || {
            key.public()
                .coordinates()
                .and_then(|(x, y)| crypto::PublicKey::ec(curve, &x, &y))
        });
        rows.push((format!("{name} sign"), sign.map_err(io::Error::other)?));
        rows.push((format!("{name} verify"), verify.map_err(io::Error::other)?));
        rows.push((
            format!("{name} parse public key"),
            parse.map_err(io::Error::other)?,
        ));
    }
    Ok(rows)
}

fn encryption() -> io::Result<Vec<Row>> {
    let mut rows = Vec::new();
    let kilobyte = [7; 1024];
    for (name, algorithm) in [
        ("SM4-GCM", AeadAlgorithm::Sm4Gcm),
        ("AES-256-GCM", AeadAlgorithm::Aes256Gcm),
    ] {
        let key =
            AeadKey::new(algorithm, &vec![1; algorithm.key_len()]).map_err(io::Error::other)?;
        let seal = measure(1000, || {
            Ok::<_, CryptoError>(key.seal([0; 12], b"", black_box(&kilobyte)))
        });
        rows.push((
            format!("{name} seal 1 KiB"),
            seal.map_err(io::Error::other)?,
        ));
    }
    let sm3 = measure(1000, || {
        Ok::<_, CryptoError>(digest::sm3(&[black_box(&kilobyte)]))
    });
    rows.push(("SM3 of 1 KiB".to_owned(), sm3.map_err(io::Error::other)?));
    let key = PrivateKey::generate(Curve::Sm2, &SystemRandom).map_err(io::Error::other)?;
    let encrypt = measure(20, || {
        pke::encrypt(key.public(), black_box(&[1; 16]), &SystemRandom)
    });
    rows.push((
        "SM2 encrypt 16 bytes".to_owned(),
        encrypt.map_err(io::Error::other)?,
    ));
    Ok(rows)
}

fn store() -> Result<Vec<Row>, KeyError> {
    let store = MemoryKeys::generate(&SystemRandom);
    let now = 1_700_000_000;
    let sealed = store.seal("code", b"", &[7; 300], now)?;
    Ok(vec![
        (
            "store: mac of 32 bytes".to_owned(),
            measure(1000, || store.mac(SecretName::Index, &[&[7; 32]]))?,
        ),
        (
            "store: encrypt block".to_owned(),
            measure(1000, || {
                store.encrypt_block(SecretName::Sector, b"sector", [7; 16])
            })?,
        ),
        (
            "store: seal 300 bytes".to_owned(),
            measure(1000, || store.seal("code", b"", &[7; 300], now))?,
        ),
        (
            "store: open 300 bytes".to_owned(),
            measure(1000, || store.open("code", b"", &sealed, now))?,
        ),
    ])
}

/// Fastest, median and slowest batch, in microseconds per call.
fn measure<T, E>(calls: u32, call: impl Fn() -> Result<T, E>) -> Result<[f64; 3], E> {
    let mut batches = Vec::new();
    for _ in 0..BATCHES {
        let start = Instant::now();
        for _ in 0..calls {
            black_box(call()?);
        }
        batches.push(start.elapsed().as_secs_f64() * 1e6 / f64::from(calls));
    }
    batches.sort_by(f64::total_cmp);
    Ok([batches[0], batches[BATCHES / 2], batches[BATCHES - 1]])
}
