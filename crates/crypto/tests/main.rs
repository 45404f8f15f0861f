//! What the crate promises, seen from outside. One binary; one module per noun.

#[cfg(test)]
mod key_file;
#[cfg(test)]
mod key_store;
#[cfg(test)]
mod key_use;
#[cfg(test)]
mod sealing;
#[cfg(test)]
mod signing;
#[cfg(test)]
mod vectors;
#[cfg(test)]
mod wycheproof;
