//! The embeds and the pages in a real browser, over the seeds.
//!
//! One register, one partner's site and one Chromium serve all tests; each
//! test has a browsing context of its own. Outside the machine no name can be
//! resolved. Some of them: `cargo test --test browser keyboard`.
//!
//! Without Chromium nothing is tested, and the end of the output says so.
#![expect(clippy::unwrap_used, reason = "a test may panic, also in its helpers")]

mod accessibility;
mod chromium;
mod element;
mod faults;
mod frame;
mod gate;
mod host;
mod keyboard;
mod languages;
mod map;
mod pages;
mod partners;
mod policies;
mod privacy;
mod register;
mod runner;
mod stage;
mod tab;

use std::process::ExitCode;
use std::sync::Arc;

use runner::Test;
use stage::Stage;

/// The tests of modules, by name.
macro_rules! tests {
    ($($module:ident: $($name:ident)*;)*) => {
        &[$($(Test {
            name: concat!(stringify!($module), "::", stringify!($name)),
            run: |stage: Arc<Stage>| Box::pin($module::$name(stage)),
        },)*)*]
    };
}

const TESTS: &[Test] = tests! {
    element:
        the_list_takes_the_place_of_the_link_and_tells_how_many_there_are
        its_attributes_ask_and_a_change_asks_again
        a_table_has_headings_of_columns_and_rows
        the_host_hears_of_what_happens
        two_lists_on_a_page_are_told_apart
        slots_stand_around_the_list_and_for_an_empty_one
        links_lead_nowhere_that_could_do_harm
        what_is_listed_because_it_serves_the_place_says_so
        a_total_that_is_no_number_is_not_told
        a_name_of_two_lines_has_its_number_at_the_first
        it_reads_from_left_to_right_on_any_page;
    faults:
        the_children_stay_while_the_register_is_slow_and_go_when_it_answers
        the_children_come_back_when_the_register_fails_after_it_has_answered
        an_answer_that_is_no_list_is_a_fault
        a_place_that_is_not_known_is_told_at_the_box
        a_place_that_is_one_of_several_is_chosen_there
        a_place_is_chosen_by_keyboard_without_a_box_too
        a_map_that_can_not_be_loaded_is_told_of_beside_the_list
        a_request_that_is_overtaken_is_given_up
        without_scripts_the_link_is_there;
    policies:
        the_strictest_policy_of_a_host_lets_it_work
        the_movable_map_works_under_trusted_types
        styles_of_the_host_stay_outside
        the_right_hash_is_taken_and_a_wrong_one_leaves_the_link;
    privacy:
        nothing_is_stored_and_no_other_host_is_asked
        a_page_without_map_is_small;
    keyboard:
        the_tab_key_goes_from_the_box_through_the_list_and_out
        the_map_can_be_used_and_left_by_keyboard
        what_has_the_focus_has_a_ring;
    languages:
        each_language_has_its_words_and_plurals
        what_is_off_or_over_is_marked
        the_language_is_that_of_the_nearest_ancestor_that_says_one;
    map:
        the_picture_has_the_numbers_of_the_list
        pins_that_are_close_are_one_and_lead_to_the_same_links
        rings_have_their_middle_and_their_distances_where_no_pin_lies
        the_movable_map_opens_as_large_as_there_is_room
        tiles_come_when_the_map_is_opened_where_the_register_has_some
        the_map_of_a_frame_loads_tiles_of_that_host_and_of_no_other;
    accessibility:
        no_violation_is_found_in_any_state
        no_violation_is_found_in_any_colours_or_width
        nothing_is_cut_off_at_320_pixels
        what_can_be_touched_is_large_enough;
    partners:
        the_pages_of_the_examples_show_the_list
        without_scripts_the_pages_of_the_examples_lead_to_the_list;
    frame:
        the_receiver_of_wordpress_learns_height_and_links
        a_frame_tells_no_height_before_it_has_a_width
        a_plain_page_can_give_the_frame_its_height
        the_way_to_all_is_within_what_wordpress_shows_at_any_width
        a_frame_fits_the_height_that_oembed_tells
        a_frame_of_oembed_is_never_wider_than_its_column
        a_name_of_two_lines_has_its_number_at_the_first
        a_link_to_another_frame_stays_in_this_one_with_its_secret
        the_frame_of_a_list_works_where_wordpress_puts_it;
    pages:
        no_violation_is_found_on_the_main_pages
        a_filter_that_was_opened_goes_by_escape
        no_violation_is_found_on_the_main_pages_without_scripts
        no_violation_is_found_in_dark_forced_colours_or_at_320_pixels
        the_main_pages_ask_nobody_else_and_store_nothing
        the_main_pages_do_without_scripts
        the_contrast_of_colours_is_told_as_they_are_typed_as_the_server_tells_it;
};

fn main() -> ExitCode {
    runner::main(TESTS)
}
