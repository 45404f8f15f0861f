//! What `wangzheng demo` adds to the service: registered platforms, the platforms themselves as other parties on
//! another host name and port, and one walk in the terminal (design §5).

pub(crate) mod fixtures;
pub(crate) mod platforms;
pub(crate) mod registry;
pub(crate) mod relying_party;
pub(crate) mod walk;
