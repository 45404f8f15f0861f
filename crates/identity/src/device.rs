//! A person's devices: each holds its own keys; the service knows the public parts only.

use async_trait::async_trait;
use crypto::keystore::{KeyError, KeyStore, SecretName};
use serde::{Deserialize, Serialize};

use crate::audit::EventDraft;
use crate::clock::{Day, Timestamp};
use crate::id::{DeviceId, OpaqueId, PersonId};
use crate::receipt::InboxEntry;
use crate::store::StoreError;

/// What a device is known by outside: person and device under the handle key, 26 characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceHandle(pub OpaqueId);

impl DeviceHandle {
    /// The handle of a device.
    pub fn of(person: PersonId, device: DeviceId, keys: &dyn KeyStore) -> Result<Self, KeyError> {
        let mut block = [0; 16];
        block[..12].copy_from_slice(person.as_bytes());
        block[12..].copy_from_slice(&device.0.to_be_bytes());
        Ok(Self(OpaqueId(keys.encrypt_block(
            SecretName::Handle,
            b"device",
            block,
        )?)))
    }

    /// Whose device it is. Any 16 bytes open to something: the caller looks the device up.
    pub fn open(self, keys: &dyn KeyStore) -> Result<(PersonId, DeviceId), KeyError> {
        let block = keys.decrypt_block(SecretName::Handle, b"device", self.0.0)?;
        let mut person = [0; 12];
        let mut device = [0; 4];
        person.copy_from_slice(&block[..12]);
        device.copy_from_slice(&block[12..]);
        Ok((
            PersonId::from_bytes(person),
            DeviceId(u32::from_be_bytes(device)),
        ))
    }
}

/// The row of a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    /// Whose.
    pub person: PersonId,
    /// Which.
    pub device: DeviceId,
    /// Signing key, 65 bytes SEC1, P-256 (web app) or SM2 (native app).
    pub signing_key: Vec<u8>,
    /// Curve of the signing key: `P-256` or `SM2`.
    pub curve: DeviceCurve,
    /// Agreement key, 65 bytes SEC1, P-256.
    pub agreement_key: Vec<u8>,
    /// Name the person gave, under the data key.
    pub sealed_name: Vec<u8>,
    /// The history key wrapped to this device; empty until another device or a code provides it.
    pub history_wrap: Vec<u8>,
    /// The day it was added.
    pub added_on: Day,
    /// Usable from this moment (P-recovery: a delay where no other device is present).
    pub active_from: Timestamp,
}

/// Curve of a device's signing key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeviceCurve {
    /// P-256 / ES256.
    P256,
    /// SM2 / SGD_SM3_SM2.
    Sm2,
}

/// What became of an added device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceAdded {
    /// It is there.
    Added,
    /// The person holds as many as policy allows.
    TooMany,
}

/// Devices in the store.
#[async_trait]
pub trait DeviceStore: Send + Sync {
    /// Adds a device and tells the person in the same unit. Event outcome `done` or `too_many`
    /// (then nothing else is written).
    async fn add_device(
        &self,
        device: DeviceRow,
        most: u32,
        notice: InboxEntry,
        event: EventDraft,
    ) -> Result<DeviceAdded, StoreError>;
    /// Removes a device and tells the person in the same unit; `false` when it was not there (then
    /// nobody is told). Event outcome `done` or `not_found`.
    async fn remove_device(
        &self,
        person: PersonId,
        device: DeviceId,
        notice: InboxEntry,
        event: EventDraft,
    ) -> Result<bool, StoreError>;
    /// Gives a device the history key wrapped to it; `false` when the device is not there.
    /// Event outcome `done` or `not_found`.
    async fn put_history_wrap(
        &self,
        person: PersonId,
        device: DeviceId,
        history_wrap: Vec<u8>,
        event: EventDraft,
    ) -> Result<bool, StoreError>;
    /// All devices of a person, oldest first.
    async fn devices(&self, person: PersonId) -> Result<Vec<DeviceRow>, StoreError>;
}
