//! A guardian's part when a child uses the 网证 (Art. 5(2), R5.2): consent to each verification, or a standing one for
//! the platform. The platform learns nothing of it (R8.1).

use base64ct::{Base64UrlUnpadded, Encoding};
use crypto::digest::{Digest, sha256};
use crypto::{Curve, PublicKey};
use serde::{Deserialize, Serialize};

use crate::age::AgeGroup;
use crate::audit::{AuditEvent, EventDraft};
use crate::device::{DeviceCurve, DeviceRow};
use crate::id::PersonId;
use crate::person::{HolderView, PersonRow};
use crate::receipt::InboxEntry;
use crate::service::{Fault, Service};
use crate::statement::Uses;
use crate::verification::decision::{Choice, DecisionError, DecisionRefused};
use crate::verification::request::OpenRequest;

use super::LinkSide;
use super::family::ChildHandle;
use super::link::Weight;
use super::notes::child_receipt;
use super::request::Answered;
use super::statement::{GuardianAct, GuardianError, GuardianRefused, key_thumbprint};

/// The guardian's part is done: nobody has one at this age, or a guardian consented. A code cannot be made without it.
/// Only [`Service::guardian_clears`] makes one.
pub struct GuardianCleared(Option<GuardianApproved>);

/// A guardian's consent to one use.
struct GuardianApproved {
    guardian: ReceiptCopyTo,
    /// Tag of the guardian's link.
    link: Digest,
    /// Consents now (by statement or remotely), or did so before for this platform.
    now: bool,
    /// And from now on for this platform.
    standing: bool,
}

/// The guardian who consented, to whom a copy of the receipt goes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReceiptCopyTo {
    /// 1: a copy goes there. 0: to nobody, and the rest is as long as if it did.
    copies: u8,
    guardian: PersonId,
    history_key: String,
}

impl ReceiptCopyTo {
    fn guardian(guardian: &PersonRow) -> Self {
        Self {
            copies: 1,
            ..Self::nobody(guardian)
        }
    }

    /// Nobody; the person's own key fills the place.
    pub(crate) fn nobody(person: &PersonRow) -> Self {
        Self {
            copies: 0,
            guardian: person.person,
            history_key: Base64UrlUnpadded::encode_string(&person.history_key),
        }
    }

    /// The copy of a receipt; `None` where it goes to nobody.
    pub(crate) fn copy_of(&self, child: PersonId, receipt: &str) -> Option<Box<GuardianCopy>> {
        (self.copies > 0).then(|| {
            Box::new(GuardianCopy {
                to: self.clone(),
                child,
                receipt: receipt.to_owned(),
            })
        })
    }
}

/// What the guardian's part comes to.
pub(crate) enum Clearance {
    /// Go on.
    Cleared(GuardianCleared),
    /// A guardian said no: the platform hears what it hears of every refusal.
    Refused,
}

/// The copy of a child's receipt that a guardian gets (a note in the guardian's own history).
#[derive(Debug, Clone)]
pub struct GuardianCopy {
    to: ReceiptCopyTo,
    child: PersonId,
    receipt: String,
}

impl From<GuardianError> for DecisionError {
    fn from(error: GuardianError) -> Self {
        match error {
            GuardianError::Refused(refused) => DecisionRefused::Guardian(refused).into(),
            GuardianError::Fault(fault) => fault.into(),
        }
    }
}

impl GuardianCleared {
    /// Whether it reaches to attributes: anything of a child under 14 is sensitive (R9.2), so the guardian consents to
    /// this very request; a standing consent covers the result alone (R5.2, R8.2).
    pub(crate) fn covers_attributes(&self) -> bool {
        self.0.as_ref().is_none_or(|approved| approved.now)
    }

    /// Whether a guardian decides at this age: the person is under 14.
    pub(crate) fn by_guardian(&self) -> bool {
        self.0.is_some()
    }

    /// Whom the receipt is copied to.
    pub(crate) fn receipt_copy_to(&self) -> Option<ReceiptCopyTo> {
        self.0.as_ref().map(|approved| approved.guardian.clone())
    }
}

