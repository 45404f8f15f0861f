//! A registry of synthetic documents, for demo and sandbox only.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use thiserror::Error;
use time::Date;
use tracing::warn;

use super::population::{Population, RegistryState, SandboxPerson};
use super::{
    GuardianRecord, HolderReference, Registry, RegistryAnswer, RegistryUnavailable, Relation,
};
use crate::document::{Document, DocumentKind, DocumentNumber};

/// The witness that this process says of itself to be a demo or a sandbox.
///
/// A simulator asks for it, so that none can be wired into a service that names its environment otherwise.
#[derive(Debug, Clone, Copy)]
pub struct SandboxOnly(());

impl SandboxOnly {
    /// From the name of the environment as configured: `demo` or `sandbox`.
    pub fn in_environment(name: &str) -> Result<Self, NotASandbox> {
        match name {
            "demo" | "sandbox" => Ok(Self(())),
            _ => Err(NotASandbox),
        }
    }
}

/// A simulator was asked for outside `demo` and `sandbox`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a simulator can only run in the environments `demo` and `sandbox`")]
pub struct NotASandbox;

/// Answers as a registry would that knows the synthetic persons of a [`Population`] and nobody else.
///
/// What is changed while it runs (a document reported lost, an outage) lives in memory only.
pub struct RegistrySimulator {
    population: Population,
    changes: Mutex<Changes>,
}

#[derive(Default)]
struct Changes {
    states: HashMap<HolderReference, RegistryState>,
    /// Guardianships that a test or an operator of a sandbox changed: child and guardian, whether in force.
    guardianships: HashMap<(HolderReference, HolderReference), bool>,
    /// States of single documents; before those of the human.
    documents: HashMap<Key, RegistryState>,
    /// Documents issued or amended while it runs.
    issued: HashMap<Key, (SandboxPerson, Document)>,
    silent: bool,
}

type Key = (DocumentKind, String);

fn key(number: &DocumentNumber) -> Key {
    (number.kind(), number.canonical().to_owned())
}

impl RegistrySimulator {
    /// A registry of this population. Says in the log what it is.
    pub fn new(population: Population, _witness: SandboxOnly) -> Self {
        warn!("the document registry is a simulator: it knows synthetic persons only");
        Self {
            population,
            changes: Mutex::default(),
        }
    }

    /// The persons it knows.
    pub const fn population(&self) -> &Population {
        &self.population
    }

    /// Changes the state of the documents of whoever holds this number; `false` if nobody does.
    pub fn report(&self, number: &DocumentNumber, state: RegistryState) -> bool {
        match self.population.by_number(number) {
            Some(person) => {
                self.changes().states.insert(person.holder_reference, state);
                true
            }
            None => false,
        }
    }

    /// Ends (`false`) or begins (`true`) a guardianship between two persons of the population; `false` if one of them is
    /// not known.
    pub fn set_guardian(&self, child: &str, guardian: &str, in_force: bool) -> bool {
        let pair = (
            self.population.by_name(child),
            self.population.by_name(guardian),
        );
        let (Some(child), Some(guardian)) = pair else {
            return false;
        };
        let key = (child.holder_reference, guardian.holder_reference);
        self.changes().guardianships.insert(key, in_force);
        true
    }

    fn guardians_of(&self, document: &Document) -> Vec<GuardianRecord> {
        let child = self
            .population
            .by_number(document.number())
            .filter(|child| {
                let known = child.document_with(document.number());
                known.is_some_and(|known| {
                    known.holder() == document.holder()
                        && known.birth_date() == document.birth_date()
                })
            });
        let Some(child) = child else {
            return Vec::new();
        };
        let changes = self.changes();
        let mut guardians: Vec<GuardianRecord> = child
            .guardians
            .iter()
            .filter_map(|name| self.population.by_name(name))
            .map(|guardian| GuardianRecord {
                relation: relation(&guardian),
                holder_reference: guardian.holder_reference,
                in_force: true,
            })
            .collect();
        for ((of, guardian), in_force) in &changes.guardianships {
            if *of != child.holder_reference {
                continue;
            }
            let listed = guardians
                .iter_mut()
                .find(|record| record.holder_reference == *guardian);
            match listed {
                Some(record) => record.in_force = *in_force,
                None => guardians.push(GuardianRecord {
                    holder_reference: guardian.clone(),
                    relation: Relation::Other,
                    in_force: *in_force,
                }),
            }
        }
        guardians
    }

