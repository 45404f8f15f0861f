//! No text without a use.

use std::path::Path;

use crate::locale::Locale;

/// Keys that are put together by the code that says them.
const COMPOSED: &[&str] = &[
    "age_marker.",
    "apply.step.",
    "case.button.",
    "case.did.",
    "case.do.",
    "case.measure.",
    "case.origin.",
    "case.state.",
    "attribute.",
    "card.",
    "compliance.",
    "complain.kind.",
    "complain.kind_more.",
    // Chosen by the handler of the form.
    "complain.too_",
    "complaints.outcome_",
    "complaints.state_",
    "consent.",
    "document.",
    "document_trouble.",
    "done.",
    "edition.consent.",
    "incident.button.",
    "incident.clock.",
    "incident.clock_state.",
    "incident.did.",
    "incident.do.",
    "incident.level.",
    "incident.plan.",
    "legal.ask.",
    "legal.state.",
    "notices.state.",
    "notices.means.",
    "problem.",
    "script.mydata.",
    "result.",
    "settings.",
    "staff.act.",
    "staff.credential.",
    "staff.fields.",
    "staff.listed.",
    "staff.refused.",
    "staff.role.",
    "staff.submission.",
    "staff.suspension.",
    "script.staff.",
    "apply.device.submit_",
    "apply.consent.lead_",
    "script.cross_device.",
    "script.family.for_",
    "script.code.",
    "script.complain.",
    "script.notices.",
    "script.consents.delete_",
    "script.consents.own_",
    "script.consents.withdraw_",
    "script.history.child_",
    "script.history.mode_",
    "script.history.notice_",
    "script.history.proof_",
];

#[test]
fn each_text_is_used() {
    const TEMPLATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
    const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/page");
    const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/js");
    // Pages of desks are put together from blocks by their handlers.
    const DESKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/staff");
    let mut sources = String::new();
    for folder in [TEMPLATES, SOURCES, DESKS, SCRIPTS] {
        gather(Path::new(folder), &mut sources);
    }
    let unused: Vec<_> = Locale::ZhCn
        .texts()
        .keys()
        .filter(|key| !COMPOSED.iter().any(|prefix| key.starts_with(prefix)))
        .filter(|key| {
            let last = key.rsplit('.').next().unwrap_or(key);
            let in_script = key.starts_with("script.")
                && [format!("'{last}'"), format!(" {last}:")]
                    .iter()
                    .any(|use_of_it| sources.contains(use_of_it.as_str()));
            !in_script && !sources.contains(&format!("\"{key}\""))
        })
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}

fn gather(folder: &Path, sources: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, sources);
        } else {
            sources.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
}
