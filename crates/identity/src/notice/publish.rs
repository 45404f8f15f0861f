//! Publishing a version: an act of two persons (R11.1, R12.1). What makes no sense is refused before it is proposed.

use crate::audit::{AuditEvent, EventDraft};
use crate::oversight::two_persons::NotPossible;
use crate::oversight::{Act, Done, TwoPersons};
use crate::service::{Fault, Service};

use super::Notice;
use super::diff::changes;

fn refuse(text: &'static str) -> Result<(), NotPossible> {
    Err(NotPossible {
        rule: "R11.1",
        text,
    })
}

impl Service {
    /// What would be said against a draft, if it were proposed now.
    pub fn check_draft(&self, notice: &Notice) -> Result<(), NotPossible> {
        self.check_publication(notice)
    }

    /// Whether a version may follow what is published.
    pub(crate) fn check_publication(&self, notice: &Notice) -> Result<(), NotPossible> {
        // 1. Every part, in both languages (Art. 11(1), (2)).
        if notice.clone().complete().is_err() {
            return refuse("a part of the notice is missing");
        }
        let languages = (
            notice.chinese.language.as_str(),
            notice.english.language.as_str(),
        );
        if languages != ("zh-CN", "en") {
            return refuse("a notice is written in zh-CN and en");
        }
        // 2. The next version of its notice, and not of the past.
        let editions = self.editions();
        let last = editions.of(&notice.id).next_back();
        let expected = last.map_or(1, |last| last.version + 1);
        if notice.version != expected {
            return refuse("the version is not the next one");
        }
        if notice.effective_from < self.now().day() {
            return refuse("a notice cannot be in force before it is published");
        }
        // 3. Something to say.
        if let Some(last) = last {
            let same = changes(&last.chinese, &notice.chinese).is_empty()
                && changes(&last.english, &notice.english).is_empty()
                && last.subject == notice.subject;
            if same {
                return refuse("nothing changed since the last version");
            }
            // A change of the subject that no text tells of would ask people again without saying why.
            let said =
                |old: &super::NoticeText, new: &super::NoticeText| !changes(old, new).is_empty();
            if last.subject != notice.subject
                && !(said(&last.chinese, &notice.chinese) && said(&last.english, &notice.english))
            {
                return refuse(
                    "the subject changed and the text does not say so in both languages",
                );
            }
        }
        Ok(())
    }

    /// Publishes what two persons agreed to; the same again changes nothing. Event `notice_published`.
    pub(crate) async fn publish_notice(&self, two: TwoPersons) -> Result<Done, Fault> {
        let Act::PublishNotice { notice } = two.act() else {
            return Err(Fault::Invariant("another act than a notice"));
        };
        let Ok(complete) = notice.as_ref().clone().complete() else {
            return Ok(Done("incomplete"));
        };
        let event = AuditEvent::NoticePublished {
            notice: notice.id.clone(),
            digest: notice.digest_of(&notice.chinese),
            at: self.now(),
        };
        let event = EventDraft::new(event, self.random());
        let published = self.store.publish_notice(complete, event).await?;
        self.reload().await?;
        Ok(Done(if published { "published" } else { "known" }))
    }
}
