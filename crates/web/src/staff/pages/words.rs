//! How values are said: moments, states, acts.

use identity::clock::Timestamp;
use identity::oversight::submission::SubmissionState;
use identity::oversight::{Act, ProposalRow, ProposalState};

use crate::page::Frame;
use crate::page::console::{Cell, Tone};

/// `2026-11-22 18:04:05`, in Beijing time.
pub(super) fn moment(at: Timestamp) -> String {
    let seconds = (at.0 + 8 * 3600).rem_euclid(86_400);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{} {hour:02}:{minute:02}:{second:02}", at.day())
}

/// A count in groups of three: large ones are read at a glance.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
    let groups = groups.into_iter().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
}

/// An act, in words.
pub(super) fn act(frame: &Frame, act: &Act) -> String {
    let name = frame.say(&format!("staff.act.{}", act.name().as_str()));
    match about(act) {
        Some(about) => format!("{name} · {about}"),
        None => name,
    }
}

/// What an act is about, as far as a list shows it.
fn about(act: &Act) -> Option<String> {
    let value = serde_json::to_value(act).ok()?;
    let text = |name: &str| value.get(name).and_then(|value| value.as_str());
    let what = text("platform").or_else(|| text("login"))?;
    Some(match text("scenario") {
        Some(scenario) => format!("{what} / {scenario}"),
        None => what.to_owned(),
    })
}

/// Where a proposal stands.
pub(super) fn state(frame: &Frame, row: &ProposalRow, now: Timestamp) -> Cell {
    let (key, tone) = match row.state {
        ProposalState::Open if now > row.expires_at => ("staff.state.expired", Tone::Plain),
        ProposalState::Open => ("staff.state.open", Tone::Warn),
        ProposalState::Confirmed => ("staff.state.confirmed", Tone::Warn),
        ProposalState::Done => ("staff.state.done", Tone::Ok),
        ProposalState::Declined => ("staff.state.declined", Tone::Plain),
    };
    Cell::state(frame.say(key), tone)
}

/// Where a submission stands.
pub(super) fn submission(frame: &Frame, state: SubmissionState) -> Cell {
    let tone = match state {
        SubmissionState::Waiting => Tone::Warn,
        SubmissionState::Returned | SubmissionState::Refused => Tone::Bad,
        SubmissionState::Approved => Tone::Ok,
    };
    Cell::state(
        frame.say(&format!("staff.submission.{}", state.as_str())),
        tone,
    )
}

/// Every member of a JSON value on a line of its own: names and values.
pub(super) fn facts(value: &serde_json::Value) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    flatten("", value, &mut facts);
    facts
}

fn flatten(name: &str, value: &serde_json::Value, facts: &mut Vec<(String, String)>) {
    use serde_json::Value;
    let below = |part: &str| {
        if name.is_empty() {
            part.to_owned()
        } else {
            format!("{name}.{part}")
        }
    };
    match value {
        Value::Object(members) => {
            for (part, value) in members {
                flatten(&below(part), value, facts);
            }
        }
        Value::Array(items) => {
            for (number, value) in items.iter().enumerate() {
                flatten(&below(&(number + 1).to_string()), value, facts);
            }
        }
        Value::Null => {}
        Value::String(text) => facts.push((name.to_owned(), text.clone())),
        other => facts.push((name.to_owned(), other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use identity::oversight::ActName;
    use identity::oversight::credential::ListedReason;
    use identity::oversight::standing::SuspensionReason;
    use identity::staff::{Field, Role};

    use crate::locale::Locale;

    #[test]
    fn a_count_is_grouped_by_thousands() {
        for (number, said) in [(0, "0"), (999, "999"), (1000, "1,000")] {
            assert_eq!(super::count(number), said);
        }
        assert_eq!(super::count(12_345_678), "12,345,678");
    }

    /// A new act, role or reason comes with its words.
    #[test]
    fn everything_that_is_listed_has_words() {
        let acts = ActName::ALL.map(|act| format!("staff.act.{}", act.as_str()));
        let roles = Role::ALL.map(|role| format!("staff.role.{}", role.as_str()));
        let fields = Field::ALL.map(|field| format!("staff.fields.{}", field.as_str()));
        let suspensions =
            SuspensionReason::ALL.map(|reason| format!("staff.suspension.{}", reason.as_str()));
        let listed = ListedReason::ALL.map(|reason| format!("staff.listed.{}", reason.as_str()));
        let keys = acts.iter().chain(&roles).chain(&fields).chain(&suspensions);
        for key in keys.chain(&listed) {
            assert!(Locale::ZhCn.texts().contains_key(key.as_str()), "{key}");
        }
    }
}