    /// Changes the state of this one document; `false` if nobody holds it.
    pub fn report_document(&self, number: &DocumentNumber, state: RegistryState) -> bool {
        let known = self.holder_of(number).is_some();
        if known {
            self.changes().documents.insert(key(number), state);
        }
        known
    }

    /// Issues a document to whoever holds `number`: renewed, corrected, or of another kind. Under the same
    /// number it takes the place of the one before. `false` if nobody holds `number`.
    pub fn issue(&self, number: &DocumentNumber, document: Document) -> bool {
        let Some((person, _)) = self.holder_of(number) else {
            return false;
        };
        let key = key(document.number());
        self.changes().issued.insert(key, (person, document));
        true
    }

    /// The human of a number, and the document as it is registered now.
    fn holder_of(&self, number: &DocumentNumber) -> Option<(SandboxPerson, Document)> {
        if let Some(issued) = self.changes().issued.get(&key(number)) {
            return Some(issued.clone());
        }
        let person = self.population.by_number(number)?;
        let document = person.document_with(number)?.clone();
        Some((person, document))
    }

    /// While silent, every question is answered by [`RegistryUnavailable`].
    pub fn set_silent(&self, silent: bool) {
        self.changes().silent = silent;
    }

    fn answer(&self, document: &Document, today: Date) -> RegistryAnswer {
        // 1. The document exists and is this holder's; until then no state is told.
        let Some((person, known)) = self.holder_of(document.number()) else {
            return RegistryAnswer::Mismatch;
        };
        if known.holder() != document.holder() || known.birth_date() != document.birth_date() {
            return RegistryAnswer::Mismatch;
        }
        // 2. Its state, 3. its dates: the register's, not the presented ones.
        let changes = self.changes();
        let of_document = changes.documents.get(&key(document.number())).copied();
        let reported = of_document.or(changes.states.get(&person.holder_reference).copied());
        match reported.unwrap_or(person.state) {
            RegistryState::Lost => RegistryAnswer::Lost,
            RegistryState::Cancelled => RegistryAnswer::Cancelled,
            RegistryState::InForce if !known.is_valid_on(today) => RegistryAnswer::Expired,
            RegistryState::InForce => RegistryAnswer::Match(person.record(&known)),
        }
    }

    fn changes(&self) -> MutexGuard<'_, Changes> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Registry for RegistrySimulator {
    async fn check(
        &self,
        document: &Document,
        today: Date,
    ) -> Result<RegistryAnswer, RegistryUnavailable> {
        if self.changes().silent {
            return Err(RegistryUnavailable);
        }
        Ok(self.answer(document, today))
    }

    async fn guardians(
        &self,
        document: &Document,
    ) -> Result<Vec<GuardianRecord>, RegistryUnavailable> {
        if self.changes().silent {
            return Err(RegistryUnavailable);
        }
        Ok(self.guardians_of(document))
    }
}

