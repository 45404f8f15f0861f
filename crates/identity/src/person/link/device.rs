//! The steps of a link as the two devices take them.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};

use crate::device::{DeviceHandle, DeviceRow};
use crate::id::{DeviceId, OpaqueId};
use crate::person::HolderView;
use crate::person::apply::{ApplyError, ApplyRefused};
use crate::person::issue::NewDevice;
use crate::person::recover::{Act, open_record, person_of, wrap_fits};
use crate::service::{Fault, Service};
use crate::statement::ProvenDevice;
use crate::wangzheng::WangzhengState;

use super::{ClaimedLink, LABEL, LinkClaim, LinkCode, LinkError, LinkRefused, Links, NewKeys};

const CLAIM_LABEL: &str = "link-claim";

/// A device that came by a link.
pub struct Linked {
    /// Its handle.
    pub device: DeviceHandle,
    /// The credential bound to it; `None` while the registry does not answer.
    pub credential: Option<String>,
    /// The 网号, masked.
    pub wanghao_masked: String,
    /// Public history key, 65 bytes SEC1.
    pub history_key: Vec<u8>,
    /// The history key wrapped to the device.
    pub history_wrap: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct SealedClaim {
    code: String,
    claim: [u8; 16],
}

impl Service {
    fn links(&self) -> Links<'_> {
        Links {
            desk: self.desk(LABEL),
            guesses: &self.guesses,
        }
    }

    /// A code for a new device.
    pub async fn start_link(&self, proven: &ProvenDevice<Act>) -> Result<LinkCode, LinkError> {
        self.usable(proven.view())?;
        Ok(self.links().start(person_of(proven)).await?)
    }

    /// The new device claims the code; its key signs for itself.
    pub async fn claim_link(
        &self,
        typed: &str,
        new: &NewDevice<'_>,
    ) -> Result<LinkClaim, LinkError> {
        let proven = self.check_new_device(new)?;
        let links = self.links();
        let keys = NewKeys {
            agreement_key: new.agreement_key.clone(),
            name: new.name.clone(),
            ..NewKeys::new(proven.key(), proven.curve(), &links.desk)?
        };
        let (code, expires_at) = links.claim(typed, &keys).await?;
        let claim = self.seal_value(
            CLAIM_LABEL,
            &SealedClaim {
                code,
                claim: keys.claim,
            },
        )?;
        Ok(LinkClaim {
            claim,
            check: keys.check()?,
            expires_at,
        })
    }

    /// Who claimed the code of the statement; `None` while nobody has.
    pub async fn claimed_link(
        &self,
        proven: &ProvenDevice<Act>,
    ) -> Result<Option<ClaimedLink>, LinkError> {
        self.links()
            .claimed(person_of(proven), code_of(proven)?)
            .await
    }

    /// The old device confirms: the new one is the person's from now on, and all devices are told.
    pub async fn confirm_link(&self, proven: &ProvenDevice<Act>) -> Result<(), LinkError> {
        // 1. May it, and does it bring what the new device needs?
        self.usable(proven.view())?;
        let code = code_of(proven)?;
        let wrap = match proven.statement().history_wrap.as_deref() {
            // A device that cannot read the history itself has nothing to pass on.
            None => Vec::new(),
            Some(text) => Base64UrlUnpadded::decode_vec(text)
                .ok()
                .filter(|wrap| wrap_fits(wrap))
                .ok_or(LinkRefused::Device(ApplyRefused::DeviceKeys))?,
        };
        // 2. Of two confirmations one goes on.
        let person = person_of(proven);
        let links = self.links();
        let keys = links.confirm(person, code).await?;
        // 3. The device, active at once: an old one vouches for it.
        let claim = keys.claim;
        let row = self.linked_row(&proven.view().person, keys, wrap)?;
        let handle = DeviceHandle::of(person, row.device, self.keys()).map_err(Fault::from)?;
        let added = self
            .add_device_and_tell(&proven.view().person, row, "added")
            .await;
        if let Err(error) = added {
            links.end(person, code).await?;
            return Err(error.into());
        }
        links.linked(code, claim, handle).await
    }

    /// The old device ends its link; `false` when there was none.
    pub async fn cancel_link(&self, proven: &ProvenDevice<Act>) -> Result<bool, LinkError> {
        self.links().end(person_of(proven), code_of(proven)?).await
    }

    /// What became of a claim; `None` while the old device has not confirmed.
    pub async fn finish_link(&self, claim: &str) -> Result<Option<Linked>, LinkError> {
        let sealed: SealedClaim = self
            .open_value(CLAIM_LABEL, claim)
            .ok_or(LinkRefused::Unknown)?;
        let outcome = self.links().outcome(&sealed.code, sealed.claim).await?;
        let Some(text) = outcome else { return Ok(None) };
        let device = OpaqueId::parse(&text).map(DeviceHandle);
        let device = device.ok_or(Fault::Invariant("a handle in a link"))?;
        // Removed again in the meantime: then there is nothing to finish.
        let view = self
            .holder_view(device)
            .await?
            .ok_or(LinkRefused::Unknown)?;
        let credential = match self.renew_credential(&view).await {
            Ok(credential) => Some(credential),
            Err(LinkError::Refused(_)) => None,
            Err(fault) => return Err(fault),
        };
        Ok(Some(Linked {
            device,
            credential,
            wanghao_masked: self.account(&view)?.wanghao_masked,
            history_key: view.person.history_key,
            history_wrap: view.device.history_wrap,
        }))
    }

    /// The credential anew, for a device that has none: the registry is asked again (R15.2), for
    /// the service keeps no more than it needs to ask.
    pub async fn renew_credential(&self, view: &HolderView) -> Result<String, LinkError> {
        self.usable(view)?;
        let data_key = self.data_key(&view.person)?;
        let record = open_record(&view.person, &data_key)?;
        let today = self.now().date();
        let document = record.document(today)?;
        let registered = self
            .ask_registry(&document, today)
            .await
            .map_err(ApplyError::from)?;
        let until = view.wangzheng.valid_until;
        Ok(self.credential_for(view, &record, &registered, until)?)
    }

    fn usable(&self, view: &HolderView) -> Result<(), LinkRefused> {
        match view.wangzheng.state_on(self.now().day()) {
            WangzhengState::Active => Ok(()),
            state => Err(LinkRefused::NotActive(state)),
        }
    }

    fn linked_row(
        &self,
        person: &crate::person::PersonRow,
        keys: NewKeys,
        history_wrap: Vec<u8>,
    ) -> Result<DeviceRow, Fault> {
        let place: [&[u8]; 3] = [b"device", b"name", person.person.as_bytes()];
        Ok(DeviceRow {
            person: person.person,
            device: DeviceId::generate(self.random()),
            signing_key: keys.signing_key,
            curve: keys.curve,
            agreement_key: keys.agreement_key,
            sealed_name: self
                .data_key(person)?
                .seal(&place, keys.name.as_bytes(), self.random())
                .map_err(|_| Fault::Invariant("device name"))?,
            history_wrap,
            added_on: self.now().day(),
            active_from: self.now(),
        })
    }
}

fn code_of(proven: &ProvenDevice<Act>) -> Result<&str, LinkRefused> {
    proven
        .statement()
        .link_code
        .as_deref()
        .ok_or(LinkRefused::Unknown)
}
