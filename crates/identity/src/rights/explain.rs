//! Explain (PIPL 48, 50): why the 网证 does not answer, in words, and what the person can do.

use serde::Serialize;

use crate::clock::Day;
use crate::person::HolderView;
use crate::platform::LocalText;
use crate::service::Service;
use crate::wangzheng::{Suspension, WangzhengState};

/// One reason why platforms get no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// By name: `locked`, `restricted`, `document_expired` …
    pub code: &'static str,
    /// The rule.
    pub rule: &'static str,
    /// Why.
    pub why: LocalText,
    /// What to do.
    pub next: LocalText,
}

/// Everything about the state, for the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The state today.
    pub state: WangzhengState,
    /// Why it is not usable; empty when it is.
    pub reasons: Vec<Reason>,
    /// A correction that waits for the registry.
    pub waiting: Option<LocalText>,
    /// By when a complaint about a refusal is answered, if one is made today (PIPL 50).
    pub answered_by: String,
}

impl Service {
    /// Why, in words.
    pub fn explain(&self, view: &HolderView) -> Explanation {
        let today = self.now().day();
        let row = &view.wangzheng;
        let state = row.state_on(today);
        let mut reasons = Vec::new();
        if let Some(why) = row.suspension_on(today) {
            reasons.push(suspended(why));
        }
        if row.restricted_on.is_some() {
            reasons.push(restricted());
        }
        if row.state == WangzhengState::Locked || row.locked_under {
            reasons.push(locked());
        }
        reasons.extend(ended(state));
        Explanation {
            state,
            reasons,
            waiting: self.waits_for_registry(row),
            answered_by: self.answered_by(today),
        }
    }

    /// The time limit that each refusal names (PIPL 50).
    pub fn answered_by(&self, today: Day) -> String {
        today.plus(self.policy.rights_days).to_string()
    }
}

fn suspended(why: Suspension) -> Reason {
    Reason {
        code: why.as_str(),
        rule: if why.is_of_document() { "R15.2" } else { "C3" },
        why: why.reason(),
        next: why.next_step(),
    }
}

fn restricted() -> Reason {
    Reason {
        code: "restricted",
        rule: "PIPL 44",
        why: LocalText::new(
            "你限制了对个人信息的处理。",
            "You restricted the processing of your information.",
        ),
        next: LocalText::new(
            "凭口令解除限制后即可使用。",
            "Lift the restriction with your PIN.",
        ),
    }
}

fn locked() -> Reason {
    Reason {
        code: "locked",
        rule: "R2.2",
        why: LocalText::new("你锁定了网证。", "You locked your credential."),
        next: LocalText::new("凭口令解锁。", "Unlock it with your PIN."),
    }
}

fn ended(state: WangzhengState) -> Option<Reason> {
    let (code, why, next) = match state {
        WangzhengState::Expired => (
            "expired",
            ("网证已过有效期。", "The credential is past its validity."),
            (
                "重新核验证件即可换新，网号和使用记录不变。",
                "Have your document checked again for a new one. Your number and your history stay.",
            ),
        ),
        WangzhengState::Superseded => (
            "superseded",
            ("已有更新的网证。", "A newer credential took its place."),
            (
                "在最新的设备上使用，或者找回。",
                "Use the newer one, or recover it here.",
            ),
        ),
        WangzhengState::Revoked => (
            "revoked",
            ("网证已注销。", "The credential was ended."),
            ("需要时可以重新申领。", "You may apply again."),
        ),
        _ => return None,
    };
    Some(Reason {
        code,
        rule: "R2.2",
        why: LocalText::new(why.0, why.1),
        next: LocalText::new(next.0, next.1),
    })
}
