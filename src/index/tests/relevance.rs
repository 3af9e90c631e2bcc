//! Cases of the contracts: what is found, and what comes first.

use jiff::civil::date;

use super::super::{
    Centre, Change, Entry, Explain, Facet, Filter, Index, MatchReason, Online, OnlineToo, Page,
    Query, QueryError, Region, Sort, Standing, Start,
};
use super::{index_of, keys};
use crate::model::Metres;
use crate::model::Point;
use crate::model::Revision;

const GLASGOW: &str = "S12000049";
const ABERDEEN: &str = "S12000033";
const SCOTLAND: &str = "S92000003";

fn point(text: &str) -> Point {
    text.parse().unwrap()
}

fn entry(name: &str, summary: &str) -> Entry {
    let mut entry = Entry::new(&format!("asset/{}", name.replace(' ', "-")), "asset", name);
    entry.texts.summary = summary.to_owned();
    entry
}

fn at(name: &str, position: &str, serves: &[&str]) -> Entry {
    let mut entry = entry(name, "");
    entry.points = position.split(';').filter(|part| !part.is_empty()).map(point).collect();
    entry.serves = serves.iter().map(|&code| code.to_owned()).collect();
    entry
}

fn text(text: &str) -> Query {
    Query { text: text.to_owned(), ..Query::default() }
}

fn near_g2_4aa(metres: f64) -> Query {
    let centre = Centre {
        point: point("55.86529182,-4.2684418"),
        within: Some(Metres::new(metres).unwrap()),
        areas: [GLASGOW, "S08000031", "S37000034", SCOTLAND].map(str::to_owned).to_vec(),
        online: OnlineToo::No,
    };
    Query { centre: Some(centre), ..Query::default() }
}

#[track_caller]
fn check(index: &Index, query: &Query, expected: &[&str]) {
    let found = keys(index, query);
    let found: Vec<&str> = found.iter().map(|key| key.trim_start_matches("asset/")).collect();
    assert_eq!(found, expected, "{query:?}");
}

#[test]
fn all_words_must_be_found_and_the_misspelt_one_comes_last() {
    let index = index_of([
        entry("Food For All", "A handy food activity"),
        entry("Physical Fun", "Physical activity classes"),
        entry("Step Fit 1", "Physical activity classes"),
        entry("Step Fit 2", "Phyzical activiti classes"),
    ]);
    check(&index, &text("Physical Activity"), &["Physical-Fun", "Step-Fit-1", "Step-Fit-2"]);
}

#[test]
fn dancing_never_finds_cancer() {
    let index = index_of([entry("Support", "For people with cancer"), entry("Ceilidh", "Dance")]);
    check(&index, &text("dancing"), &["Ceilidh"]);
    check(&index, &text("cancer"), &["Support"]);
}

#[test]
fn a_name_outranks_a_summary_and_so_on_down() {
    let mut in_description = entry("c", "");
    in_description.texts.description = "Some knitting".to_owned();
    let mut in_categories = entry("b", "");
    in_categories.texts.categories = vec!["Crafts".to_owned(), "Knitting".to_owned()];
    let mut in_organisation = entry("a", "");
    in_organisation.texts.organisation = "Knitting Circle".to_owned();
    let all = [
        in_organisation,
        in_categories,
        in_description,
        entry("d", "Come knitting"),
        entry("knitting and much else besides", ""),
        entry("knitting", ""),
    ];
    let expected = ["knitting", "knitting-and-much-else-besides", "d", "c", "b", "a"];
    check(&index_of(all), &text("knitting"), &expected);
}

#[test]
fn words_together_outrank_the_same_words_apart() {
    let index = index_of([
        entry("Apart", "A club which serves lunch"),
        entry("Together", "A weekly lunch club"),
    ]);
    check(&index, &text("lunch club"), &["Together", "Apart"]);
}

#[test]
fn accents_stems_beginnings_and_typing_errors_are_understood() {
    let index = index_of([entry("Còisir Ghàidhlig", "Gaelic choir, rehearsals weekly")]);
    for query in
        ["coisir", "CÒISIR", "ghaidhlig", "choirs", "rehearsing", "rehea", "galeic", "reheersals"]
    {
        check(&index, &text(query), &["Còisir-Ghàidhlig"]);
    }
    for query in ["xyz", "choir tennis", "rehea ", "oisir", "r"] {
        check(&index, &text(query), &[]);
    }
}

