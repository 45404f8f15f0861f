//! The walk as it is told.

use std::io::Write;

use serde_json::{Value, json};

use super::PLATFORM;
use crate::{
    demo::relying_party::Verified,
    wallet::protocol::{Wallet, approval::Request},
};

/// What happened.
pub(super) struct Story<'a> {
    /// The person's.
    pub(super) wallet: &'a Wallet,
    /// Whether it was applied for just now.
    pub(super) is_new: bool,
    /// What the forum asked.
    pub(super) request: &'a Request,
    /// What it learned.
    pub(super) verified: &'a Verified,
    /// Length of everything the forum received.
    pub(super) bytes: usize,
}

impl Story<'_> {
    /// In both languages, for people.
    pub(super) fn tell(&self, out: &mut dyn Write) -> std::io::Result<()> {
        let Self {
            wallet,
            request,
            verified,
            ..
        } = self;
        let applied = if self.is_new {
            "已凭合成证件领取 · applied with a synthetic document"
        } else {
            "上次已领取 · holds one from an earlier run"
        };
        writeln!(out, "\n  ① 申领 · apply")?;
        writeln!(out, "     {}：{applied}", wallet.person)?;
        writeln!(
            out,
            "     网号 number      {}（只有本人和服务知道 · known to the person and the service）",
            wallet.wanghao_masked
        )?;
        writeln!(out, "  ② 核验 · approve")?;
        writeln!(
            out,
            "     谁在问 who       {} {}",
            request.platform.name, request.platform.host
        )?;
        writeln!(out, "     做什么 what      {}", request.scenario.title)?;
        writeln!(
            out,
            "     依据 law         {}",
            request.scenario.legal_basis
        )?;
        writeln!(
            out,
            "     也可以 or        {}",
            request.scenario.alternative
        )?;
        writeln!(
            out,
            "     本人已同意，设备签名 · approved, signed by the device"
        )?;
        writeln!(out, "  ③ 平台得到 · what the platform got")?;
        writeln!(out, "     结果 result      通过 pass")?;
        writeln!(
            out,
            "     标识 identifier  {}（只在本平台有效 · good here only）",
            verified.id_token.subject
        )?;
        writeln!(
            out,
            "     方式 mode        {}",
            verified.id_token.mode.acr()
        )?;
        writeln!(
            out,
            "     回执 receipt     签名已验证，双方各存一份 · signature checked, one copy each"
        )?;
        writeln!(
            out,
            "     其他 else        没有 nothing（{} 字节里没有姓名、证件号码、出生日期 · no name, number or birth date in {} bytes）",
            self.bytes, self.bytes
        )
    }

    /// For programs.
    pub(super) fn json(&self) -> Value {
        json!({
            "walk": {
                "person": self.wallet.person,
                "applied": self.is_new,
                "platform": PLATFORM,
                "scenario": self.request.scenario.id,
                "result": "pass",
                "sub": self.verified.id_token.subject,
                "acr": self.verified.id_token.mode.acr(),
                "receipt": self.verified.receipt,
            }
        })
    }
}