/// Parents by the names of the list; everybody else is another guardian.
fn relation(guardian: &SandboxPerson) -> Relation {
    match guardian.name.as_str() {
        "father" => Relation::Father,
        "mother" => Relation::Mother,
        _ => Relation::Other,
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use time::macros::date;

    use super::*;
    use crate::document::HolderName;

    const TODAY: Date = date!(2026 - 03 - 01);

    fn simulator() -> RegistrySimulator {
        let witness = SandboxOnly::in_environment("sandbox").unwrap();
        RegistrySimulator::new(
            Population::demo(TODAY).with_generated(7, 1_000, TODAY),
            witness,
        )
    }

    fn check(
        registry: &dyn Registry,
        document: &Document,
        today: Date,
    ) -> Result<RegistryAnswer, RegistryUnavailable> {
        let mut future = pin!(registry.check(document, today));
        match future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            Poll::Ready(answer) => answer,
            Poll::Pending => panic!("the simulator never waits"),
        }
    }

    fn own(name: &str) -> Document {
        Population::demo(TODAY).by_name(name).unwrap().document
    }

    fn with_holder(document: &Document, holder: &str) -> Document {
        let holder = HolderName::parse(holder).unwrap();
        let dates = (document.birth_date(), document.valid_until());
        Document::new(document.number().clone(), holder, dates.0, dates.1, TODAY).unwrap()
    }

    #[test]
    fn simulators_start_in_demo_and_sandbox_only() {
        assert!(SandboxOnly::in_environment("demo").is_ok());
        assert!(SandboxOnly::in_environment("sandbox").is_ok());
        for name in ["production", "", "Demo", "demo ", "staging"] {
            assert_eq!(SandboxOnly::in_environment(name).unwrap_err(), NotASandbox);
        }
    }

    /// R4.1: existence, match, validity, loss.
    #[test]
    fn each_sandbox_person_gets_the_answer_of_their_name() {
        let simulator = simulator();
        for person in simulator.population().named() {
            for document in person.documents() {
                let answer = check(&simulator, document, TODAY).unwrap();
                match person.name.as_str() {
                    "expired" => assert_eq!(answer, RegistryAnswer::Expired),
                    "lost" => assert_eq!(answer, RegistryAnswer::Lost),
                    name => {
                        let RegistryAnswer::Match(record) = answer else {
                            panic!("{name}: {answer:?}")
                        };
                        assert_eq!(
                            record.holder_reference.as_ref(),
                            Some(&person.holder_reference)
                        );
                        assert_eq!(record.birth_date, document.birth_date());
                    }
                }
            }
        }
    }

    /// R4.1: a stranger learns no state, not even that a document was lost.
    #[test]
    fn another_holder_or_birth_date_is_a_mismatch_whatever_the_state() {
        let simulator = simulator();
        for name in ["resident", "expired", "lost"] {
            let stranger = with_holder(&own(name), "别人");
            assert_eq!(
                check(&simulator, &stranger, TODAY),
                Ok(RegistryAnswer::Mismatch)
            );
        }
        let passport = own("overseas");
        let other_day = passport.birth_date().next_day().unwrap();
        let (number, holder) = (passport.number().clone(), passport.holder().clone());
        let older =
            Document::new(number, holder, other_day, passport.valid_until(), TODAY).unwrap();
        assert_eq!(
            check(&simulator, &older, TODAY),
            Ok(RegistryAnswer::Mismatch)
        );
    }

    #[test]
    fn unknown_documents_are_a_mismatch() {
        let simulator = simulator();
        let kind = DocumentKind::ResidentIdentityCard;
        let number = DocumentNumber::parse(kind, "11010519491231002X", TODAY).unwrap();
        let holder = HolderName::parse("林晓安").unwrap();
        let unknown = Document::new(number, holder, date!(1949 - 12 - 31), None, TODAY).unwrap();
        assert_eq!(
            check(&simulator, &unknown, TODAY),
            Ok(RegistryAnswer::Mismatch)
        );
    }

    /// R15.2: what the register says is in force until when, not what is presented.
    #[test]
    fn a_document_runs_out_after_its_last_day() {
        let simulator = simulator();
        let document = own("resident");
        let last_day = document.valid_until().unwrap();
        assert!(matches!(
            check(&simulator, &document, last_day),
            Ok(RegistryAnswer::Match(_))
        ));
        let day_after = last_day.next_day().unwrap();
        assert_eq!(
            check(&simulator, &document, day_after),
            Ok(RegistryAnswer::Expired)
        );
    }

    /// R2.3: one human, two documents, one reference; two humans, two references.
    #[test]
    fn the_holder_reference_joins_the_documents_of_one_human() {
        let simulator = simulator();
        let reference = |document: &Document| match check(&simulator, document, TODAY) {
            Ok(RegistryAnswer::Match(record)) => record.holder_reference.unwrap(),
            other => panic!("{other:?}"),
        };
        let person = simulator.population().by_name("hongkong").unwrap();
        assert_ne!(person.document.kind(), person.further_documents[0].kind());
        assert_eq!(
            reference(&person.document),
            reference(&person.further_documents[0])
        );
        assert_ne!(reference(&person.document), reference(&own("hk_resident")));
    }

    /// R15.2: a loss reported while the service runs, on any document of the human.
    #[test]
    fn reports_and_silence_change_the_answers() {
        let simulator = simulator();
        let person = simulator.population().generated_person(12).unwrap();
        assert!(simulator.report(person.document.number(), RegistryState::Cancelled));
        assert_eq!(
            check(&simulator, &person.document, TODAY),
            Ok(RegistryAnswer::Cancelled)
        );
        assert!(simulator.report(person.document.number(), RegistryState::InForce));
        assert!(matches!(
            check(&simulator, &person.document, TODAY),
            Ok(RegistryAnswer::Match(_))
        ));
        simulator.set_silent(true);
        assert_eq!(
            check(&simulator, &person.document, TODAY),
            Err(RegistryUnavailable)
        );
    }
}