#[test]
fn a_text_without_words_asks_for_nothing() {
    let index = index_of([entry("A", ""), entry("B", "")]);
    for query in ["", "  ", "the of and", "!?", "\u{0}"] {
        check(&index, &text(query), &["A", "B"]);
    }
}

#[test]
fn the_rule_of_service_areas_holds() {
    let index = index_of([
        at("near", "55.86104946,-4.24736892", &[]),
        at("far-but-for-glasgow", "56.7,-4.9", &[GLASGOW]),
        at("nowhere-for-glasgow", "", &[GLASGOW]),
        at("nowhere-for-scotland", "", &[SCOTLAND]),
        at("twelve-km", "55.9054667,-4.45330031", &[]),
        at("near-but-for-aberdeen", "55.866,-4.2684418", &[ABERDEEN]),
        at("nowhere-for-aberdeen", "", &[ABERDEEN]),
        at("nothing-said", "", &[]),
    ]);
    let covering = ["near", "far-but-for-glasgow", "nowhere-for-glasgow", "nowhere-for-scotland"];
    let mut expected = covering.to_vec();
    expected.push("near-but-for-aberdeen");
    check(&index, &near_g2_4aa(5_000.0), &expected);
    expected.insert(1, "twelve-km");
    check(&index, &near_g2_4aa(13_000.0), &expected);
    let reasons: Vec<_> = index
        .search(&near_g2_4aa(5_000.0))
        .unwrap()
        .hits
        .into_iter()
        .map(|hit| hit.reason.unwrap())
        .collect();
    assert_eq!(
        reasons,
        [
            MatchReason::Near,
            MatchReason::Covers(GLASGOW.to_owned()),
            MatchReason::Covers(GLASGOW.to_owned()),
            MatchReason::Covers(SCOTLAND.to_owned()),
            MatchReason::ServesElsewhere,
        ]
    );
    let mut everything = near_g2_4aa(1.0);
    everything.centre.as_mut().unwrap().within = None;
    assert_eq!(index.search(&everything).unwrap().total, 8);
}

#[test]
fn the_nearest_of_several_locations_counts() {
    let index = index_of([at("two", "57.0,-4.0;55.86104946,-4.24736892", &[])]);
    let results = index.search(&near_g2_4aa(5_000.0)).unwrap();
    let distance = results.hits[0].distance.unwrap().as_f64();
    assert!((distance - 1_397.0).abs() < 6.0, "{distance}");
}

#[test]
fn deprioritised_entries_come_last_in_every_order() {
    let mut last = at("a tea room", "55.86529182,-4.2684418", &[]);
    last.review_due = Some(date(2026, 11, 21));
    let index = index_of([last, at("b tea room", "55.87,-4.27", &[])]);
    for sort in
        [Sort::Relevance, Sort::Distance, Sort::Name, Sort::Reviewed, Sort::Added, Sort::Key]
    {
        let text = "tea".to_owned();
        let today = Some(date(2026, 11, 22));
        let query = Query { text, today, sort: Some(sort), ..near_g2_4aa(5_000.0) };
        check(&index, &query, &["b-tea-room", "a-tea-room"]);
        let standings: Vec<Standing> =
            index.search(&query).unwrap().hits.iter().map(|hit| hit.standing).collect();
        assert_eq!(standings, [Standing::Ordinary, Standing::Deprioritised]);
    }
}

#[test]
fn an_entry_is_deprioritised_from_the_day_after_its_review_was_due() {
    let mut first = at("a tea room", "55.86529182,-4.2684418", &[]);
    first.review_due = Some(date(2026, 11, 21));
    let index = index_of([first, at("b tea room", "55.87,-4.27", &[])]);
    for (today, expected) in [
        (None, ["a-tea-room", "b-tea-room"]),
        (Some(date(2026, 11, 21)), ["a-tea-room", "b-tea-room"]),
        (Some(date(2026, 11, 22)), ["b-tea-room", "a-tea-room"]),
    ] {
        check(&index, &Query { today, ..near_g2_4aa(5_000.0) }, &expected);
    }
}

/// The keys of all hits, page after page by cursor; `between` changes the query
/// before each further page.
fn walked(index: &Index, mut query: Query, between: impl Fn(&mut Query)) -> Vec<String> {
    let mut walked = Vec::new();
    loop {
        let results = index.search(&query).unwrap();
        walked.extend(results.hits.iter().map(|hit| hit.key().to_owned()));
        let Some(cursor) = results.next else { return walked };
        query.page.start = Start::After(cursor);
        between(&mut query);
    }
}

