//! What happened: every kind of event, with its typed fields.

use crypto::digest::Digest;
use serde::{Deserialize, Serialize};

use crate::case_file::CaseId;
use crate::clock::{Day, Timestamp};
use crate::disclosure::over_asking::OverAsked;
use crate::id::{
    ClientId, DeviceId, IncidentId, NoticeId, PersonId, PlatformId, ProposalId, StaffLogin,
};
use crate::legal_request::LegalRequestId;
use crate::oversight::act::ActName;
use crate::staff::Role;

use super::{Removed, RemovedBy, Sequences};

/// What happened, with typed fields. It never holds a name, a number, a date of birth or a 网号.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum AuditEvent {
    /// A 网号 was set aside for an application under way.
    WanghaoReserved {
        /// When.
        day: Day,
    },
    /// A set-aside 网号 became a person's, or lapsed.
    WanghaoSettled {
        /// When.
        day: Day,
    },
    /// A person applied for 网号 and 网证 (Art. 4).
    PersonApplied {
        /// Who.
        person: PersonId,
        /// When.
        day: Day,
        /// Digests of the notice versions consented to (R9.2).
        notices: Vec<Digest>,
    },
    /// A consent was given or withdrawn (R9.2).
    ConsentChanged {
        /// Who.
        person: PersonId,
        /// When.
        day: Day,
    },
    /// A platform's request was taken: approved or refused by whoever came first (B2).
    RequestTaken {
        /// The minute; no person, no platform.
        minute: Timestamp,
    },
    /// A code was exchanged for a result (Art. 5, 8(1)).
    Verified {
        /// Who.
        person: PersonId,
        /// When; the exact time is in the receipt alone (C1).
        day: Day,
    },
    /// What an approval gave was taken back: by the person, or given up by the app (R9.2, RFC 7009).
    GrantRevoked {
        /// Whose approval.
        person: PersonId,
        /// When.
        day: Day,
    },
    /// A person refused a request; the receipt of it is the person's alone.
    VerificationRefused {
        /// Who.
        person: PersonId,
        /// When.
        day: Day,
    },
    /// One attempt at the 口令 was spent or given back.
    PinAttempted {
        /// Who.
        person: PersonId,
        /// When.
        day: Day,
    },
    /// The 口令 was replaced after the document check (P-recovery).
    PinReplaced {
        /// Who.
        person: PersonId,
        /// When.
        day: Day,
    },
    /// The 网证 changed its state (R2.2).
    WangzhengChanged {
        /// Who.
        person: PersonId,
        /// When.
        day: Day,
        /// The state it came to, by its name.
        to: String,
        /// Why, by the name of the reason (C3).
        reason: String,
    },
    /// The registry was asked again about the document, or a change of it was taken over (R15.2).
    DocumentChecked {
        /// Whose.
        person: PersonId,
        /// When.
        day: Day,
        /// What: `confirmed`, `renewed`, `corrected`, `waiting`.
        change: String,
    },
    /// A new 网号 took the place of the old one, which is dead (R2.1).
    WanghaoReissued {
        /// Whose.
        person: PersonId,
        /// When.
        day: Day,
    },
    /// A reviewed recovery gave the person new identifiers at all platforms.
    GenerationRaised {
        /// Whose.
        person: PersonId,
        /// When.
        day: Day,
    },
    /// A device was added, activated or removed.
    DeviceChanged {
        /// Whose.
        person: PersonId,
        /// Which.
        device: DeviceId,
        /// When.
        day: Day,
        /// What: `added`, `recovered`, `removed`.
        change: String,
    },
    /// The person asked to leave, or cancelled it; or nothing was heard of the person for long (R9.5).
    LeaveChanged {
        /// Whose.
        person: PersonId,
        /// When.
        day: Day,
        /// What: `requested`, `cancelled`, `inactive`.
        change: String,
    },
    /// Something came too late for a person who is gone: it names nobody (R9.5).
    PersonGone {
        /// When.
        day: Day,
    },
    /// A 网号 ended with its person: it is never given again (R2.1, R9.5). No person, no number.
    WanghaoEnded {
        /// When.
        day: Day,
    },
    /// Event rows, or the sealed receipts of some, went: the only reason why a row may be missing (C6, R9.5).
    RowsRemoved {
        /// When.
        day: Day,
        /// What went.
        what: Removed,
        /// By which duty.
        why: RemovedBy,
        /// Exactly which, in the bucket of this event.
        sequences: Sequences,
    },
    /// The service put a message into a person's inbox.
    InboxNotePut {
        /// Whose.
        person: PersonId,
        /// When.
        day: Day,
    },
    /// A guardian consented to the processing of the data of a child under 14 (R4.2, the first fact).
    GuardianConsented {
        /// The child.
        person: PersonId,
        /// When.
        day: Day,
        /// Digests of the notice versions consented to (R9.2).
        notices: Vec<Digest>,
    },
    /// A guardian applied on behalf of a child under 14 (R4.2, the second fact).
    GuardianApplied {
        /// The child.
        person: PersonId,
        /// When.
        day: Day,
    },
    /// A guardian supervised the application of a child of 14 to 17 (R4.3). It is not a consent.
    GuardianSupervised {
        /// The child.
        person: PersonId,
        /// When.
        day: Day,
    },
    /// A guardian consented to one use of a child under 14 (Art. 5(2), R5.2).
    GuardianConsentedToUse {
        /// The child.
        person: PersonId,
        /// When; which platform is in the receipt alone (C1).
        day: Day,
    },
    /// One side of a link between child and guardian changed.
    GuardianLinkChanged {
        /// Beside whom the row lies.
        person: PersonId,
        /// When.
        day: Day,
        /// What: `linked`, `confirmed`, `revoked`, `unlinked`.
        change: String,
    },
    /// A standing consent of a guardian changed (R5.2).
    StandingConsentChanged {
        /// The child.
        person: PersonId,
        /// When.
        day: Day,
        /// What: `given`, `withdrawn`, `void`.
        change: String,
    },
    /// A message waits until an emergency is over (Art. 11(4)).
    InboxNoteDeferred {
        /// Whose.
        person: PersonId,
        /// When.
        day: Day,
    },
    /// Telling was put off, or the reason for it is gone (Art. 11(4)).
    DeferralChanged {
        /// What keeps the service from telling, by name.
        reason: String,
        /// What: `deferred`, `lifted`.
        change: String,
        /// When.
        at: Timestamp,
    },
    /// An incident was recorded, led or closed (Art. 12(3)).
    IncidentChanged {
        /// Which.
        incident: IncidentId,
        /// Which step.
        change: String,
        /// Whether it is a drill.
        drill: bool,
        /// Who; nobody, where the service went on telling.
        by: Option<StaffLogin>,
        /// When.
        at: Timestamp,
    },
    /// An application was kept while the registry did not answer, answered about, or taken up. Of nobody: no person is
    /// known yet.
    ApplicationKept {
        /// When.
        day: Day,
    },
    /// A short-lived hand-over between two devices was opened, advanced or picked up.
    HandoverChanged {
        /// The minute.
        minute: Timestamp,
    },
    /// Something was put into the outbox of a platform (R8.3). The day only: no act of a person shows in it.
    SignalQueued {
        /// Whose outbox.
        platform: PlatformId,
        /// When.
        day: Day,
    },
    /// A platform confirmed what it was told, or could not be reached.
    SignalSettled {
        /// Which.
        platform: PlatformId,
        /// The minute.
        minute: Timestamp,
    },
    /// A member of a platform confirmed at its console what the platform carried out (R8.3).
    SignalConfirmed {
        /// Which.
        platform: PlatformId,
        /// By whom: a named member.
        by: StaffLogin,
        /// Digest of the signal and of what shows that it was carried out.
        evidence: Digest,
        /// The minute.
        minute: Timestamp,
    },
    /// The stream of a platform was made, changed or deleted.
    StreamChanged {
        /// Whose.
        platform: PlatformId,
        /// What: `outbox`, `created`, `changed`, `deleted`.
        change: String,
        /// When.
        at: Timestamp,
    },
    /// A request that a platform started was put before a person, or taken away. No person, no platform.
    WaitingRequestChanged {
        /// When.
        day: Day,
    },
    /// A platform was registered or changed (Art. 7).
    PlatformChanged {
        /// Which.
        platform: PlatformId,
        /// The apps it has now.
        clients: Vec<ClientId>,
        /// When.
        at: Timestamp,
    },
    /// A platform asked for what it was not approved for, and was refused (R8.2). Nobody was asked, so nobody is named.
    PlatformOverAsked {
        /// Which.
        platform: PlatformId,
        /// What.
        kind: OverAsked,
        /// When.
        at: Timestamp,
    },
    /// A notice version was published (Art. 11).
    NoticePublished {
        /// Which.
        notice: NoticeId,
        /// Its digest.
        digest: Digest,
        /// When.
        at: Timestamp,
    },
    /// An account of staff was opened, closed or given another key (R12.1).
    StaffChanged {
        /// Whose.
        login: StaffLogin,
        /// The role it has.
        role: Role,
        /// What: `opened`, `closed`.
        change: String,
        /// When.
        at: Timestamp,
    },
    /// A member of staff tried a password (R12.4).
    StaffAttempted {
        /// Who.
        login: StaffLogin,
        /// When.
        at: Timestamp,
    },
    /// A member of staff signed in (R12.4).
    StaffSignedIn {
        /// Who.
        login: StaffLogin,
        /// When.
        at: Timestamp,
    },
    /// A member of staff signed out.
    StaffSignedOut {
        /// Who.
        login: StaffLogin,
        /// When.
        at: Timestamp,
    },
    /// A supervisor looked at a page (R3.1: themselves audited).
    SupervisorViewed {
        /// Who.
        login: StaffLogin,
        /// The department.
        role: Role,
        /// Which page, by its pattern: never what was searched for.
        page: String,
        /// When.
        at: Timestamp,
    },
    /// A named person proposed a dangerous act (R12.1).
    ActProposed {
        /// The proposal.
        proposal: ProposalId,
        /// Which act.
        act: ActName,
        /// Digest of the act as it was signed.
        digest: Digest,
        /// Who.
        by: StaffLogin,
        /// When.
        at: Timestamp,
    },
    /// A second named person confirmed or declined it (R12.1).
    ActDecided {
        /// The proposal.
        proposal: ProposalId,
        /// What was said: `confirm` or `decline`.
        decision: String,
        /// Who.
        by: StaffLogin,
        /// When.
        at: Timestamp,
    },
    /// A confirmed act was carried out.
    ActDone {
        /// The proposal.
        proposal: ProposalId,
        /// What came of it, by a name.
        result: String,
        /// When.
        at: Timestamp,
    },
    /// A platform submitted something, or a reviewer answered it (R5.1).
    SubmissionChanged {
        /// Whose.
        platform: PlatformId,
        /// `registration`, or `scenario/<id>`.
        subject: String,
        /// Where it stands now.
        to: String,
        /// Who did it.
        by: StaffLogin,
        /// When.
        at: Timestamp,
    },
    /// A member of staff asked for the handle of a person by a document (R12.1). Not of whom.
    SubjectSought {
        /// Who.
        by: StaffLogin,
        /// Whether there is one.
        found: bool,
        /// When.
        at: Timestamp,
    },
    /// A member of staff held a document to the reader of a counter, for an application (C8, R12.1). Not whose.
    ReadAtCounter {
        /// Who.
        by: StaffLogin,
        /// When.
        at: Timestamp,
    },
    /// A member of staff looked at a record (R12.1, P-minors). Not at whose: that is the next event.
    RecordOpened {
        /// Who.
        by: StaffLogin,
        /// The ticket, for a minor's record.
        ticket: Option<ProposalId>,
        /// When.
        at: Timestamp,
    },
    /// A person's record was looked at by a member of staff (P-minors).
    PersonLookedAt {
        /// Whose.
        person: PersonId,
        /// When.
        day: Day,
        /// By whom.
        by: StaffLogin,
    },
    /// A platform was suspended, or its suspension lifted (R7.2, R7.3).
    PlatformStandingChanged {
        /// Which.
        platform: PlatformId,
        /// What: `suspended`, `lifted`, `field`.
        change: String,
        /// When.
        at: Timestamp,
    },
    /// A complaint came, or moved on. Neither person nor platform: only its officers can tell (R7.2, C1).
    ComplaintChanged {
        /// Keyed digest of its number.
        complaint: Digest,
        /// The state it came to, by its name.
        to: String,
        /// When.
        day: Day,
    },
    /// An officer opened a complaint (R12.1).
    ComplaintRead {
        /// Keyed digest of its number.
        complaint: Digest,
        /// Who, by login.
        officer: String,
        /// When.
        at: Timestamp,
    },
    /// A step of a case about a platform (R14.1).
    CaseChanged {
        /// Which.
        case: CaseId,
        /// About whom.
        platform: PlatformId,
        /// What: `opened`, `linked`, `measured`, `closed`, `exported` …
        change: String,
        /// Who, by login; `automatic` for a finding of a counter.
        officer: String,
        /// Digest of the entry, which lies sealed in the case.
        entry: Digest,
        /// When.
        at: Timestamp,
    },
    /// A legal request was entered or carried out (R9.4). Nothing of whom it is about.
    LegalRequestChanged {
        /// Which.
        request: LegalRequestId,
        /// The legal basis, by its name.
        basis: String,
        /// Digest of the number of the authority's document.
        reference: Digest,
        /// What: `drafted`, `provided`, `nothing_held`.
        change: String,
        /// Who, by login: one enters, two carry out.
        officers: Vec<String>,
        /// What was given, by name.
        given: Vec<String>,
        /// When.
        at: Timestamp,
    },
    /// Counters were stored; how far they moved is in their rows.
    CountsAdded {
        /// The minute.
        minute: Timestamp,
    },
    /// A key was made, rotated or retired (C6).
    KeyChanged {
        /// Key id or name of the key; never the key.
        key: String,
        /// What: `created`, `rotated`, `root_rotated`.
        change: String,
        /// When.
        at: Timestamp,
    },
}
