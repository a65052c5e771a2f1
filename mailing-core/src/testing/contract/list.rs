//! The list of cases.

/// Makes a test of each case of the contract, in a module per subject.
///
/// `$factory` is an async function without arguments that gives an empty store and a guard: what
/// must outlive the store, such as its temporary folder. The calling crate needs `tokio` with
/// `macros` and `rt`.
#[macro_export]
macro_rules! store_contract {
    ($factory:path) => {
        $crate::contract_cases! {
            $factory;
            audit {
                every_deed_can_be_written
                an_entry_is_written_once
                an_owner_reads_the_own_trail_newest_first
            }
            blog {
                readers_see_what_is_published
                a_post_is_found_at_its_address
                posts_are_found_by_their_words_in_any_case
                an_address_that_a_post_had_leads_to_it_until_it_is_taken
                a_post_has_neighbours
                the_next_planned_post_is_known
                views_add_up
            }
            erasure {
                what_was_deleted_long_ago_is_overdue
                who_came_back_meanwhile_is_not_erased
                an_erased_recipient_leaves_a_pseudonym_in_the_history
                who_took_leave_stays_away_after_the_erasure
                a_list_goes_with_its_members
                a_mailing_with_runs_leaves_its_name
                versions_that_were_sent_outlive_their_message
                of_a_deleted_account_its_history_stays
                what_undoes_old_imports_is_forgotten
            }
            exports {
                an_export_is_read_back_as_it_was_written
                an_export_is_changed_by_one_at_a_time
                an_owner_prepares_one_export_at_a_time
                a_stranger_sees_and_changes_no_export
                an_export_that_waits_is_found
                an_old_export_is_forgotten
            }
            import {
                new_rows_become_recipients
                skipping_leaves_old_recipients_as_they_are
                updating_keeps_what_a_row_leaves_out
                rows_bring_back_what_is_in_the_trash
                an_import_brings_nobody_back_who_took_leave
                old_and_new_rows_go_into_the_list
                a_foreign_list_takes_none
                an_import_touches_its_owner_only
                five_thousand_rows_go_in_at_once
                an_update_keeps_its_time
            }
            imports {
                an_import_is_read_back_as_it_was_written
                an_import_is_moved_from_where_it_is
                imports_come_newest_first
                a_stranger_sees_and_changes_no_import
                what_was_added_is_taken_back_unless_it_was_changed
                what_was_changed_becomes_what_it_was
                who_came_back_from_the_trash_returns_there
                the_list_becomes_what_it_was
                more_than_a_page_is_taken_back
                what_is_too_old_to_be_undone_is_forgotten
                states_of_rows_are_taken_over
                weighing_rows_changes_nothing
            }
            instance {
                settings_are_read_back_as_they_were_saved
                settings_are_saved_over_the_version_that_is_there
                feedback_is_read_back_as_it_was_written
                feedback_is_not_marked_over_what_was_not_read
                feedback_of_one_form_is_kept_once
                feedback_comes_newest_first_by_pages
                feedback_is_found_by_its_mark_and_its_text
                feedback_in_the_trash_is_erased_after_its_time
            }
            ledger_age {
                the_age_of_tries_begins_with_the_first_charged_one
                a_doubt_of_the_sweep_begins_no_age
                what_came_late_begins_the_age_if_it_is_charged
                whoever_steps_aside_knows_since_when
                what_is_tried_anew_has_stepped_aside_for_nobody
            }
            ledger_check {
                an_empty_ledger_is_in_order
                a_ledger_at_work_is_in_order
            }
            ledger_close {
                a_run_completes_when_every_delivery_has_ended
                a_held_run_is_closed_when_nothing_is_left_of_it
                a_stopping_run_waits_for_what_is_in_dialogue
                a_hold_is_released_for_its_own_reason
                a_run_is_ended_as_its_state_allows
                a_held_run_is_ended
                a_mailing_finishes_when_nothing_is_left
                only_launched_mailings_without_future_finish
            }
            ledger_exchange {
                a_claim_is_written_before_it_is_given
                two_workers_never_get_the_same_delivery
                claims_at_the_same_time_are_disjoint
                a_claim_has_the_address_of_then_and_the_name_of_now
                only_running_runs_are_claimed_from
                results_are_settled_before_new_claims
                a_deferred_delivery_is_claimed_at_its_time
                a_postponed_delivery_is_claimed_at_its_time
                what_is_postponed_can_be_recalled
                a_run_that_is_over_is_not_recalled
                retries_and_new_numbers_share_what_is_wanted
                several_runs_are_claimed_from_at_once
                whoever_may_not_get_mail_any_more_is_not_claimed
                whoever_is_suppressed_while_deferred_is_not_tried_again
                a_run_says_whether_it_is_ready
                claims_that_got_lost_on_the_way_are_released
            }
            ledger_freeze {
                content_is_kept_as_it_was
                the_audience_is_copied_page_by_page
                a_freeze_goes_on_where_it_stopped
                two_freezers_copy_everybody_once
                each_audience_reaches_its_own
                the_barred_are_frozen_as_suppressed
                foreign_suppressions_bar_nobody
                later_recipients_are_not_in_the_run
                an_empty_audience_makes_an_empty_run
                a_mailing_sends_one_run_at_a_time
                two_mailings_send_beside_each_other
                a_final_run_is_not_frozen
            }
            ledger_plan {
                a_mailing_is_due_at_its_instant
                the_most_overdue_come_first
                a_created_mailing_is_due_when_its_window_opens
                only_launched_mailings_are_due
                a_due_mailing_tells_whether_its_owner_is_blocked
                a_plan_is_written_as_a_whole
                a_plan_of_an_old_version_is_outdated
                an_owner_does_not_save_over_a_plan
                an_occurrence_has_one_run
                two_planners_write_one_plan
                a_plan_for_no_mailing_is_outdated
                the_next_instant_is_of_a_mailing_or_a_retry
                open_runs_tell_what_the_engine_must_know
            }
            ledger_settle {
                every_ending_has_its_state_and_its_sum
                results_of_two_claims_of_one_delivery_are_told_apart
                results_come_in_any_order
                only_charged_tries_count
                an_old_token_changes_nothing
                a_token_is_good_for_its_own_rows
                a_batch_handed_in_twice_counts_once
                a_lost_result_does_not_spoil_its_batch
                results_count_while_the_run_is_held_or_stopping
                a_hard_bounce_suppresses_the_address
                a_hard_bounce_leaves_an_older_entry
                a_whole_run_adds_up_at_each_step
            }
            ledger_recover {
                what_was_not_started_goes_back
                without_proof_what_is_left_is_unknown
                results_of_the_journal_are_settled
                a_life_begins_once
                a_worker_recovers_its_own_claims_only
                a_journal_tells_of_swept_deliveries
                a_late_result_tells_how_an_unknown_delivery_ended
                a_late_result_moves_nothing_but_doubts
                an_older_claim_tells_of_delivery_alone
                evidence_opens_no_run_again
                a_sweeping_worker_keeps_its_claims
                workers_are_known_by_their_signs_of_life
                a_silent_worker_is_remembered_while_its_claims_are_open
            }
            ledger_sweep {
                a_lease_that_is_over_leaves_a_doubt
                settled_rows_of_a_dead_claim_stay_settled
                a_worker_renews_its_own_leases
                a_doubt_stays_by_default
                a_doubt_is_retried_once_by_policy
                a_swept_doubt_is_retried_after_a_while
                an_ended_run_retries_nothing
                a_dead_worker_does_not_keep_a_run_stopping
            }
            lists {
                a_list_is_found_by_id_and_name
                an_owner_has_a_list_name_once
                members_are_counted_once
                lists_come_by_name_with_living_members
                only_own_recipients_become_members
                sums_follow_whatever_becomes_of_recipients
            }
            members {
                members_are_taken_out
                the_lists_of_recipients_are_told
                a_list_is_renamed_unless_the_name_is_taken
                a_deleted_list_is_gone_and_its_name_free
                a_list_tells_who_uses_it
                a_stranger_changes_no_list
            }
            mailings {
                a_mailing_is_read_back_as_it_was_written
                a_saved_mailing_has_its_new_fields_and_version
                a_stale_mailing_is_not_saved
                mailings_are_listed_by_status
                the_next_mailings_come_by_their_instant
                the_audience_is_counted_without_the_barred
                only_own_recipients_can_be_picked
                the_owner_of_a_mailing_is_known
                an_instant_has_one_run
                running_runs_are_held_and_released
                open_runs_are_ended
                a_half_frozen_run_is_ended_whole
                a_deleted_mailing_is_gone_and_its_runs_stay
                a_deleted_mailing_starts_no_run
                a_mailing_comes_out_of_the_trash
            }
            audiences {
                an_audience_is_replaced
                picks_are_copied_without_the_deleted
                a_large_audience_is_bounded
                an_audience_is_weighed_before_it_has_a_mailing
                a_stranger_replaces_and_weighs_no_audience
            }
            messages {
                a_message_is_read_back_as_it_was_written
                a_new_version_becomes_the_newest_and_old_ones_stay
                a_version_out_of_turn_is_a_conflict
                a_message_in_the_trash_keeps_its_versions
                the_list_shows_the_newest_version_and_its_use
                the_mailings_that_use_a_message_are_named
                what_is_typed_is_kept_apart_until_a_save
                a_message_comes_out_of_the_trash
                versions_are_listed_newest_first
                the_version_that_was_tried_out_is_noted
                files_are_kept_for_their_owner
                files_that_no_version_names_are_erased
            }
            paging {
                a_walk_meets_each_recipient_once_while_others_come_and_go
                addresses_are_sorted_by_bytes
                a_full_last_page_has_no_next
                a_cursor_that_means_nothing_begins_at_the_first_page
                a_walk_over_messages_is_not_disturbed_by_new_ones
                a_walk_over_mailings_is_not_disturbed_by_new_ones
                runs_of_one_instant_are_all_met
                deliveries_come_by_number
                suppressions_come_by_target
            }
            post {
                a_letter_is_claimed_once_until_its_claim_is_over
                letters_come_oldest_first
                the_queue_of_letters_is_counted
                letters_are_put_off_and_deleted
                a_token_is_read_back_and_spent_once
                one_token_lives_for_each_user_kind_and_slot
                expired_tokens_are_purged
            }
            posts {
                a_post_is_read_back_as_it_was_written
                a_post_is_saved_over_the_version_before_it
                an_address_belongs_to_one_post
                a_stranger_sees_and_changes_no_post
                posts_lie_on_their_shelf
                a_post_comes_out_of_the_trash
                posts_of_the_trash_are_erased
                pictures_are_kept_while_a_post_has_them
            }
            rates {
                a_limit_is_kept_until_it_is_taken_back
                a_bucket_begins_full_and_fills_with_time
                a_bucket_is_shared_by_all_workers
                draws_at_the_same_time_get_no_more_than_there_is
                a_restart_fills_no_bucket
                a_clock_set_back_neither_freezes_nor_floods
                what_was_not_used_is_there_for_others
                buckets_are_apart
                a_draw_that_is_not_committed_took_nothing
            }
            recipients {
                a_recipient_is_read_back_as_it_was_written
                an_owner_has_an_address_once
                a_saved_recipient_has_its_new_fields
                an_address_cannot_become_another_recipients
                a_recipient_in_the_trash_is_not_there
                a_recipient_comes_back_from_the_trash_with_its_id
                who_took_leave_stays_away_after_the_trash
                a_recipient_is_found_even_in_the_trash
                a_recipient_is_found_by_any_spelling
                ids_are_found_for_known_addresses
                recipients_are_counted_by_state
            }
            reports {
                runs_are_summed_up_by_parts_of_a_period
                mailings_are_summed_up_the_greatest_first
                causes_and_domains_are_of_runs_that_are_counted
                a_count_of_a_run_that_has_changed_is_not_kept
                a_run_that_goes_on_is_counted_again
                evidence_that_comes_late_is_counted
                domains_that_are_not_named_are_told_together
            }
            retry {
                failed_ones_begin_anew
                one_of_them_can_be_meant
                a_doubt_sent_again_by_hand_is_not_sent_by_policy
                doubts_are_taken_for_delivered
                a_run_under_way_is_retried_as_well
                a_cancelled_run_goes_on_with_what_is_retried
                a_stranger_retries_nothing
                whoever_is_barred_after_the_claim_is_named
                the_frozen_address_bars
            }
            log {
                the_log_lists_the_runs_that_are_meant
                deliveries_of_a_range_are_filtered
                what_went_to_a_recipient_is_found
                a_stranger_sees_no_log
            }
            runs {
                a_run_shows_its_mailings_name_of_now
                runs_are_listed_by_instant
                the_last_run_of_each_mailing_is_found
                deliveries_are_listed_by_number_and_state
                the_delivery_to_an_address_is_found
                attempts_are_kept_in_their_order
                causes_are_counted
                the_last_refusal_stands_at_the_run
                trouble_is_summed_up_over_ended_runs
                the_end_of_a_run_is_told_once
                a_run_that_goes_on_is_told_of_again
            }
            scopes {
                a_stranger_sees_and_changes_no_sender
                a_stranger_sees_no_recipient
                a_stranger_changes_no_recipient
                what_is_added_belongs_to_the_scope
                a_stranger_sees_and_changes_no_list
                a_stranger_sees_and_changes_no_suppression
                a_stranger_sees_and_changes_no_message
                a_stranger_sees_and_changes_no_mailing
                a_stranger_controls_no_run
                a_stranger_sees_no_run
                a_strangers_counts_are_their_own
                a_mailing_never_reaches_a_strangers_recipients
                a_strangers_list_is_refused_or_empty
            }
            search {
                a_search_looks_at_address_name_and_comment
                a_search_knows_no_case_in_any_alphabet
                a_search_names_addresses_that_begin_so_first
                a_search_takes_every_sign_as_it_is
                filters_narrow_each_other
            }
            second_factors {
                a_second_factor_is_read_back_as_it_was_written
                a_recovery_code_works_once_for_its_user
            }
            senders {
                a_sender_is_read_back_as_it_was_written
                an_owner_has_a_sender_address_once
                a_saved_sender_has_its_new_name_and_verification
                senders_are_found_and_listed
                a_sender_that_no_mailing_names_is_deleted
            }
            sessions {
                a_session_lives_until_it_is_ended
                all_sessions_of_one_user_end_together
                sessions_of_a_user_are_listed_last_used_first
                old_and_idle_sessions_are_purged
                failures_are_kept_for_their_key
                old_failures_are_purged
            }
            statistics {
                an_empty_service_counts_nothing
                mailings_are_counted_by_what_they_may_do
                recipients_are_counted_once_per_address
            }
            submissions {
                a_form_is_noted_by_its_first_arrival
                forms_are_one_users
                forms_of_long_ago_are_forgotten
            }
            supervision {
                mailings_of_everybody_come_with_what_they_sent
                mailings_are_found_by_state_owner_and_text
                what_is_in_the_trash_is_not_supervised
                the_worst_mailings_come_first
                open_runs_of_everybody_come_without_replies
                runs_that_are_being_sent_are_told_for_themselves
                an_owners_activity_is_summed_up
                the_audit_log_is_read_by_person_deed_and_time
                the_audit_log_comes_page_by_page
            }
            suppressions {
                an_entry_covers_every_spelling_of_its_address
                an_entry_of_a_domain_covers_its_addresses
                the_address_comes_before_its_domain
                the_first_entry_of_a_target_stays
                a_removed_entry_is_gone
                an_entry_survives_its_recipient
                entries_are_one_owners
                entries_are_found_by_their_keys
            }
            trash {
                what_is_deleted_lies_in_the_trash_newest_first
                many_are_deleted_and_taken_back_by_their_instant
                one_is_taken_out_of_the_trash
                the_trash_is_its_owners
                ids_come_in_the_order_of_the_list
            }
            units {
                a_dropped_unit_has_done_nothing
                a_committed_unit_is_seen_by_later_ones
                a_unit_reads_what_it_has_written
                a_reading_unit_refuses_to_write
                a_reading_unit_does_not_wait_for_a_writer
                a_reading_unit_sees_one_moment
                a_database_keeps_its_name
                a_store_answers_a_ping
            }
            uploads {
                an_upload_is_read_back_as_it_was_written
                an_upload_is_changed_by_one_at_a_time
                pieces_are_kept_by_part_and_number
                pieces_are_taken_while_they_are_due
                an_upload_is_dropped_unless_it_is_worked_on
                a_stranger_sees_and_changes_no_upload
                work_is_found_one_of_an_owner_at_a_time
                what_nobody_uses_is_forgotten
            }
            users {
                a_user_is_read_back_as_it_was_written
                a_saved_user_has_its_new_fields
                a_picture_is_kept_for_its_user_until_it_goes
                an_address_is_taken_once_however_it_is_spelled
                an_address_cannot_become_another_users
                a_user_is_found_by_any_spelling
                users_come_in_pages_by_address
                users_are_found_by_role_standing_and_text
                administrators_who_may_act_are_counted
                changes_at_the_same_moment_keep_each_other
                administrators_are_counted_by_one_at_a_time
            }
            veiling {
                old_addresses_are_veiled_and_longer_ones_stay
                who_is_named_where_no_mail_went_is_veiled_in_any_letters
                subjects_in_the_audit_log_are_veiled
                a_recipient_is_erased_in_portions
                an_account_is_erased_in_portions
            }
        }
    };
}

/// The part of [`store_contract!`] that knows how a case becomes a test.
#[doc(hidden)]
#[macro_export]
macro_rules! contract_cases {
    ($factory:path; $($subject:ident { $($case:ident)* })*) => {$(
        mod $subject {
            use super::*;

            $(#[tokio::test]
            async fn $case() {
                let (store, _guard) = $factory().await;
                $crate::testing::contract::$subject::$case(&store).await;
            })*
        }
    )*};
}
