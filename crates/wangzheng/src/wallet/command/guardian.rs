//! The wallet of a guardian, beside a child's.

use std::path::Path;

use crate::wallet::{failure::Failure, folder::Folder, protocol::Wallet};

/// The wallet of the guardian of this name. A guardian must hold a 网证 (R4.2), at the same service.
pub(super) fn wallet(data: &Path, name: &str, issuer: &str) -> Result<Wallet, Failure> {
    let wallet = Folder::new(data, name)?.wallet()?.ok_or_else(|| {
        let text = format!(
            "R4.2: the guardian must hold a 网证, and {name} holds none here; apply first: \
             wangzheng wallet apply --issuer URL --person {name}"
        );
        Failure::refused("guardian_holds_none", text)
    })?;
    if wallet.issuer != issuer {
        let text = format!("R4.2: the 网证 of {name} is of another service");
        return Err(Failure::refused("other_issuer", text));
    }
    Ok(wallet)
}
