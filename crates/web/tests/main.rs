//! The service over HTTP, in one process: what people, platforms and strangers meet (see `testkit`).

#[cfg(test)]
mod adversaries;
#[cfg(test)]
mod apply;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod case;
#[cfg(test)]
mod childhood;
#[cfg(test)]
mod client_authentication;
#[cfg(test)]
mod codes;
#[cfg(test)]
mod complaint;
#[cfg(test)]
mod cross_device;
#[cfg(test)]
mod decide;
#[cfg(test)]
mod devices;
#[cfg(test)]
mod disclosure;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod erasure;
#[cfg(test)]
mod everywhere;
#[cfg(test)]
mod family;
#[cfg(test)]
mod flow;
#[cfg(test)]
mod incidents;
#[cfg(test)]
mod inventory;
#[cfg(test)]
mod link;
#[cfg(test)]
mod metrics;
#[cfg(test)]
mod not_collected;
#[cfg(test)]
mod notices;
#[cfg(test)]
mod outage;
#[cfg(test)]
mod pairwise;
#[cfg(test)]
mod privacy;
#[cfg(test)]
mod published;
#[cfg(test)]
mod races;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod recovery;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod rights;
#[cfg(test)]
mod routes;
#[cfg(test)]
mod signals;
#[cfg(test)]
mod staff;
#[cfg(test)]
mod step_up;