#[test]
fn a_cursor_goes_on_with_the_day_of_its_first_page() {
    let entries = (1..=4).map(|day| {
        let mut entry = at(&format!("tea room {day}"), "55.865,-4.268", &[]);
        entry.review_due = Some(date(2026, 11, day));
        entry
    });
    let index = index_of(entries.collect::<Vec<_>>());
    let mut query = Query { today: Some(date(2026, 11, 3)), ..Query::default() };
    query.page.limit = 1;
    let walked = walked(&index, query, |query| query.today = Some(date(2027, 1, 1)));
    let expected = [3, 4, 1, 2].map(|day| format!("asset/tea-room-{day}"));
    assert_eq!(walked, expected);
}

#[test]
fn relevance_weighs_words_and_nearness() {
    let index = index_of([
        at("walking far", "55.90,-4.30", &[]),
        at("walking near", "55.8653,-4.2684", &[]),
    ]);
    let query = Query {
        text: "walking".to_owned(),
        sort: Some(Sort::Relevance),
        explain: Explain::Yes,
        ..near_g2_4aa(5_000.0)
    };
    check(&index, &query, &["walking-near", "walking-far"]);
    for hit in index.search(&query).unwrap().hits {
        let why = hit.explanation.unwrap();
        let blend = why.text_weight * why.text + why.nearness_weight * why.nearness;
        assert!((hit.score - blend).abs() < 1e-6, "{} {blend}", hit.score);
        assert_eq!((why.words[0].field, why.words[0].way), ("name", "exact"));
    }
}

#[test]
fn of_equal_scores_the_nearer_comes_first_however_far_it_is() {
    // Names of two words each, so that they fit alike.
    let mut entries = vec![
        at("library zeta", "55.8653,-4.2684", &[]),
        at("library yew", "56.10,-4.27", &[]),
        at("library ash", "57.10,-4.27", &[]),
        at("library birch", "56.50,-4.27", &[]),
        at("library anywhere", "", &[]),
        at("library visiting", "", &[GLASGOW]),
        at("library elsewhere", "55.87,-4.27", &["S12000036"]),
    ];
    let mut online = at("library online", "", &[]);
    online.online = Online::Yes;
    entries.push(online);
    let mut late = at("library able", "57.10,-4.27", &[]);
    late.review_due = Some(date(2020, 1, 1));
    entries.push(late);
    let index = index_of(entries);
    let centre = near_g2_4aa(5_000.0).centre.map(|centre| Centre { within: None, ..centre });
    let today = Some(date(2026, 11, 22));
    let query = Query { text: "library".to_owned(), centre, today, ..Query::default() };
    let expected = [
        "library-zeta",
        "library-online",
        "library-visiting",
        "library-yew",
        "library-birch",
        "library-ash",
        "library-anywhere",
        "library-elsewhere",
        "library-able",
    ];
    check(&index, &query, &expected);
    let mut query = query;
    query.page.limit = 1;
    assert_eq!(walked(&index, query, |_| {}), expected.map(|key| format!("asset/{key}")));
}

#[test]
fn topics_come_with_their_ancestors_and_areas_with_those_who_serve_them() {
    let mut grandchild = at("grandchild", "55.86,-4.25", &[]);
    grandchild.facets =
        ["asthma", "lungs", "conditions"].map(|topic| (Facet::Topic, topic.to_owned())).to_vec();
    grandchild.within = vec![GLASGOW.to_owned()];
    let index = index_of([grandchild, at("serving", "", &[GLASGOW]), at("other", "", &[])]);
    let any_of = vec!["conditions".to_owned()];
    let filters = vec![Filter { facet: Facet::Topic, any_of }];
    check(&index, &Query { filters, ..Query::default() }, &["grandchild"]);
    let glasgow = || vec![GLASGOW.to_owned()];
    for (within, serving, expected) in [
        (glasgow(), glasgow(), vec!["grandchild", "serving"]),
        (glasgow(), Vec::new(), vec!["grandchild"]),
        (Vec::new(), glasgow(), vec!["serving"]),
        (Vec::new(), Vec::new(), vec![]),
    ] {
        let region = Some(Region::Areas { within, serving });
        check(&index, &Query { region, ..Query::default() }, &expected);
    }
}

