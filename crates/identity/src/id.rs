//! Identifiers. Everything of a person lives in one bucket, for ever (design §4 Identifiers).

use std::fmt;

use base32ct::{Base32Unpadded, Encoding};
use crypto::{
    digest::Digest,
    random::{self, Random},
};
use serde::{Deserialize, Serialize};

/// One of 4096 places a person's rows live in: the first 12 bits of the holder digest.
///
/// It leads every key, so that the schema shards as it stands. It never appears in anything a
/// platform receives or anyone can read in the public log (C1, C2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Bucket(u16);

impl Bucket {
    /// How many buckets there are. Fixed for ever: rows would have to move otherwise.
    pub const COUNT: u16 = 4096;

    /// The bucket a keyed digest belongs to: its first 12 bits.
    pub fn of(digest: &Digest) -> Self {
        Self(u16::from_be_bytes([digest.0[0], digest.0[1]]) >> 4)
    }

    /// A bucket by number, if there is one.
    pub fn new(number: u16) -> Option<Self> {
        (number < Self::COUNT).then_some(Self(number))
    }

    /// The number, 0…4095.
    pub fn number(self) -> u16 {
        self.0
    }
}

/// A person inside the service: 12 bits of bucket and 84 random bits. It never leaves the service.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId([u8; 12]);

impl PersonId {
    /// A new id in `bucket`.
    pub fn generate(bucket: Bucket, random: &dyn Random) -> Self {
        let mut bytes: [u8; 12] = random::array(random);
        let [high, low] = (bucket.0 << 4).to_be_bytes();
        bytes[0] = high;
        bytes[1] = low | (bytes[1] & 0x0f);
        Self(bytes)
    }

    /// The id from its 12 bytes.
    pub fn from_bytes(bytes: [u8; 12]) -> Self {
        Self(bytes)
    }

    /// The 12 bytes.
    pub fn as_bytes(&self) -> &[u8; 12] {
        &self.0
    }

    /// The bucket all rows of this person are in.
    pub fn bucket(&self) -> Bucket {
        Bucket(u16::from_be_bytes([self.0[0], self.0[1]]) >> 4)
    }
}

impl fmt::Debug for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonId(…)")
    }
}

impl Serialize for PersonId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Base32Unpadded::encode_string(&self.0))
    }
}

impl<'de> Deserialize<'de> for PersonId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let mut bytes = [0; 12];
        match Base32Unpadded::decode(text.as_ref(), &mut bytes) {
            Ok(decoded) if decoded.len() == 12 => Ok(Self(bytes)),
            _ => Err(serde::de::Error::custom(
                "a person id has 20 base32 characters",
            )),
        }
    }
}

/// One of a person's devices: random, unique within the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DeviceId(pub u32);

impl DeviceId {
    /// A new id.
    pub fn generate(random: &dyn Random) -> Self {
        Self(u32::from_be_bytes(random::array(random)))
    }
}

/// A block of 16 bytes that an outsider sees: 26 letters and digits, no meaning without the key.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct OpaqueId(pub [u8; 16]);

impl OpaqueId {
    /// Reads the 26 characters; anything else is nobody's.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 16];
        let decoded = Base32Unpadded::decode(text, &mut bytes).ok()?;
        // Two spare bits: only the canonical spelling is accepted, so one id has one text.
        (decoded.len() == 16 && Base32Unpadded::encode_string(decoded) == text)
            .then_some(Self(bytes))
    }
}

impl fmt::Display for OpaqueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Base32Unpadded::encode_string(&self.0))
    }
}

impl fmt::Debug for OpaqueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpaqueId(…)")
    }
}

/// A text id of a registered thing (client, platform, scenario, notice): 1 to 64 of `[a-z0-9_-]`.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// Reads an id; `None` when the syntax is wrong.
            pub fn parse(text: &str) -> Option<Self> {
                let fits = (1..=64).contains(&text.len())
                    && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
                fits.then(|| Self(text.to_owned()))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id!(
    /// A connected organisation (接入机构).
    PlatformId
);
text_id!(
    /// One registered app of a platform: OAuth `client_id`.
    ClientId
);
text_id!(
    /// What a member of staff signs in by: one named person (R12.1).
    StaffLogin
);
text_id!(
    /// An act that one person proposed and another may confirm.
    ProposalId
);
text_id!(
    /// A reviewed purpose (场景) of a platform.
    ScenarioId
);
text_id!(
    /// An incident (Art. 12(3)).
    IncidentId
);
text_id!(
    /// A notice (告知) over its versions.
    NoticeId
);

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::random::SeededRandom;

    #[test]
    fn a_person_stays_in_the_bucket_of_the_holder_digest() {
        let random = SeededRandom::new(7);
        for first in [0x0000_u16, 0x0010, 0xabc0, 0xffff] {
            let mut digest = [0; 32];
            digest[..2].copy_from_slice(&first.to_be_bytes());
            let bucket = Bucket::of(&Digest(digest));
            assert_eq!(bucket.number(), first >> 4);
            assert_eq!(PersonId::generate(bucket, &random).bucket(), bucket);
        }
    }

    #[test]
    fn an_opaque_id_has_one_spelling() {
        let id = OpaqueId([0xfe; 16]);
        let text = id.to_string();
        assert_eq!(text.len(), 26);
        assert_eq!(OpaqueId::parse(&text), Some(id));
        assert_eq!(OpaqueId::parse(&text.to_uppercase()), None);
        let mut other = text.clone();
        let last = other.pop().map_or('7', |c| char::from(c as u8 + 1));
        other.push(last);
        assert_ne!(OpaqueId::parse(&other), Some(id), "spare bits must be zero");
    }
}
