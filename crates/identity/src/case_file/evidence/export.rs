//! Making an evidence package.

use crypto::digest::{Digest, sm3};
use serde::Serialize;

use crate::audit::{AuditEvent, EventDraft, EventRow, reference_bucket};
use crate::complaint::file::receipt_claims;
use crate::complaint::officer::{OfficerError, OpenedComplaint};
use crate::log::proof::inclusion_proof;
use crate::service::{Fault, Service};
use crate::staff::ActingStaff;

use super::keys::KeyDocument;
use super::{
    Bundle, CaseFacts, ComplaintFacts, EventFacts, FORMAT, MANIFEST_TYPE, Manifest, Part,
    PartDigest,
};
use crate::case_file::CaseId;
use crate::case_file::open::OpenedCase;

/// Events read at once.
const PAGE: u32 = 500;

impl Service {
    /// Exports a case as one signed file. Event: `case_changed`, change `exported`, bound to the manifest.
    pub async fn export_evidence(
        &self,
        staff: &ActingStaff,
        case: &CaseId,
    ) -> Result<String, OfficerError> {
        let case = self.read_case(staff, case).await?;
        // 1. What was said and done, and what proves it.
        let mut parts = vec![part("case.json", &self.case_facts(&case)?)?];
        for number in &case.contents.complaints {
            let opened = self.opened_complaint(*number).await?;
            parts.extend(self.complaint_parts(&opened).await?);
        }
        parts.extend(self.entry_parts(&case).await?);
        parts.push(Part {
            name: "keys.json".to_owned(),
            content: KeyDocument::of_store(self.keys()).to_text(),
        });
        // 2. Signed.
        let manifest = Manifest {
            iss: self.issuer.clone(),
            iat: self.now().0,
            case: case.row.case.to_string(),
            by: staff.login().to_string(),
            parts: parts.iter().map(PartDigest::of).collect(),
        };
        let manifest = self.sign_record(MANIFEST_TYPE, &manifest)?;
        // 3. Whoever takes data out is named.
        let event = AuditEvent::CaseChanged {
            case: case.row.case.clone(),
            platform: case.row.platform.clone(),
            change: "exported".to_owned(),
            officer: staff.login().to_string(),
            entry: sm3(&[manifest.as_bytes()]),
            at: self.now(),
        };
        let event = EventDraft::new(event, self.random());
        let bucket = reference_bucket(case.row.case.as_str());
        let recorded = self.store.record(bucket, event).await;
        recorded.map_err(Fault::from)?;
        Ok(Bundle {
            format: FORMAT.to_owned(),
            parts,
            manifest,
        }
        .to_text())
    }

    fn case_facts(&self, case: &OpenedCase) -> Result<CaseFacts, Fault> {
        let row = &case.row;
        let platform = self.platform(&row.platform);
        let platform = platform.ok_or(Fault::Invariant("platform of a case"))?;
        Ok(CaseFacts {
            case: row.case.to_string(),
            platform: row.platform.to_string(),
            name: platform.name.chinese.clone(),
            host: platform.host.clone(),
            operator: platform.operator.clone(),
            clients: platform
                .clients
                .iter()
                .map(|app| app.id.to_string())
                .collect(),
            kind: row.kind.as_str().to_owned(),
            article: row.kind.article().to_owned(),
            origin: row.origin.as_str().to_owned(),
            state: row.state.as_str().to_owned(),
            opened_on: row.opened_on.to_string(),
            entries: case.contents.entries.len(),
        })
    }

    async fn complaint_parts(&self, opened: &OpenedComplaint) -> Result<Vec<Part>, Fault> {
        let contents = &opened.contents;
        let number = contents.number;
        // Art. 9(2): what the person did not agree to pass on stays out.
        let receipts: &[String] = if contents.share {
            &contents.receipts
        } else {
            &[]
        };
        let facts = ComplaintFacts {
            complaint: number.to_string(),
            kind: opened.row.kind.as_str().to_owned(),
            received_on: opened.row.received_on.to_string(),
            by_holder: contents.by_holder(),
            shared: contents.share,
            text: contents.share.then(|| contents.text.clone()),
            receipts: receipts.len(),
        };
        let mut parts = vec![part(&format!("complaint/{number}.json"), &facts)?];
        let keys = self.receipt_keys();
        for (at, receipt) in (1..).zip(receipts) {
            parts.push(Part {
                name: format!("receipt/{number}/{at}.jws"),
                content: receipt.clone(),
            });
            let claims = receipt_claims(receipt, &keys).unwrap_or_default();
            let commitment = claims.get("commitment").cloned().unwrap_or_default();
            let commitment: Digest = serde_json::from_value(commitment)
                .map_err(|_| Fault::Invariant("commitment of a receipt"))?;
            let name = format!("proof/receipt/{number}/{at}.json");
            parts.extend(self.proof_part(&name, &commitment).await?);
        }
        Ok(parts)
    }

    async fn entry_parts(&self, case: &OpenedCase) -> Result<Vec<Part>, Fault> {
        let events = self.events_of_case(&case.row.case).await?;
        let mut parts = Vec::new();
        for (at, entry) in (1..).zip(&case.contents.entries) {
            parts.push(part(&format!("entry/{at}.json"), entry)?);
            let digest = entry.digest();
            let row = events.iter().find(|(bound, _)| *bound == digest);
            let (_, row) = row.ok_or(Fault::Invariant("an entry of a case without its event"))?;
            let facts = EventFacts {
                body: String::from_utf8_lossy(&row.body).into_owned(),
                salt: Digest(row.salt),
                receipt: row.receipt,
            };
            parts.push(part(&format!("event/{at}.json"), &facts)?);
            let name = format!("proof/event/{at}.json");
            parts.extend(self.proof_part(&name, &row.leaf().commitment).await?);
        }
        Ok(parts)
    }

    /// The stored events of a case, each with the entry it is bound to.
    async fn events_of_case(&self, case: &CaseId) -> Result<Vec<(Digest, EventRow)>, Fault> {
        let bucket = reference_bucket(case.as_str());
        let mut found = Vec::new();
        let mut from = 1;
        loop {
            let rows = self.store.events(bucket, from, PAGE).await?;
            let Some(last) = rows.last().map(|row| row.sequence) else {
                return Ok(found);
            };
            from = last + 1;
            for row in rows {
                let Some(body) = row.parse().filter(|body| body.outcome == "done") else {
                    continue;
                };
                if let AuditEvent::CaseChanged {
                    case: of, entry, ..
                } = body.event
                    && of == *case
                {
                    found.push((entry, row));
                }
            }
        }
    }

    /// The proof of a leaf, if the log has it already: it is built in batches.
    async fn proof_part(&self, name: &str, commitment: &Digest) -> Result<Option<Part>, Fault> {
        match inclusion_proof(self.store(), commitment).await? {
            Some(proof) => Ok(Some(part(name, &proof)?)),
            None => Ok(None),
        }
    }
}

impl Bundle {
    /// The file: exactly these bytes, so that any other is found.
    pub fn to_text(&self) -> String {
        // Plain structs of strings always serialise.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

impl PartDigest {
    /// Of a part.
    pub fn of(part: &Part) -> Self {
        Self {
            name: part.name.clone(),
            sm3: sm3(&[part.content.as_bytes()]),
        }
    }
}

fn part(name: &str, content: &impl Serialize) -> Result<Part, Fault> {
    Ok(Part {
        name: name.to_owned(),
        content: serde_json::to_string(content).map_err(|_| Fault::Invariant("evidence part"))?,
    })
}
