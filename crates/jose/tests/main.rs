//! What the crate promises, seen from outside. One binary; one module per noun.

#[cfg(test)]
mod encryption;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod rotation;
#[cfg(test)]
mod sd_jwt;
#[cfg(test)]
mod sd_jwt_disclosures;
#[cfg(test)]
mod sd_jwt_world;
#[cfg(test)]
mod signing;
#[cfg(test)]
mod vectors;