#[test]
fn names_are_suggested_from_their_start_and_from_their_words() {
    let index = index_of([
        entry("Walking for Health", ""),
        entry("Leith Walk Library", ""),
        entry("Walk", ""),
        entry("Wallace Monument", ""),
        entry("Swimming", "walks too"),
    ]);
    let suggest = |prefix: &str| -> Vec<String> {
        let found = index.suggest(prefix, &["asset".to_owned()], 10).unwrap();
        found.into_iter().map(|suggestion| suggestion.name.to_string()).collect()
    };
    assert_eq!(suggest("walk"), ["Walk", "Walking for Health", "Leith Walk Library"]);
    assert_eq!(suggest("WA"), ["Walk", "Wallace Monument", "Walking for Health"]);
    assert_eq!(suggest("leith wal"), ["Leith Walk Library"]);
    assert!(suggest(" ").is_empty());
    assert!(index.suggest("walk", &["place".to_owned()], 10).unwrap().is_empty());
}

#[test]
fn strange_pages_are_answered_and_strange_cursors_refused() {
    let index = index_of([entry("A", ""), entry("B", "")]);
    let page = |limit, start| Query { page: Page { limit, start }, ..Query::default() };
    for (query, hits) in [
        (page(0, Start::Offset(0)), 0),
        (page(usize::MAX, Start::Offset(usize::MAX)), 0),
        (page(1, Start::Offset(1)), 1),
    ] {
        let results = index.search(&query).unwrap();
        assert_eq!((results.total, results.hits.len()), (2, hits));
    }
    let strange = page(1, Start::After("strange".to_owned()));
    let error = index.search(&strange).unwrap_err();
    assert!(matches!(&error, QueryError::Cursor(cursor) if cursor == "strange"));
}

#[test]
fn a_search_right_after_a_change_sees_it_and_nothing_of_the_old() {
    let index = index_of([entry("Old name", "")]);
    let mut entry = entry("Old name", "");
    entry.texts.name = "New label".to_owned();
    index.apply(&[Change::Put(Box::new(entry))], Revision(2)).unwrap();
    check(&index, &text("label"), &["Old-name"]);
    check(&index, &text("old"), &[]);
    assert_eq!(index.search(&text("")).unwrap().revision, Revision(2));
    index.apply(&[Change::Remove("asset/Old-name".to_owned())], Revision(3)).unwrap();
    check(&index, &text(""), &[]);
    let stale = index.apply(&[], Revision(3)).unwrap_err().to_string();
    assert_eq!(stale, "revision 3 is not after revision 3, which is applied already");
}

#[test]
fn of_what_is_equally_near_the_best_comes_first() {
    let mut misspelt = at("a", "55.87,-4.27", &[]);
    misspelt.texts.summary = "Phyzical activiti classes".to_owned();
    let mut right = at("b", "55.87,-4.27", &[]);
    right.texts.summary = "Physical activity classes".to_owned();
    let mut nowhere = at("c", "", &[GLASGOW]);
    nowhere.texts.summary = "Phyzical activity".to_owned();
    let mut anywhere = at("d", "", &[GLASGOW]);
    anywhere.texts.summary = "Physical activity".to_owned();
    let index = index_of([misspelt, right, nowhere, anywhere]);
    let query = Query {
        text: "physical activity".to_owned(),
        sort: Some(Sort::Distance),
        ..near_g2_4aa(5_000.0)
    };
    check(&index, &query, &["b", "a", "d", "c"]);
    let one = Page { limit: 1, start: Start::Offset(0) };
    let cursor = index.search(&Query { page: one, ..query.clone() }).unwrap().next.unwrap();
    let page = Page { limit: 10, start: Start::After(cursor) };
    check(&index, &Query { page, ..query }, &["a", "d", "c"]);
}

#[test]
fn what_serves_only_elsewhere_can_be_left_out_and_so_can_what_serves_an_area() {
    let index = index_of([
        at("unstated", "55.87,-4.27", &[]),
        at("here", "55.87,-4.28", &[GLASGOW]),
        at("elsewhere", "55.87,-4.27", &[ABERDEEN]),
        at("country", "", &[SCOTLAND]),
    ]);
    let near = near_g2_4aa(5_000.0);
    let codes = near.centre.as_ref().unwrap().areas.clone();
    let hidden = Query { serving: codes, ..near.clone() };
    check(&index, &hidden, &["unstated", "here", "country"]);
    assert_eq!(index.search(&hidden).unwrap().total, 3);
    let any_of = vec![SCOTLAND.to_owned()];
    let without = vec![Filter { facet: Facet::Serves, any_of }];
    check(&index, &Query { without, ..near }, &["unstated", "here", "elsewhere"]);
}
