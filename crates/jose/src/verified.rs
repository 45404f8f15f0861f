use std::ops::Deref;

use serde::de::DeserializeOwned;

use crate::{JoseError, json};

/// A value whose signature was checked. Only this crate can make one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<T>(T);

impl<T> Verified<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, without the witness.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl Verified<Vec<u8>> {
    /// The payload as a JSON object; duplicate members are refused.
    pub fn claims<T: DeserializeOwned>(&self) -> Result<Verified<T>, JoseError> {
        json::object(&self.0, "claims").map(Verified)
    }
}

impl<T> AsRef<T> for Verified<T> {
    fn as_ref(&self) -> &T {
        &self.0
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
