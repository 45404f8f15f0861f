//! The conformance suite: what every backend of [`identity::store::Store`] must do.
//!
//! Each noun has its file; a case is a function of a [`Backend`], listed once below. A case that is
//! not listed is dead code, which the lints refuse.

use std::collections::BTreeSet;
use std::sync::Arc;

use identity::store::Store;

pub(crate) mod audit;
pub(crate) mod consent;
pub(crate) mod corrupt;
pub(crate) mod device;
pub(crate) mod handover;
pub(crate) mod log;
pub(crate) mod model;
pub(crate) mod notice;
pub(crate) mod person;
pub(crate) mod pin;
pub(crate) mod platform;
pub(crate) mod race;
pub(crate) mod receipt;
pub(crate) mod two_stores;
pub(crate) mod verb;
pub(crate) mod verification;
pub(crate) mod wanghao;
pub(crate) mod wangzheng;

/// A place where stores can be opened, empty at first, gone when dropped.
pub(crate) trait Backend: Sync {
    /// A new place.
    async fn new() -> Self;
    /// Opens a store there; a second one works on the same data, as another process would.
    async fn open(&self) -> Arc<dyn Store>;
    /// From now on no event can be stored, or can be stored again.
    async fn refuse_events(&self, refuse: bool);
    /// Makes a column of a table say what no version of the service writes, in every row.
    async fn damage(&self, table: &str, column: &str);
    /// Everything that is stored.
    async fn rows(&self) -> Rows;
}

/// Everything that is stored.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Rows {
    /// How many events.
    pub(crate) events: usize,
    /// How many leaves wait for the log.
    pub(crate) pending_leaves: usize,
    /// All rows of all other tables, spelled out.
    pub(crate) others: BTreeSet<String>,
}

/// Makes the suite for one backend: a module of tests.
macro_rules! conformance {
    ($name:ident, $backend:ty) => {
        mod $name {
            conformance! { @cases $backend;
                person {
                    an_application_is_stored_whole,
                    r2_3_one_human_is_one_person_with_any_document,
                    r2_3_a_document_finds_its_owner,
                    a_view_needs_person_wangzheng_and_device,
                    a_history_key_is_replaced,
                }
                wanghao {
                    r2_1_a_wanghao_is_given_once,
                    r2_1_an_unconfirmed_wanghao_lapses_and_is_never_given_again,
                }
                wangzheng {
                    r2_2_a_transition_starts_from_the_named_state_only,
                }
                device {
                    p_recovery_an_added_device_is_told_to_the_person,
                    no_more_devices_than_policy_allows,
                    a_device_is_removed_once,
                    a_history_wrap_reaches_its_device,
                }
                pin {
                    five_attempts_then_a_lock_then_a_refund,
                    a_replaced_pin_has_all_attempts_and_is_told,
                    no_pin_no_attempt,
                }
                consent {
                    r9_2_a_consent_is_given_withdrawn_and_given_anew,
                    r9_2_consents_of_others_do_not_change,
                }
                notice {
                    r11_1_a_version_is_published_once_and_the_newest_counts,
                }
                platform {
                    a_platform_is_registered_and_replaced,
                    names_in_every_script_come_back,
                }
                receipt {
                    c1_history_comes_newest_first_with_its_commitments,
                    pages_do_not_shift_under_insertion,
                }
                handover {
                    a_handover_is_opened_advanced_and_taken_once,
                    an_expired_handover_is_absent,
                    what_expired_is_swept,
                }
                verification {
                    b2_a_request_is_taken_once_and_the_same_answer_may_be_given_again,
                    b2_a_code_is_redeemed_once_and_its_replay_revokes,
                    r2_2_a_code_gives_nothing_unless_the_wangzheng_is_active_today,
                    a_replay_revokes_even_when_the_wangzheng_is_locked_by_then,
                    a_grant_is_of_its_person_alone,
                    c1_requests_and_codes_are_swept_when_they_expired,
                }
                audit {
                    r12_1_an_event_is_stored_as_it_was_sealed,
                    c6_sequences_are_gapless_under_concurrency,
                    events_of_a_person_come_newest_first,
                    days_and_moments_come_back,
                }
                log {
                    c6_an_epoch_is_appended_whole,
                    c6_an_overtaken_sequencer_changes_nothing,
                    c6_a_leaf_enters_the_tree_once,
                    c1_a_limit_does_not_cut_by_bucket,
                    tiles_and_checkpoints_come_back,
                }
                race {
                    b2_one_of_32_takes_a_request,
                    b2_approval_and_refusal_race_and_one_wins,
                    b2_one_of_32_redeems_a_code_and_it_is_revoked,
                    r2_3_one_of_32_applications_of_a_human_succeeds,
                    r2_1_one_of_32_reserves_a_wanghao,
                    one_of_32_takes_a_handover,
                    one_of_32_advances_a_handover,
                    a_pin_never_gives_more_than_five_attempts,
                    one_of_32_moves_a_wangzheng,
                }
                verb {
                    c6_a_row_changes_if_and_only_if_its_event_is_stored,
                    who_does_not_wait_for_the_answer_gets_all_or_nothing,
                }
                two_stores {
                    b2_two_stores_on_one_file_race_and_one_wins,
                    c6_sequences_are_gapless_across_two_stores,
                    everything_is_there_after_opening_again,
                    many_open_at_once,
                }
                corrupt {
                    a_row_that_does_not_parse_is_corrupt_and_no_panic,
                }
                model {
                    random_calls_agree_with_the_model,
                }
            }
        }
    };
    (@cases $backend:ty; $($noun:ident { $($case:ident),+ $(,)? })+) => {
        $(mod $noun {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $case() {
                    use crate::conformance::Backend as _;
                    let backend = <$backend>::new().await;
                    crate::conformance::$noun::$case(&backend).await;
                }
            )+
        })+
    };
}
