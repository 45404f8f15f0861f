//! Rows of a numbered stretch, one place for each number, with the gaps and what cannot be read.

use std::ops::RangeInclusive;

use crate::store::StoreError;

/// What is at one number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place<R> {
    Row(R),
    Missing,
    /// The store cannot make a row of what is there.
    Unreadable,
}

/// Reads the rows numbered by `range` with `read(from, limit)`, which gives them in order from a
/// number on. A row that cannot be read is sought out by reading one at a time.
pub(super) async fn places<R>(
    range: RangeInclusive<u64>,
    number: impl Fn(&R) -> u64,
    read: impl AsyncFn(u64, u32) -> Result<Vec<R>, StoreError>,
) -> Result<Vec<(u64, Place<R>)>, StoreError> {
    let first = *range.start();
    let mut places: Vec<(u64, Place<R>)> = range.map(|at| (at, Place::Missing)).collect();
    let limit = u32::try_from(places.len()).unwrap_or(u32::MAX);
    match readable(read(first, limit).await)? {
        None => {
            for (at, place) in &mut places {
                *place = match readable(read(*at, 1).await)? {
                    None => Place::Unreadable,
                    Some(rows) => {
                        let row = rows.into_iter().find(|row| number(row) == *at);
                        row.map_or(Place::Missing, Place::Row)
                    }
                };
            }
        }
        Some(rows) => {
            for row in rows {
                let at = number(&row)
                    .checked_sub(first)
                    .and_then(|at| usize::try_from(at).ok());
                if let Some((_, place)) = at.and_then(|at| places.get_mut(at)) {
                    *place = Place::Row(row);
                }
            }
        }
    }
    Ok(places)
}

/// An answer of the store; `None` when it cannot make rows of what is there.
pub(super) fn readable<T>(answer: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match answer {
        Err(StoreError::Corrupt { .. }) => Ok(None),
        answer => answer.map(Some),
    }
}
