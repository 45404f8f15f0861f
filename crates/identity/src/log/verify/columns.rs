use super::window::Place;
use super::{Report, Subject};
use crate::audit::EventRow;
use crate::receipt::SealedReceipt;

/// What the row says beside its body must be what the body says.
pub(super) fn verify_columns(
    event: &EventRow,
    receipt: &Place<SealedReceipt>,
    report: &mut Report,
) {
    let EventRow {
        bucket, sequence, ..
    } = *event;
    let subject = Subject::Event { bucket, sequence };
    let Some(body) = event.parse() else {
        report.add(subject, "body is not an event");
        return;
    };
    if (body.bucket, body.sequence) != (bucket, sequence) {
        report.add(subject, "body names another bucket or sequence");
    }
    if body.event.person() != event.person {
        report.add(subject, "person column is not the person of the body");
    }
    if let Place::Row(receipt) = receipt {
        let subject = Subject::Receipt { bucket, sequence };
        if body
            .event
            .person()
            .is_some_and(|person| person != receipt.person)
        {
            report.add(subject, "person column is not the person of its event");
        }
        if body.event.day().is_some_and(|day| day != receipt.day) {
            report.add(subject, "day column is not the day of its event");
        }
    }
}
