//! Verifying an evidence package, without the service: every byte of it counts, and what does not fit is named.

use std::collections::BTreeMap;

use crypto::digest::{Digest, sm3};
use jose::jws::Unverified;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::keys::KeyDocument;
use super::{
    Bundle, CaseFacts, ComplaintFacts, EventFacts, FORMAT, MANIFEST_TYPE, Manifest, PartDigest,
};
use crate::audit::{AuditEvent, EventBody};
use crate::case_file::content::CaseEntry;
use crate::complaint::file::receipt_claims;
use crate::log::Leaf;
use crate::log::proof::{ProofDocument, verify_proof};

/// Longest manifest read.
const LONGEST_MANIFEST: usize = 1 << 20;

/// Whose keys are believed.
#[derive(Debug, Clone)]
pub enum Trust {
    /// Those in the file: it is consistent in itself; who made it is for the reader to compare by fingerprint.
    InFile,
    /// Those in the file, if this is their fingerprint.
    Fingerprint(String),
    /// These: from the service, or from a file kept before.
    Keys(KeyDocument),
}

/// Something that does not fit, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Name of the part; `manifest` or `file` for what is around them.
    pub part: String,
    /// What is wrong with it.
    pub problem: String,
}

/// What a verification came to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct EvidenceReport {
    /// Whether everything fits.
    pub good: bool,
    /// Whether the keys were believed for a reason outside the file.
    pub keys_compared: bool,
    /// Fingerprint of the keys in the file.
    pub fingerprint: String,
    /// Which case.
    pub case: String,
    /// About which platform.
    pub platform: String,
    /// Who made the package, by login, and when.
    pub made_by: String,
    /// Seconds since 1970.
    pub made_at: i64,
    /// How many parts.
    pub parts: usize,
    /// Receipts whose signature is the service's.
    pub receipts: usize,
    /// Entries of the case bound to an event.
    pub entries: usize,
    /// Leaves proven to be in the public log.
    pub proven: usize,
    /// Leaves the log did not have yet when the package was made.
    pub pending: usize,
    /// What does not fit.
    pub findings: Vec<Finding>,
}

/// Verifies a file.
pub fn verify_evidence(bytes: &[u8], trust: &Trust) -> EvidenceReport {
    let mut check = Check::default();
    if let Some(bundle) = check.file(bytes) {
        check.bundle(&bundle, trust);
    }
    check.report.good = check.report.findings.is_empty();
    check.report
}

#[derive(Default)]
struct Check {
    report: EvidenceReport,
}

/// What the parts are judged by.
struct Judge<'a> {
    parts: &'a BTreeMap<&'a str, &'a str>,
    keys: &'a KeyDocument,
    issuer: String,
    case: CaseFacts,
}

impl Check {
    fn bad(&mut self, part: &str, problem: impl std::fmt::Display) {
        self.report.findings.push(Finding {
            part: part.to_owned(),
            problem: problem.to_string(),
        });
    }

