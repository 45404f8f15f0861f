//! P16: what waits for the person.

use super::{Frame, Page, Template};

/// P16 at `/requests`. Requests this device has opened and not decided are added by the script from the device.
#[derive(Debug, Template)]
#[template(path = "person/requests.html")]
pub struct Requests {
    /// What surrounds the page.
    pub frame: Frame,
    /// What the service knows of (started by a platform or on another screen), the newest first.
    pub waiting: Vec<WaitingRequest>,
    /// How many of them were refused lately: somebody may try to wear the person down.
    pub refused_lately: u32,
}

/// A request that waits.
#[derive(Clone, Debug)]
pub struct WaitingRequest {
    /// Trade name of the platform.
    pub platform: String,
    /// What for.
    pub purpose: String,
    /// Where to decide, a path of this service.
    pub href: String,
    /// Unix seconds when it ends.
    pub expires_at: i64,
}

impl WaitingRequest {
    pub(crate) fn sample() -> Self {
        Self {
            platform: "示例论坛".to_owned(),
            purpose: "异常账号二次核验".to_owned(),
            href: "/requests/aGFuZGxl".to_owned(),
            expires_at: 1_900_000_000,
        }
    }
}

impl Page for Requests {
    fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let page = |waiting: Vec<WaitingRequest>| Self {
            frame: Frame {
                signed_in: true,
                waiting: waiting.len(),
                path: "/requests".to_owned(),
                ..frame.clone()
            },
            waiting,
            refused_lately: 0,
        };
        let worn_down = Self {
            refused_lately: 3,
            ..page(Vec::new())
        };
        vec![
            ("one", page(vec![WaitingRequest::sample()])),
            ("refused", worn_down),
            ("empty", page(Vec::new())),
        ]
    }
}
