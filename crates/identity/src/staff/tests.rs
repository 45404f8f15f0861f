//! The separation of roles, read off the tables (R12.1, R3.1).

use std::collections::BTreeSet;

use super::*;
use crate::oversight::act::ActName;

/// Everything there is to do: duties, and the two halves of each dangerous act.
fn powers(role: Role) -> BTreeSet<String> {
    let duties = role.duties().iter().map(|duty| duty.as_str().to_owned());
    let acts = ActName::ALL.into_iter().flat_map(|act| {
        let half = |may: bool, half: &str| may.then(|| format!("{half} {}", act.as_str()));
        [
            half(act.proposers().contains(&role), "propose"),
            half(act.confirmers().contains(&role), "confirm"),
        ]
    });
    duties.chain(acts.flatten()).collect()
}

fn all_powers() -> BTreeSet<String> {
    Role::ALL.into_iter().flat_map(powers).collect()
}

#[test]
fn r12_1_no_role_can_do_everything() {
    let all = all_powers();
    assert!(all.len() > 25, "the tables were read");
    for role in Role::ALL {
        let own = powers(role);
        assert!(!own.is_empty(), "{role:?} has no work");
        // Not nearly either: no role holds half of all powers.
        assert!(own.len() * 2 < all.len(), "{role:?}: {own:?}");
    }
}

#[test]
fn r12_1_the_three_administrators_never_overlap() {
    let three = [
        Role::SystemAdministrator,
        Role::SecurityAdministrator,
        Role::AuditAdministrator,
    ];
    for (position, one) in three.into_iter().enumerate() {
        for other in &three[position + 1..] {
            let common: Vec<_> = powers(one).intersection(&powers(*other)).cloned().collect();
            assert!(common.is_empty(), "{one:?} and {other:?}: {common:?}");
        }
    }
}

#[test]
fn r3_1_supervisors_and_the_audit_administrator_read_and_nothing_else() {
    for role in Role::ALL.into_iter().filter(|role| role.is_read_only()) {
        assert!(
            role.duties().iter().all(|duty| duty.reads_only()),
            "{role:?}"
        );
        for act in ActName::ALL {
            assert!(!act.proposers().contains(&role), "{role:?} {act:?}");
            assert!(!act.confirmers().contains(&role), "{role:?} {act:?}");
        }
    }
    assert!(Role::AuditAdministrator.is_read_only());
}

#[test]
fn r12_1_every_duty_is_somebodys_and_of_one_kind_of_person() {
    for duty in Duty::ALL {
        assert!(Role::ALL.into_iter().any(|role| role.has(duty)), "{duty:?}");
    }
    // Who speaks for a platform decides nothing about platforms.
    let member = powers(Role::PlatformMember);
    assert_eq!(member, BTreeSet::from(["speak_for_platform".to_owned()]));
}

#[test]
fn r12_1_every_act_has_somebody_to_propose_and_somebody_to_confirm() {
    for act in ActName::ALL {
        assert!(!act.proposers().is_empty(), "{act:?}");
        assert!(!act.confirmers().is_empty(), "{act:?}");
    }
}

#[test]
fn r3_1_each_department_watches_its_field() {
    for field in Field::ALL {
        let watchers: Vec<_> = Role::ALL
            .into_iter()
            .filter(|role| role.watches(field))
            .collect();
        assert!(
            watchers.contains(&Role::SupervisorPublicSecurity),
            "{field:?}"
        );
        assert!(watchers.contains(&Role::SupervisorCyberspace), "{field:?}");
        let expected = if field == Field::General { 2 } else { 3 };
        assert_eq!(watchers.len(), expected, "{field:?}: {watchers:?}");
        assert!(watchers.iter().all(|role| role.is_supervisor()));
    }
}

#[test]
fn names_come_back() {
    for role in Role::ALL {
        assert_eq!(Role::from_name(role.as_str()), Some(role));
        let json = serde_json::to_value(role).unwrap();
        assert_eq!(json, role.as_str());
    }
    for duty in Duty::ALL {
        assert_eq!(serde_json::to_value(duty).unwrap(), duty.as_str());
    }
}

/// R12.4: five wrong passwords, then a rest that doubles up to a day.
#[test]
fn r12_4_attempts_run_out_and_the_rest_grows() {
    let mut row = account::NewStaff {
        login: StaffLogin("reviewer1".to_owned()),
        name: "平台审核员丁".to_owned(),
        role: Role::PlatformReviewer,
        platform: None,
        key: serde_json::from_str(r#"{"kty":"EC"}"#).unwrap(),
    }
    .row();
    let mut now = Timestamp(1_800_000_000);
    let mut rests = Vec::new();
    for _ in 0..9 {
        for _ in 0..ATTEMPTS {
            row = row.debit(now).unwrap();
        }
        let until = row.clone().debit(now).unwrap_err();
        rests.push(until.0 - now.0);
        assert!(row.clone().debit(Timestamp(until.0 - 1)).is_err());
        now = until;
    }
    assert_eq!(rests[..3], [900, 1800, 3600]);
    assert_eq!(*rests.last().unwrap(), 24 * 3600);
    let row = row.debit(now).unwrap().signed_in(Digest([1; 32]));
    assert_eq!(
        (row.attempts_left, row.locks, row.locked_until),
        (ATTEMPTS, 0, None)
    );
}