impl Service {
    /// Whether a guardian's consent is needed for this use today, and given (R5.2). `statement` is what came beside the
    /// child's own decision.
    pub(crate) async fn guardian_clears(
        &self,
        view: &HolderView,
        request: (&str, &OpenRequest),
        statement: Option<&str>,
    ) -> Result<Clearance, DecisionError> {
        let (transaction, open) = request;
        match self.age_of(&view.person)? {
            // R4.4: no use either.
            AgeGroup::BelowMinimum => return Err(DecisionRefused::TooYoung.into()),
            AgeGroup::GuardianApplies => {}
            // R4.5: from 14 on nobody else's consent is asked. A guardian's no that the person hands in is still a no.
            AgeGroup::GuardianSupervises | AgeGroup::Adult => {
                return self.without_guardian(statement).await;
            }
        }
        let key = key_thumbprint(&device_key(&view.device)?)?;
        // 1. A guardian beside the child, now.
        if let Some(text) = statement {
            let proven = self
                .guardian_states(text, &key, Uses::GuardedByTarget)
                .await?;
            let says = proven.statement();
            let about_this = says.act == GuardianAct::Verification
                && says.transaction.as_deref() == Some(transaction);
            if !about_this {
                return Err(GuardianError::from(GuardianRefused::AboutSomethingElse).into());
            }
            let guardian = &proven.view().person;
            let standing = says.standing;
            let weight = Weight::of_consent(standing);
            let link = self
                .link_in_force(&view.person, guardian.person, weight)
                .await?;
            if says.decision == Choice::Refuse {
                return Ok(Clearance::Refused);
            }
            return Ok(cleared(guardian, link, true, standing));
        }
        // 2. A guardian elsewhere, about this very request.
        match self
            .guardian_answer(view.person.person, transaction, &key)
            .await?
        {
            Some(Answered {
                approved: false, ..
            }) => return Ok(Clearance::Refused),
            Some(answered) => {
                let guardian = self
                    .store
                    .person(answered.guardian)
                    .await
                    .map_err(Fault::from)?;
                if let Some(guardian) = guardian {
                    let weight = Weight::of_consent(answered.standing);
                    let link = self
                        .link_in_force(&view.person, guardian.person, weight)
                        .await?;
                    return Ok(cleared(&guardian, link, true, answered.standing));
                }
            }
            None => {}
        }
        // 3. A standing consent for this platform, of a guardian still in force.
        match self
            .standing_guardian(&view.person, &open.platform.id)
            .await?
        {
            Some((guardian, link)) => Ok(cleared(&guardian, link, false, false)),
            None => Err(DecisionRefused::GuardianNeeded.into()),
        }
    }

    async fn without_guardian(&self, statement: Option<&str>) -> Result<Clearance, DecisionError> {
        let refuses = match statement {
            None => false,
            Some(text) => {
                let proven = self
                    .proven_device::<super::statement::GuardianSays>(
                        text,
                        super::GUARDIAN_TYPE,
                        Uses::GuardedByTarget,
                    )
                    .await?;
                proven.statement().decision == Choice::Refuse
            }
        };
        if refuses {
            return Ok(Clearance::Refused);
        }
        Ok(Clearance::Cleared(GuardianCleared(None)))
    }

    /// Records the guardian's consent to this use, and keeps a standing one; once, when the request was taken.
    pub(crate) async fn guardian_decided(
        &self,
        child: &PersonRow,
        open: &OpenRequest,
        cleared: &GuardianCleared,
    ) -> Result<(), Fault> {
        let Some(approved) = &cleared.0 else {
            return Ok(());
        };
        if !approved.now {
            return Ok(());
        }
        let event = AuditEvent::GuardianConsentedToUse {
            person: child.person,
            day: self.now().day(),
        };
        let event = EventDraft::new(event, self.random());
        self.store.record(child.person.bucket(), event).await?;
        if approved.standing {
            self.give_standing(child, &open.platform, approved.link)
                .await?;
        }
        Ok(())
    }

    /// Puts the copy into the guardian's own history. It is no part of the platform's exchange, neither in time nor in
    /// success: the platform must not notice that there is a guardian (R8.1).
    pub async fn keep_guardian_copy(&self, copy: Box<GuardianCopy>) -> Result<(), Fault> {
        let child = self.store.person(copy.child).await?;
        let name = match &child {
            Some(child) => self.masked_name(child)?,
            None => String::new(),
        };
        let key = Base64UrlUnpadded::decode_vec(&copy.to.history_key)
            .map_err(|_| Fault::Invariant("history key of a guardian"))?;
        let day = self.now().day();
        let seal = |text: &str| InboxEntry::seal(copy.to.guardian, day, text, &key, self.random());
        let named = (name.as_str(), ChildHandle::of(copy.child, self.keys())?);
        let whole = child_receipt(named, Some(&copy.receipt), self.now());
        let entry = seal(&whole)
            // A receipt too long to lie beside the rest of the note: the note says that there is one.
            .or_else(|_| seal(&child_receipt(named, None, self.now())))
            .map_err(|_| Fault::Invariant("a guardian's note does not seal"))?;
        let event = AuditEvent::InboxNotePut {
            person: copy.to.guardian,
            day,
        };
        let event = EventDraft::new(event, self.random());
        self.store.put_receipt(entry, event).await?;
        Ok(())
    }

    /// A guardian in force who is there, by the tag of the link.
    pub(super) async fn guardian_of_link(
        &self,
        child: &PersonRow,
        tag: &Digest,
    ) -> Result<Option<PersonRow>, Fault> {
        let links = self.open_links(child, LinkSide::Child).await?;
        match links.iter().find(|link| link.row.tag == *tag) {
            Some(link) => Ok(self.store.person(link.content.other).await?),
            None => Ok(None),
        }
    }
}

fn cleared(guardian: &PersonRow, link: Digest, now: bool, standing: bool) -> Clearance {
    Clearance::Cleared(GuardianCleared(Some(GuardianApproved {
        guardian: ReceiptCopyTo::guardian(guardian),
        link,
        now,
        standing,
    })))
}

/// The signing key of a stored device.
pub(crate) fn device_key(device: &DeviceRow) -> Result<PublicKey, Fault> {
    let curve = match device.curve {
        DeviceCurve::P256 => Curve::P256,
        DeviceCurve::Sm2 => Curve::Sm2,
    };
    PublicKey::from_sec1(curve, &device.signing_key)
        .map_err(|_| Fault::Invariant("a stored device key is no key"))
}

/// How statements name a request.
pub(super) fn transaction_of(text: &str) -> String {
    Base64UrlUnpadded::encode_string(&sha256(&[text.as_bytes()]).0)
}
