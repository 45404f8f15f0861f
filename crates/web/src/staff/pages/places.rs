//! The places a desk leads to, by duty. To add a place: a line here.

use identity::staff::{ActingStaff, Duty};

use crate::page::console::Place;

use super::desk::Desk;

/// The navigation of a desk, by duty.
pub(super) fn of(desk: &Desk) -> Vec<Place> {
    let all = operator_places(&desk.staff)
        .into_iter()
        .chain(other_places(&desk.staff));
    let path = desk.frame.path.split('?').next().unwrap_or_default();
    let mut places: Vec<Place> = all
        .filter(|(_, _, shown)| *shown)
        .map(|(href, key, _)| Place {
            href,
            text: desk.say(key),
            here: path == href,
        })
        .collect();
    // A page below a place belongs to it.
    if !places.iter().any(|place| place.here)
        && let Some(above) = places
            .iter_mut()
            .filter(|place| path.starts_with(place.href))
            .max_by_key(|place| place.href.len())
    {
        above.here = true;
    }
    places
}

/// A place, the key of its words, and whether it is shown.
type Entry = (&'static str, &'static str, bool);

fn operator_places(staff: &ActingStaff) -> [Entry; 10] {
    let operator = staff.role().is_operator();
    let any = |duties: &[Duty]| operator && duties.iter().any(|duty| staff.may(*duty));
    let persons = [Duty::ReviewApplications, Duty::WorkOnCases];
    let people = [Duty::OperateMachines, Duty::ManageKeys, Duty::ReadAudit];
    [
        ("/operator", "staff.queue", operator),
        ("/operator/platforms", "staff.platforms", operator),
        ("/operator/persons", "staff.persons", any(&persons)),
        (
            "/operator/counter",
            "staff.counter",
            any(&[Duty::ReviewApplications]),
        ),
        (
            "/operator/complaints",
            "case.title",
            any(&super::complaints::READERS),
        ),
        (
            "/operator/incidents",
            "incident.title",
            any(&super::incidents::READERS),
        ),
        (
            "/operator/notices",
            "edition.title",
            any(&super::notices::READERS),
        ),
        (
            "/operator/legal-requests",
            "legal.title",
            any(&super::legal_requests::READERS),
        ),
        ("/operator/people", "staff.people", any(&people)),
        ("/operator/audit", "staff.audit", any(&[Duty::ReadAudit])),
    ]
}

fn other_places(staff: &ActingStaff) -> [Entry; 11] {
    let watches = staff.may(Duty::Supervise);
    let watches_all = staff.role().watches(identity::staff::Field::General);
    let speaks = staff.may(Duty::SpeakForPlatform);
    [
        ("/supervisor", "staff.overview", watches),
        ("/supervisor/platforms", "staff.platforms", watches),
        ("/supervisor/log", "staff.log", watches),
        ("/supervisor/compliance", "compliance.title", watches),
        ("/supervisor/incidents", "incident.title", watches),
        ("/supervisor/complaints", "case.counts", watches),
        ("/supervisor/legal-requests", "legal.title", watches_all),
        ("/platform", "staff.own_platform", speaks),
        ("/platform/withdrawals", "withdrawal.title", speaks),
        ("/platform/registration", "staff.registration", speaks),
        ("/platform/scenario", "staff.scenario", speaks),
    ]
}