    /// The frame: JSON of the one form that an export has.
    fn file(&mut self, bytes: &[u8]) -> Option<Bundle> {
        let bundle: Bundle = match serde_json::from_slice(bytes) {
            Ok(bundle) => bundle,
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                self.bad(
                    "file",
                    format!("is not readable at line {line}, column {column}"),
                );
                return None;
            }
        };
        if bundle.format != FORMAT {
            self.bad("file", "is of another format");
        }
        if bundle.to_text().as_bytes() != bytes {
            self.bad(
                "file",
                "was written by something else: the same content has other bytes",
            );
        }
        Some(bundle)
    }

    fn bundle(&mut self, bundle: &Bundle, trust: &Trust) {
        self.report.parts = bundle.parts.len();
        let parts: BTreeMap<&str, &str> = bundle
            .parts
            .iter()
            .map(|part| (part.name.as_str(), part.content.as_str()))
            .collect();
        if parts.len() != bundle.parts.len() {
            self.bad("file", "has two parts of one name");
        }
        // 1. Whose keys.
        let inside = parts
            .get("keys.json")
            .and_then(|text| KeyDocument::read(text.as_bytes()));
        if inside.is_none() {
            self.bad("keys.json", "is missing or does not read");
        }
        let Some(keys) = self.believed(inside, trust) else {
            return;
        };
        // 2. What is signed, and whether each part is what was signed.
        let Some(manifest) = self.manifest(&bundle.manifest, &keys) else {
            return;
        };
        self.digests(bundle, &manifest);
        self.report.made_by.clone_from(&manifest.by);
        self.report.made_at = manifest.iat;
        // 3. What the parts prove.
        let Some(case) = self.read::<CaseFacts>(&parts, "case.json") else {
            return;
        };
        if case.case != manifest.case {
            self.bad("case.json", "is of another case");
        }
        self.report.case.clone_from(&case.case);
        self.report.platform.clone_from(&case.platform);
        let judge = Judge {
            parts: &parts,
            keys: &keys,
            issuer: manifest.iss,
            case,
        };
        self.complaints(&judge);
        self.entries(&judge);
    }

    fn believed(&mut self, inside: Option<KeyDocument>, trust: &Trust) -> Option<KeyDocument> {
        if let Some(inside) = &inside {
            self.report.fingerprint = inside.fingerprint();
        }
        match trust {
            Trust::InFile => inside,
            Trust::Fingerprint(wanted) => {
                self.report.keys_compared = true;
                if *wanted != self.report.fingerprint {
                    self.bad("keys.json", "has another fingerprint than the one given");
                }
                inside
            }
            Trust::Keys(known) => {
                self.report.keys_compared = true;
                Some(known.clone())
            }
        }
    }

    fn manifest(&mut self, text: &str, keys: &KeyDocument) -> Option<Manifest> {
        let verified = Unverified::parse_up_to(text, LONGEST_MANIFEST)
            .ok()
            .filter(|signed| signed.header().has_type(MANIFEST_TYPE))
            .and_then(|signed| signed.verify_with_set(&keys.receipt()).ok())
            .and_then(|payload| payload.claims::<Manifest>().ok());
        if verified.is_none() {
            self.bad("manifest", "is not signed by the service's keys");
        }
        Some(verified?.into_inner())
    }

    fn digests(&mut self, bundle: &Bundle, manifest: &Manifest) {
        for part in &bundle.parts {
            match manifest
                .parts
                .iter()
                .find(|signed| signed.name == part.name)
            {
                None => self.bad(&part.name, "was not signed"),
                Some(signed) if *signed != PartDigest::of(part) => {
                    self.bad(&part.name, "was changed after it was signed");
                }
                Some(_) => {}
            }
        }
        let names = bundle.parts.iter().map(|part| part.name.as_str());
        let signed = manifest.parts.iter().map(|part| part.name.as_str());
        if !names.clone().eq(signed.clone()) {
            let missing = signed.filter(|name| !names.clone().any(|other| other == *name));
            let missing: Vec<String> = missing.map(str::to_owned).collect();
            if missing.is_empty() {
                self.bad("file", "has its parts in another order than was signed");
            }
            for name in missing {
                self.bad(&name, "is missing");
            }
        }
    }

    fn read<T: DeserializeOwned>(&mut self, parts: &BTreeMap<&str, &str>, name: &str) -> Option<T> {
        let read = parts
            .get(name)
            .and_then(|text| serde_json::from_str(text).ok());
        if read.is_none() {
            self.bad(name, "is missing or does not read");
        }
        read
    }

    fn complaints(&mut self, judge: &Judge<'_>) {
        let names = judge
            .parts
            .keys()
            .filter(|name| name.starts_with("complaint/"));
        for name in names.copied().collect::<Vec<_>>() {
            let Some(facts) = self.read::<ComplaintFacts>(judge.parts, name) else {
                continue;
            };
            if !facts.shared && (facts.receipts > 0 || facts.text.is_some()) {
                self.bad(
                    name,
                    "holds what the person did not agree to pass on (Art. 9(2))",
                );
            }
            for at in 1..=facts.receipts {
                self.receipt(judge, &format!("{}/{at}", facts.complaint));
            }
        }
    }

    /// A receipt: signed by the service, made out to the platform, its leaf in the log.
    fn receipt(&mut self, judge: &Judge<'_>, place: &str) {
        let name = format!("receipt/{place}.jws");
        let text = judge.parts.get(name.as_str()).copied().unwrap_or_default();
        let Some(claims) = receipt_claims(text, &judge.keys.receipt()) else {
            self.bad(&name, "is not signed by the service's keys");
            return;
        };
        let claim = |of: &str| {
            claims
                .get(of)
                .and_then(|value| value.as_str())
                .unwrap_or_default()
        };
        if claim("iss") != judge.issuer {
            self.bad(&name, "is of another service");
        }
        if !judge
            .case
            .clients
            .iter()
            .any(|client| client == claim("aud"))
        {
            self.bad(&name, "is made out to another platform");
        }
        self.report.receipts += 1;
        let commitment = claims.get("commitment").cloned().unwrap_or_default();
        let Ok(commitment) = serde_json::from_value::<Digest>(commitment) else {
            self.bad(&name, "names no leaf of the log");
            return;
        };
        self.proof(
            judge,
            &format!("proof/receipt/{place}.json"),
            &commitment,
            None,
        );
    }

    fn entries(&mut self, judge: &Judge<'_>) {
        for at in 1..=judge.case.entries {
            let name = format!("entry/{at}.json");
            let Some(entry) = self.read::<CaseEntry>(judge.parts, &name) else {
                continue;
            };
            let event_name = format!("event/{at}.json");
            let Some(event) = self.read::<EventFacts>(judge.parts, &event_name) else {
                continue;
            };
            if !self.binds(judge, &event_name, &event, &entry) {
                continue;
            }
            self.report.entries += 1;
            let leaf = Leaf::new(
                &event.salt.0,
                &sm3(&[event.body.as_bytes()]),
                &event.receipt,
            );
            let proof = format!("proof/event/{at}.json");
            self.proof(judge, &proof, &leaf.commitment, Some(&leaf.blinded));
        }
    }

    /// Whether an event is about this case and this very entry.
    fn binds(
        &mut self,
        judge: &Judge<'_>,
        name: &str,
        event: &EventFacts,
        entry: &CaseEntry,
    ) -> bool {
        let Ok(body) = serde_json::from_str::<EventBody>(&event.body) else {
            self.bad(name, "does not read");
            return false;
        };
        let bound = matches!(&body.event, AuditEvent::CaseChanged { case, entry: of, officer, at, .. }
            if case.as_str() == judge.case.case
                && *of == entry.digest()
                && *officer == entry.officer
                && *at == entry.at);
        if !bound || body.outcome != "done" {
            self.bad(name, "is not the event of this entry of this case");
        }
        bound
    }

    fn proof(
        &mut self,
        judge: &Judge<'_>,
        name: &str,
        commitment: &Digest,
        blinded: Option<&Digest>,
    ) {
        // The manifest names every proof there was: one taken out is found there.
        let Some(text) = judge.parts.get(name) else {
            self.report.pending += 1;
            return;
        };
        let Ok(proof) = serde_json::from_str::<ProofDocument>(text) else {
            self.bad(name, "does not read");
            return;
        };
        if blinded.is_some_and(|blinded| *blinded != proof.blinded) {
            self.bad(name, "is of another event");
            return;
        }
        match verify_proof(&proof, &judge.keys.log(&judge.issuer), commitment) {
            Ok(_) => self.report.proven += 1,
            Err(error) => self.bad(name, error),
        }
    }
}
