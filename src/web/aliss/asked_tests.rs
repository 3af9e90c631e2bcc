//! Tests of [`asked`](super).

use super::*;

#[test]
fn what_says_nothing_is_as_if_it_were_not_there() {
    for query in ["", "q=", "q=null", "q=undefined", "q=+", "q", "Q=tea", "&&=&q"] {
        assert_eq!(Asked::new("/", query).text("q"), None, "{query}");
    }
    assert_eq!(Asked::new("/", "q=tea&q=talk&q=").text("q"), Some("talk"));
    assert_eq!(Asked::new("/", "page=-1").number("page"), None);
}

#[test]
fn a_list_is_parted_by_semicolons_and_has_no_spaces() {
    let asked = Asked::new("/", "categories=+food ;%20sport;;sport;a,b");
    assert_eq!(asked.list("categories"), ["food", "sport", "a", "b"]);
}

#[test]
fn the_address_of_another_page_keeps_all_that_was_sent() {
    let asked = Asked::new("/aliss/v4/services/", "postcode=G2+4AA&q=tea+%26+talk&format=json");
    assert_eq!(
        asked.page_address("https://kist.example", 2),
        "https://kist.example/aliss/v4/services/?postcode=G2%204AA&q=tea%20%26%20talk&format=json&page=2"
    );
}
