//! Every version ever published, and which of them are in force on a day (R11.1).

use std::sync::Arc;

use crypto::digest::Digest;

use crate::clock::Day;
use crate::consent::ConsentKind;
use crate::id::NoticeId;

use super::Notice;

/// All versions of all notices, each with the digests of its two languages. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Editions(Arc<Vec<(Notice, [Digest; 2])>>);

impl Editions {
    /// From what the store holds.
    pub fn new(mut notices: Vec<Notice>) -> Self {
        // The service itself first, then what needs a consent of its own; versions in their order.
        notices.sort_by_key(|notice| {
            let separate = notice.consent != ConsentKind::General;
            (separate, notice.id.clone(), notice.version)
        });
        let with_digests = notices.into_iter().map(|notice| {
            let digests = [
                notice.digest_of(&notice.chinese),
                notice.digest_of(&notice.english),
            ];
            (notice, digests)
        });
        Self(Arc::new(with_digests.collect()))
    }

    /// All of them.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Notice> {
        self.0.iter().map(|(notice, _)| notice)
    }

    /// The versions of one notice, oldest first.
    pub fn of(&self, id: &NoticeId) -> impl DoubleEndedIterator<Item = &Notice> {
        self.all().filter(move |notice| notice.id == *id)
    }

    /// One version.
    pub fn version(&self, id: &NoticeId, version: u32) -> Option<&Notice> {
        self.of(id).find(|notice| notice.version == version)
    }

    /// The version somebody agreed to, by the digest of either language.
    pub fn by_digest(&self, digest: &Digest) -> Option<&Notice> {
        let found = self.0.iter().find(|(_, digests)| digests.contains(digest));
        found.map(|(notice, _)| notice)
    }

    /// The version of every notice that is in force on a day: of those whose day has come, the newest.
    pub fn in_force(&self, today: Day) -> impl Iterator<Item = &Notice> {
        self.all().filter(move |notice| {
            let newer =
                |other: &&Notice| other.version > notice.version && other.effective_from <= today;
            notice.effective_from <= today && !self.of(&notice.id).any(|other| newer(&other))
        })
    }

    /// Versions that are published and not in force yet.
    pub fn upcoming(&self, today: Day) -> impl Iterator<Item = &Notice> {
        self.all()
            .filter(move |notice| notice.effective_from > today)
    }

    /// The version before one.
    pub fn before(&self, notice: &Notice) -> Option<&Notice> {
        self.of(&notice.id)
            .rfind(|other| other.version < notice.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::application_notices;

    #[test]
    fn r11_1_a_version_comes_into_force_on_its_day() {
        let first = application_notices().remove(0);
        let mut second = first.clone();
        second.version = 2;
        second.effective_from = Day(20_000);
        let editions = Editions::new(vec![second.clone(), first.clone()]);
        let on = |day| {
            editions
                .in_force(Day(day))
                .map(|n| n.version)
                .collect::<Vec<_>>()
        };
        assert_eq!(on(19_999), [1]);
        assert_eq!(on(20_000), [2]);
        assert_eq!(editions.upcoming(Day(19_999)).count(), 1);
        assert_eq!(editions.upcoming(Day(20_000)).count(), 0);
        assert_eq!(editions.before(&second), Some(&first));
        let agreed = first.digest_of(&first.english);
        assert_eq!(editions.by_digest(&agreed), Some(&first), "stays readable");
    }
}
