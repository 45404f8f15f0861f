//! Opening and closing accounts of staff: the system administrator proposes, the security administrator confirms
//! (三员, R12.1).

use super::carry_out::Done;
use super::two_persons::NotPossible;
use super::{Act, TwoPersons};
use crate::service::{Fault, Service};
use crate::staff::account::NewStaff;
use crate::staff::{StaffRow, StaffState};

const RULE: &str = "R12.1";

impl Service {
    pub(super) async fn check_account(&self, act: &Act) -> Result<Result<(), NotPossible>, Fault> {
        let wrong = |text| Ok(Err(NotPossible { rule: RULE, text }));
        match act {
            Act::OpenAccount {
                login,
                name,
                role,
                platform,
                key,
            } => {
                if self.store.staff(login).await?.is_some() {
                    return wrong("the login is taken; a login is never given to a second person");
                }
                let new = NewStaff {
                    login: login.clone(),
                    name: name.clone(),
                    role: *role,
                    platform: platform.clone(),
                    key: (**key).clone(),
                };
                if let Err(text) = new.check() {
                    return wrong(text);
                }
            }
            Act::CloseAccount { login } => {
                let open = self.store.staff(login).await?;
                if open.is_none_or(|row| row.state == StaffState::Closed) {
                    return wrong("there is no such open account");
                }
            }
            _ => return Err(Fault::Invariant("not an act about accounts")),
        }
        Ok(Ok(()))
    }

    /// Opens or closes the account two persons agreed on. Event `staff_changed`.
    pub(super) async fn change_account(&self, two: TwoPersons) -> Result<Done, Fault> {
        match two.act() {
            Act::OpenAccount {
                login,
                name,
                role,
                platform,
                key,
            } => {
                if self.store.staff(login).await?.is_some() {
                    return Ok(Done("login_taken"));
                }
                let new = NewStaff {
                    login: login.clone(),
                    name: name.clone(),
                    role: *role,
                    platform: platform.clone(),
                    key: (**key).clone(),
                };
                self.put_staff_row(new.row(), "opened").await?;
            }
            Act::CloseAccount { login } => {
                let Some(row) = self.store.staff(login).await? else {
                    return Ok(Done("not_found"));
                };
                let row = StaffRow {
                    state: StaffState::Closed,
                    session: None,
                    ..row
                };
                self.put_staff_row(row, "closed").await?;
            }
            _ => return Err(Fault::Invariant("not an act about accounts")),
        }
        Ok(Done("done"))
    }
}
