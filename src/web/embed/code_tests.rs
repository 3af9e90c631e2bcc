//! Tests of [`code`](super).

use super::*;

fn shown<'a>(path: &'a str, query: &'a str, colours: &'a Colours) -> Shown<'a> {
    let (base, frame) = ("https://kist.example", "/embed/v1/lists/all");
    Shown { base, path, frame, query, title: "Halls & <more>", colours, tiles: None }
}

#[test]
fn the_element_has_attributes_for_what_it_knows_and_a_query_for_the_rest() {
    let none = Colours::default();
    let code = shown("/lists/all", "topic=a&topic=b&cost=free&near=EH6+8RG&lang=gd", &none);
    assert_eq!(
        code.element(),
        "<asset-list src=\"https://kist.example/lists/all?topic=a&amp;topic=b&amp;cost=free\" \
             near=\"EH6 8RG\" lang=\"gd\">\n  <p><a href=\"https://kist.example/lists/all?topic=a\
             &amp;topic=b&amp;cost=free&amp;near=EH6%208RG&amp;lang=gd\">Halls &amp; &lt;more&gt;\
             </a></p>\n</asset-list>\n\
             <script type=\"module\" src=\"https://kist.example/embed/v1/asset-list.js\"></script>"
    );
}

#[test]
fn a_quotation_mark_can_not_leave_its_string_of_php() {
    let none = Colours::default();
    let code = shown("/near/O'Neil", "q='.system('ls').'", &none).php();
    assert_eq!(code.matches('\'').count(), 4, "{code}");
}
