//! Tests of [`served`](super).

use super::*;

#[track_caller]
fn check(text: &str, expected: &str) {
    let gazetteer = Gazetteer::embedded();
    let found = match gazetteer.served(text) {
        Served::One(area) => area.code.to_string(),
        Served::Several(areas) => format!("{} areas", areas.len()),
        Served::Nothing => String::new(),
    };
    assert_eq!(found, expected, "{text:?}");
}

#[test]
fn areas_are_known_by_code_and_by_each_of_their_names() {
    check("S12000036", "S12000036");
    check("s12000036", "S12000036");
    // A former code of Fife.
    check("S12000015", "S12000047");
    check("Scotland", "S92000003");
    check("Alba", "S92000003");
    check("City of Edinburgh", "S12000036");
    check("EDINBURGH", "S12000036");
    check("Glasgow City", "S12000049");
    check("Perth & Kinross", "S12000048");
    check("NHS Fife", "S08000029");
}

#[test]
fn words_around_a_name_do_not_matter() {
    check("Fife Council", "S12000047");
    check("The Highland Council area", "S12000017");
    check("Scotland-wide", "S92000003");
    check("across Scotland", "S92000003");
    check("throughout the Highland area", "S12000017");
}

#[test]
fn of_areas_of_one_name_the_council_is_meant() {
    // A ward, a health board and a partnership are called so too.
    check("Highland", "S12000017");
    check("Fife", "S12000047");
}

#[test]
fn what_is_no_name_of_an_area_means_nothing() {
    for text in
        ["", "EH6", "EH6 8RG", "Portree", "Fif", "North Fife", "everywhere", "the", " council"]
    {
        check(text, "");
    }
    check(&"Fife ".repeat(100), "");
}
