//! What the crate promises, seen from outside. One binary; one module per noun.

#[cfg(test)]
mod key_store;
#[cfg(test)]
mod signing;
