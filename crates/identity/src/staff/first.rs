//! The first accounts of an installation. Opening an account takes two persons (R12.1), and at the beginning there are
//! none: whoever has the machine opens the first of each role, until the two exist who open all others.

use crypto::random::Random;

use crate::audit::{AuditEvent, EventDraft};
use crate::clock::Timestamp;
use crate::oversight::ActName;
use crate::store::{Store, StoreError};

use super::account::NewStaff;
use super::{Role, StaffRow, StaffState};

/// Why the account is not opened here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotFirst {
    /// The account as it was described.
    #[error("R12.1: {0}")]
    Incomplete(&'static str),
    /// A login is never given to a second person.
    #[error("R12.1: the login is taken; a login is never given to a second person")]
    LoginTaken,
    /// There was one of this role before.
    #[error("R12.1: there is an account of this role already; two persons open the next one")]
    NotTheFirst,
    /// The rule of two persons can be kept from now on.
    #[error(
        "R12.1: a system administrator and a security administrator are there; they open all other accounts together"
    )]
    TwoPersons,
}

/// Opens the first account of a role. A closed account counts: nobody comes back to one-person rule by closing accounts.
/// Event `staff_changed`, change `first_opened`.
pub async fn open_first(
    store: &dyn Store,
    random: &dyn Random,
    new: NewStaff,
    now: Timestamp,
) -> Result<Result<(), NotFirst>, StoreError> {
    let there = store.all_staff().await?;
    if let Err(refused) = may_open(&there, &new) {
        return Ok(Err(refused));
    }
    let event = AuditEvent::StaffChanged {
        login: new.login.clone(),
        role: new.role,
        change: "first_opened".to_owned(),
        at: now,
    };
    store
        .put_staff(new.row(), EventDraft::new(event, random))
        .await?;
    Ok(Ok(()))
}

fn may_open(there: &[StaffRow], new: &NewStaff) -> Result<(), NotFirst> {
    new.check().map_err(NotFirst::Incomplete)?;
    if there.iter().any(|row| row.login == new.login) {
        return Err(NotFirst::LoginTaken);
    }
    if there.iter().any(|row| row.role == new.role) {
        return Err(NotFirst::NotTheFirst);
    }
    let open = |role: &Role| {
        let is_open = |row: &StaffRow| row.role == *role && row.state == StaffState::Active;
        there.iter().any(is_open)
    };
    let act = ActName::OpenAccount;
    if act.proposers().iter().any(open) && act.confirmers().iter().any(open) {
        return Err(NotFirst::TwoPersons);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crypto::random::SeededRandom;
    use crypto::{Curve, PrivateKey};
    use jose::jwk::Jwk;

    use super::*;
    use crate::id::StaffLogin;

    fn new(login: &str, role: Role) -> NewStaff {
        let key = PrivateKey::generate(Curve::P256, &SeededRandom::new(3)).unwrap();
        NewStaff {
            login: StaffLogin(login.to_owned()),
            name: "王芳".to_owned(),
            role,
            platform: None,
            key: Jwk::public(key.public(), None, None, None),
        }
    }

    fn row(login: &str, role: Role, state: StaffState) -> StaffRow {
        StaffRow {
            state,
            ..new(login, role).row()
        }
    }

    #[test]
    fn r12_1_one_person_opens_the_first_of_each_role_until_two_can() {
        let system = row("sys", Role::SystemAdministrator, StaffState::Active);
        let security = row("sec", Role::SecurityAdministrator, StaffState::Active);
        let first = new("sys", Role::SystemAdministrator);
        assert_eq!(may_open(&[], &first), Ok(()));
        let one = [system.clone()];
        assert_eq!(may_open(&one, &first), Err(NotFirst::LoginTaken));
        let second = new("sys2", Role::SystemAdministrator);
        assert_eq!(may_open(&one, &second), Err(NotFirst::NotTheFirst));
        assert_eq!(
            may_open(&one, &new("sec", Role::SecurityAdministrator)),
            Ok(())
        );
        assert_eq!(may_open(&one, &new("cases", Role::CaseOfficer)), Ok(()));
        // From now on two persons.
        let both = [system, security];
        let refused = may_open(&both, &new("cases", Role::CaseOfficer));
        assert_eq!(refused, Err(NotFirst::TwoPersons));
        // Closing an account does not bring the beginning back.
        let closed = [row("sys", Role::SystemAdministrator, StaffState::Closed)];
        assert_eq!(may_open(&closed, &second), Err(NotFirst::NotTheFirst));
    }

    #[test]
    fn r12_1_an_account_is_of_a_named_person_with_a_public_key() {
        let nameless = NewStaff {
            name: " ".to_owned(),
            ..new("sys", Role::SystemAdministrator)
        };
        let member = new("forum", Role::PlatformMember);
        for wrong in [nameless, member] {
            let refused = may_open(&[], &wrong);
            assert!(matches!(refused, Err(NotFirst::Incomplete(_))), "{wrong:?}");
        }
    }
}
