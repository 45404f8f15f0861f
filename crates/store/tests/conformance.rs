//! The conformance suite: what every backend of [`identity::store::Store`] must do.
//!
//! Each noun has its file; a case is a function of a [`Backend`], listed once below. A case that is
//! not listed is dead code, which the lints refuse.

use std::collections::BTreeSet;
use std::sync::Arc;

use identity::store::Store;

pub(crate) mod audit;
pub(crate) mod backchannel;
pub(crate) mod complaint;
pub(crate) mod consent;
pub(crate) mod corrupt;
pub(crate) mod device;
pub(crate) mod disclosure;
pub(crate) mod erasure;
pub(crate) mod guardianship;
pub(crate) mod handover;
pub(crate) mod incident;
pub(crate) mod kept_application;
pub(crate) mod log;
pub(crate) mod model;
pub(crate) mod notice;
pub(crate) mod oversight;
pub(crate) mod person;
pub(crate) mod pin;
pub(crate) mod platform;
pub(crate) mod race;
pub(crate) mod receipt;
pub(crate) mod recheck;
pub(crate) mod rights;
pub(crate) mod signal;
pub(crate) mod staff;
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
                    r2_1_an_ended_wanghao_is_dead_for_ever,
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
                disclosure {
                    r8_2_over_asking_is_counted_by_platform_month_and_kind,
                }
                pin {
                    five_attempts_then_a_lock_and_a_right_answer_gives_all_back,
                    a_replaced_pin_has_all_attempts_and_is_told,
                    no_pin_no_attempt,
                }
                consent {
                    r9_2_a_consent_is_given_withdrawn_and_given_anew,
                    r9_2_a_written_consent_comes_with_its_document,
                    r9_2_consents_of_others_do_not_change,
                    r9_2_a_withdrawal_from_a_platform_ends_all_its_consents_in_one_unit,
                }
                signal {
                    an_outbox_has_one_key_and_a_stream_is_put_by_who_saw_it,
                    r8_3_what_is_not_confirmed_comes_again_and_what_is_never_does,
                    a_full_outbox_still_takes_what_must_be_confirmed,
                    a_deferred_signal_waits_and_an_expired_one_is_swept,
                    one_of_32_confirms_a_signal,
                }
                backchannel {
                    s5_no_more_wait_than_policy_allows,
                    s5_three_refusals_end_the_asking_and_an_approval_forgets_them,
                }
                complaint {
                    r7_2_a_complaint_is_filed_once_and_moves_step_by_step,
                    the_most_urgent_complaint_comes_first,
                    an_officers_key_is_put_once,
                    r14_1_a_case_changes_one_version_at_a_time,
                    r9_4_a_legal_request_changes_one_version_at_a_time,
                    r9_3_counters_add_up,
                }
                notice {
                    r11_1_a_version_is_published_once_and_the_newest_counts,
                    r11_4_a_notice_that_waits_is_delivered_once,
                    r11_4_a_deferral_counts_and_keeps_the_earlier_deadline,
                }
                platform {
                    a_platform_is_registered_and_replaced,
                    names_in_every_script_come_back,
                }
                staff {
                    an_account_is_opened_replaced_and_listed,
                    r12_4_attempts_are_spent_before_anything_is_compared,
                    r12_4_one_session_at_a_time_and_a_first_password_once,
                    r12_4_one_hundred_at_once_spend_five_attempts,
                }
                oversight {
                    r12_1_a_proposal_is_confirmed_by_another_and_done_once,
                    r12_1_whoever_proposed_cannot_confirm,
                    r12_1_wrong_roles_neither_propose_nor_confirm,
                    r12_1_a_closed_account_confirms_nothing,
                    r12_1_an_expired_proposal_is_not_confirmed,
                    b2_of_two_answers_one_counts,
                    where_a_platform_stands_is_replaced,
                    r5_1_the_newest_submission_of_a_subject_counts,
                    c3_a_credential_changes_with_its_notice_or_not_at_all,
                }
                guardianship {
                    r4_2_links_are_put_told_and_ended_once,
                    r5_2_standing_consents_end_one_by_one_by_giver_or_all,
                    r4_2_a_minor_is_stored_with_links_and_facts_or_not_at_all,
                    r4_5_a_minor_moves_on_once_and_is_told,
                }
                receipt {
                    c1_history_comes_newest_first_with_its_commitments,
                    pages_do_not_shift_under_insertion,
                }
                recheck {
                    c3_a_suspension_has_a_reason_and_a_notice,
                    r2_2_a_lock_under_a_suspension_comes_back,
                    r15_2_a_document_is_changed_whole_and_once,
                    r2_3_nobody_takes_over_anothers_document,
                    c3_a_document_does_not_lift_what_a_review_found,
                    p_rights_a_restriction_is_set_and_lifted_once,
                    r15_2_what_is_due_is_found,
                }
                rights {
                    r2_1_of_two_reissues_one_is_overtaken,
                    r2_3_a_generation_rises_by_one_at_a_time,
                }
                kept_application {
                    r15_2_an_application_is_kept_answered_and_taken_once,
                    a_bucket_keeps_no_more_applications_than_it_may,
                    r9_1_a_kept_application_is_absent_after_its_last_day,
                }
                handover {
                    a_handover_is_opened_advanced_and_taken_once,
                    an_expired_handover_is_absent,
                    what_expired_is_swept,
                }
                erasure {
                    r9_5_a_wish_to_leave_restricts_at_once_and_can_be_cancelled,
                    r9_5_an_erasure_leaves_nothing_of_the_person,
                    r9_5_nobody_is_erased_before_the_time_or_after_a_change_of_mind,
                    r9_5_what_comes_late_brings_nobody_back,
                    c6_leaves_of_erased_events_still_reach_the_log,
                    r2_3_a_tombstone_counts_and_goes_after_its_time,
                    r9_1_rows_past_their_time_leave_their_tombstone,
                    r9_1_inactivity_is_announced_once,
                    r9_5_who_was_erased_since_a_day_is_listed,
                }
                verification {
                    b2_a_request_is_taken_once_and_the_same_answer_may_be_given_again,
                    b2_a_code_is_redeemed_once_and_its_replay_revokes,
                    r2_2_a_code_gives_nothing_unless_the_wangzheng_is_active_today,
                    a_replay_revokes_even_when_the_wangzheng_is_locked_by_then,
                    a_grant_is_of_its_person_alone,
                    r9_2_a_grant_taken_back_gives_nothing_before_and_after_redemption,
                    p18_a_refusal_is_kept_once,
                    c1_requests_and_codes_are_swept_when_they_expired,
                }
                audit {
                    r12_1_an_event_is_stored_as_it_was_sealed,
                    c6_sequences_are_gapless_under_concurrency,
                    events_of_a_person_come_newest_first,
                    days_and_moments_come_back,
                }
                incident {
                    r12_3_of_two_changes_at_once_one_counts,
                    r12_3_the_persons_of_a_bucket_come_page_by_page,
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
                    a_pin_never_answers_more_than_five_guesses,
                    right_answers_at_once_are_all_right,
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
