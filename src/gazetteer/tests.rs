use std::cmp::Reverse;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

static SHIPPED: LazyLock<Gazetteer> = LazyLock::new(Gazetteer::embedded);

fn point(text: &str) -> Point {
    text.parse().unwrap()
}

/// What a resolution says, in a line: kind, status, label, areas.
fn said(text: &str) -> String {
    match SHIPPED.resolve(text) {
        Ok(found) => format!(
            "{} {} {} [{}]",
            found.kind,
            found.status.as_str(),
            found.label,
            found.areas.join(" ")
        ),
        Err(error) => format!("error: {error}"),
    }
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(said(text), expected, "{text:?}");
}

#[track_caller]
fn check_error(text: &str, expected: &str) {
    let error = SHIPPED.resolve(text).map(|found| found.label).unwrap_err();
    assert!(error.to_string().contains(expected), "{text:?}: {error}");
}

const EDINBURGH: &str = "S12000036 S37000012 S08000024 S92000003 K02000001";

#[test]
fn a_known_sector_answers_for_a_postcode_that_is_not_loaded() {
    for text in ["EH6 8RG", "eh68rg", " eH6\u{a0}8rg ", "EH6 8RG"] {
        check(text, &format!("postcode approximate EH6 8RG [{EDINBURGH}]"));
    }
    let found = SHIPPED.resolve("EH6 8RG").unwrap();
    assert!(found.point.distance(point("55.96459,-3.17389")).as_f64() < 1_000.0, "{found:?}");
    assert!((200.0..1_000.0).contains(&found.precision.as_f64()), "{found:?}");
}

#[test]
fn a_sector_unknown_in_a_known_district_is_answered_by_the_district() {
    check("EH6 0ZZ", &format!("postcode approximate EH6 0ZZ [{EDINBURGH}]"));
}

#[test]
fn sectors_and_districts_are_found() {
    check("eh6 8", &format!("sector live EH6 8 [{EDINBURGH}]"));
    check("eh6", &format!("district live EH6 [{EDINBURGH}]"));
}

#[test]
fn a_text_that_is_a_district_and_a_sector_offers_both() {
    let found = SHIPPED.resolve("EH11").unwrap();
    assert_eq!((found.label.as_str(), found.alternatives[0].text.as_str()), ("EH11", "EH1 1"));
    let found = SHIPPED.resolve("EH1 1").unwrap();
    assert_eq!((found.label.as_str(), found.alternatives[0].text.as_str()), ("EH1 1", "EH11"));
}

#[test]
fn invalid_is_told_from_unknown() {
    check_error("EH6 8R", "`EH6 8R` is not a postcode");
    check_error("EH6 8RGG", "is not a postcode");
    check_error("SW1A 1AA", "no postcode, place or area `SW1A 1AA` is known");
    check_error("", "write for example");
    check_error("!?", "write for example");
    check_error("12", "write for example");
    check_error(&"x".repeat(201), "at most 200 characters");
}

#[test]
fn places_of_one_meaning_just_work() {
    for (text, label) in [
        ("Portree", "Portree, Highland"),
        ("port rìgh", "Portree, Highland"),
        ("Leith", "Leith, City of Edinburgh"),
        ("leith, edinburgh", "Leith, City of Edinburgh"),
        ("Edinburgh", "Edinburgh"),
        ("Glencoe", "Glencoe, Highland"),
        ("saint andrew's", "St Andrews, Fife"),
        ("Kirkton, Angus", "Kirkton, Angus"),
        ("Kirkton Angus", "Kirkton, Angus"),
        ("Kirkton, DG1", "Kirkton, Dumfries and Galloway"),
        ("Newtown, Highland", "Newtown, Highland"),
        ("Perth, Scotland", "Perth"),
    ] {
        let found = SHIPPED.resolve(text).map(|found| found.label);
        assert_eq!(found.as_deref(), Ok(label), "{text}");
    }
}

#[test]
fn a_name_of_several_places_asks_which() {
    let Err(ResolveError::Ambiguous { choices, .. }) = SHIPPED.resolve("Newtown") else {
        panic!("two places are called Newtown");
    };
    let texts: Vec<&str> = choices.iter().map(|choice| choice.text.as_str()).collect();
    assert_eq!(texts, ["Newtown, Falkirk", "Newtown, Highland"]);
}

#[test]
fn every_choice_resolves_to_itself_and_to_nothing_else() {
    for place in SHIPPED.places() {
        let Err(ResolveError::Ambiguous { choices, .. }) = SHIPPED.resolve(&place.name.text) else {
            continue;
        };
        for choice in choices.iter().filter(|choice| choice.kind == Kind::Place) {
            let found = SHIPPED.resolve(&choice.text).unwrap();
            assert_eq!(found.point, choice.point, "{}", choice.text);
        }
    }
}

#[test]
fn every_place_is_found_by_its_names_or_asks_which() {
    for place in SHIPPED.places() {
        for name in place.names() {
            let found = SHIPPED.resolve(&name.text);
            assert!(matches!(found, Ok(_) | Err(ResolveError::Ambiguous { .. })), "{}", name.text);
        }
    }
}

#[test]
fn gaelic_and_scots_names_mean_the_same_place() {
    let names = [
        ("Dùn Èideann", "Edinburgh"),
        ("dun eideann", "Edinburgh"),
        ("Embra", "Edinburgh"),
        ("Glaschu", "Glasgow"),
        ("Glesga", "Glasgow"),
        ("Obar Dheathain", "Aberdeen"),
        ("Lìte", "Leith"),
        ("Steòrnabhagh", "Stornoway"),
    ];
    for (theirs, english) in names {
        let [theirs, english] = [theirs, english].map(|name| SHIPPED.resolve(name).unwrap());
        assert_eq!((theirs.kind, theirs.point), (english.kind, english.point), "{english:?}");
    }
}

#[test]
fn each_further_name_is_of_the_place_that_its_row_says() {
    for row in NAMES.lines().skip(1) {
        let [id, name, language, other] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{row}")
        };
        let place = SHIPPED.places().iter().find(|place| place.id == id).expect(row);
        assert_eq!(place.name.text, name, "{row}");
        assert!(["en", "gd", "sco"].contains(&language), "{row}");
        assert_eq!(place.names().filter(|known| known.text == other).count(), 1, "{row}");
    }
}

#[test]
fn islands_and_regions_are_known_by_what_people_call_them() {
    for (text, label) in [
        ("Skye", "Skye, Highland"),
        ("isle of skye", "Skye, Highland"),
        ("An t-Eilean Sgitheanach", "Skye, Highland"),
        ("Ìle", "Islay, Argyll and Bute"),
        ("Coll", "Coll, Argyll and Bute"),
        ("Lewis", "Lewis, Na h-Eileanan Siar"),
        ("Argyll", "Argyll"),
        ("Loch Abar", "Lochaber, Highland"),
        ("Ayrshire", "Ayrshire"),
        ("the Borders", "Scottish Borders"),
        ("Highlands", "Highland"),
        ("Tarbert, Harris", "Tarbert, Na h-Eileanan Siar"),
    ] {
        assert_eq!(SHIPPED.resolve(text).map(|found| found.label).as_deref(), Ok(label), "{text}");
    }
    let skye = SHIPPED.resolve("Skye").unwrap();
    assert!(skye.is_wide() && skye.bounding_box.unwrap().contains(point("57.41,-6.19")));
    check(
        "Arran",
        "place live Arran, North Ayrshire [S13003146 S12000021 S37000020 S08000015 S92000003 K02000001]",
    );
}

#[test]
fn what_people_say_of_a_stretch_of_the_country_is_known_and_what_no_table_tells_is_not() {
    for text in [
        "Strathclyde",
        "Trossachs",
        "The Trossachs",
        "Lothian",
        "Lothians",
        "Tayside",
        "Grampian",
        "Borders",
        "Speyside",
        "Strathspey",
        "Badenoch",
        "Badenoch and Strathspey",
        "Bàideanach agus Srath Spè",
        "Deeside",
        "Royal Deeside",
        "Wester Ross",
        "Lochaber",
        "Cowal",
        "Kintyre",
        "Black Isle",
        "East Neuk",
        "the East Neuk of Fife",
        "Mearns",
        "Clydesdale",
        "Galloway",
        "St Kilda",
        "Hirta",
        "Foula",
        "Canna",
        "Rum",
        "Muck",
        "Eigg",
        "Gigha",
        "Colonsay",
        "Fetlar",
        "Unst",
        "Yell",
        "Whalsay",
    ] {
        let found = SHIPPED.resolve(text);
        assert!(found.as_ref().is_ok_and(|found| !found.areas.is_empty()), "{text}: {found:?}");
    }
    // Nothing that is loaded or shipped has the bounds of these.
    for text in [
        "Fair Isle",
        "Papa Westray",
        "Loch Lomond",
        "Cairngorms",
        "Great Glen",
        "Knoydart",
        "Clyde Valley",
    ] {
        assert!(matches!(SHIPPED.resolve(text), Err(ResolveError::Unknown { .. })), "{text}");
    }
}

#[test]
fn every_island_and_region_means_itself_by_each_of_its_names() {
    for region in SHIPPED.places().iter().filter(|place| place.extent.is_some()) {
        for name in region.names() {
            let found = SHIPPED.resolve(&name.text).unwrap();
            assert_eq!(found.point, region.point, "{}", name.text);
        }
        assert!(region.extent.as_ref().unwrap().bounding_box.contains(region.point));
        assert!(
            region.extent.as_ref().unwrap().areas.iter().all(|code| SHIPPED.area(code).is_some())
        );
    }
}

#[test]
fn no_area_is_suggested_by_its_bare_code() {
    for area in SHIPPED.areas().filter(|area| area.level != Level::PostcodeDistrict) {
        let text = SHIPPED.area_text(area);
        assert_ne!(text, *area.code, "{}", area.name);
        match SHIPPED.resolve(&text) {
            Ok(found) => assert_eq!(found.areas.first(), Some(&area.code), "{text}"),
            Err(error) => assert!(matches!(error, ResolveError::NoPosition(_)), "{text}: {error}"),
        }
    }
    assert_eq!(completed("leith")[..2], ["Leith", "Leith ward"]);
    let partnership = "Argyll and Bute Health and Social Care Partnership";
    assert!(completed("Argyll").iter().any(|text| text == partnership));
}

#[test]
fn areas_are_found_by_name_and_code() {
    let fife = "area live Fife [S12000047 S37000032 S08000029 S92000003 K02000001]";
    check("S12000047", fife);
    check("s12000015", fife);
    check("Fife", fife);
    check("NHS Forth Valley", "area live Forth Valley [S08000019 S92000003 K02000001]");
    check("Alba", "area live Scotland [S92000003 K02000001]");
    check_error("S12999999", "no postcode, place or area");
    check_error("K02000001", "has no position");
}

#[test]
fn positions_are_latitude_first() {
    check("55.97546,-3.18005", &format!("point live 55.97546, -3.18005 [S13002931 {EDINBURGH}]"));
    check("57.15 -2.09", &said("57.15,-2.09").replace("error", "no"));
    check("48.85,2.35", "point outside_area 48.85, 2.35 []");
    check("0,0", "point outside_area 0, 0 []");
    check_error("-3.19,55.95", "write latitude first: `55.95,-3.19`");
    check_error("NaN,-3.19", "latitude NaN is not within");
    check_error("55.95,inf", "longitude inf is not within");
    check_error("91,0", "latitude 91 is not within");
    check_error("55.95,", "write for example");
    check_error("55.95,-3.19,4", "write for example");
}

#[test]
fn a_postcode_at_the_end_of_an_address_is_found() {
    check("12 Links Place, Leith EH6 8RG", &format!("postcode approximate EH6 8RG [{EDINBURGH}]"));
}

#[test]
fn a_point_is_in_its_areas_and_england_in_none() {
    let codes = |text| {
        let areas = SHIPPED.areas_at(point(text));
        areas.iter().map(|area| area.code.to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(codes("55.9489,-3.19259"), format!("S13002929 {EDINBURGH}"));
    assert_eq!(codes("55.77,-2.005"), "", "Berwick-upon-Tweed");
    assert_eq!(codes("54.89,-2.93"), "", "Carlisle");
    assert_eq!(codes("57.0,-9.0"), "", "the ocean");
    // Stirling's council shares its integration authority with its neighbour.
    assert!(codes("56.1165,-3.9369").contains("S12000030 S37000005 S08000019"));
}

#[test]
fn a_pier_beyond_the_simplified_shore_belongs_to_the_nearest_ward() {
    let nearest = SHIPPED.areas_at(point("56.18627,-2.81978"));
    assert!(nearest.is_empty(), "the Isle of May's neighbour lies 200 m out");
    let pier = SHIPPED.areas_at(point("57.41140,-6.18930"));
    assert_eq!(pier.iter().find(|area| area.level == Level::Council).unwrap().name, "Highland");
}

#[test]
fn levels_are_complete_and_every_parent_is_known() {
    let count = |level| SHIPPED.areas().filter(|area| area.level == level).count();
    let counts = [Level::State, Level::Country, Level::HealthBoard, Level::IntegrationAuthority];
    assert_eq!(counts.map(count), [1, 1, 14, 31]);
    let counts = [Level::Council, Level::Ward, Level::PostcodeDistrict];
    assert_eq!(counts.map(count), [32, 355, 455]);
    for area in SHIPPED.areas() {
        for wider in area.parent.iter().chain(&area.also_within) {
            assert!(SHIPPED.area(wider).is_some(), "{wider} of {}", area.code);
        }
        let has_boundary = !matches!(area.level, Level::State | Level::PostcodeDistrict);
        assert_eq!(area.boundary.is_some(), has_boundary, "{}", area.code);
    }
    for area in SHIPPED.areas().filter(|area| area.level == Level::Council) {
        let levels: Vec<Level> =
            SHIPPED.containing(&area.code).iter().map(|area| area.level).collect();
        let expected = [
            Level::Council,
            Level::IntegrationAuthority,
            Level::HealthBoard,
            Level::Country,
            Level::State,
        ];
        assert_eq!(levels, expected, "{}", area.name);
    }
}

#[test]
fn place_records_have_wider_areas_first_and_boundaries_as_text() {
    let records: Vec<PlaceRecord> = SHIPPED.place_records().collect();
    assert_eq!(records.len(), SHIPPED.areas().count());
    let at = |code: &str| records.iter().position(|record| record.code == code).unwrap();
    assert!(at(SCOTLAND) < at("S12000036") && at("S12000036") < at("S13002931"));
    let leith = &records[at("S13002931")];
    assert_eq!((leith.name.as_str(), leith.parent.as_deref()), ("Leith", Some("S12000036")));
    assert!(leith.boundary.as_ref().unwrap().starts_with("MULTIPOLYGON (((-3.1"), "{leith:?}");
    assert_eq!(records[at("S12000047")].former_codes, ["S12000015"]);
}

/// The first few texts that complete a prefix.
fn completed(prefix: &str) -> Vec<String> {
    SHIPPED.autocomplete(prefix, 4).into_iter().map(|found| found.text).collect()
}

#[test]
fn prefixes_are_completed_biggest_first() {
    assert_eq!(completed("edin")[0], "Edinburgh");
    assert_eq!(completed("PORT RIGH")[0], "Portree");
    assert_eq!(completed("st andrew")[0], "St Andrews");
    assert_eq!(completed("Saint Andrew’s")[0], "St Andrews");
    assert_eq!(completed("newtown")[..2], ["Newtown, Falkirk", "Newtown, Highland"]);
    assert_eq!(completed("boswells")[0], "St Boswells", "by a later word");
    assert_eq!(completed("Outer Heb"), ["Na h-Eileanan Siar"]);
    assert_eq!(completed("leith")[0], "Leith");
    assert_eq!(completed(""), [""; 0]);
}

/// Each looked at by hand; the types of OS Open Names alone would have put
/// Leitholm before Leith, and twenty villages before Portobello.
#[test]
fn the_place_that_most_people_mean_is_offered_first() {
    for (prefix, expected) in [
        ("lei", "Leith Leitholm"),
        ("port", "Port_Glasgow Portlethen Portsoy Portobello"),
        ("porto", "Portobello"),
        ("portr", "Portree"),
        ("gla", "Glasgow"),
        ("stir", "Stirling"),
        ("invern", "Inverness"),
        ("aberd", "Aberdeen"),
        ("dun", "Dun Dundee Dùn_Èideann Dunfermline"),
        ("dunf", "Dunfermline"),
        ("kirk", "Kirk Kirkintilloch Kirkcaldy Kirkwall"),
        ("newton m", "Newton_Mearns"),
        ("dal", "Dalkeith Dalbeattie Dalgety_Bay"),
        ("per", "Perth"),
        ("ham", "Hamilton"),
        ("dum", "Dumfries Dumbarton"),
        ("kel", "Kelso"),
        ("mel", "Melrose"),
        ("bro", "Broughty_Ferry Broxburn"),
        ("liv", "Livingston"),
        ("for", "Forfar Fort_William Forres Fortrose"),
        ("larb", "Larbert"),
        ("cambu", "Cambuslang"),
        ("cors", "Corstorphine"),
        ("rosy", "Rosyth"),
        ("bank", "Bankhead"),
        ("str", "Stranraer Stromness Strathclyde"),
        ("arr", "Arran"),
        ("sky", "Skye"),
        ("mul", "Mull"),
        ("lew", "Lewis_and_Harris Lewis"),
        ("loch", "Lochgelly Lochgilphead Lochmaben Lochaber"),
    ] {
        let found = SHIPPED.autocomplete(prefix, 4).into_iter().map(|found| found.label);
        let found: Vec<String> = found.map(|label| label.replace(' ', "_")).collect();
        let expected: Vec<&str> = expected.split(' ').collect();
        assert_eq!(found[..expected.len()], expected, "{prefix}: {found:?}");
    }
}

#[test]
fn of_two_namesakes_of_a_type_the_one_with_more_postcodes_is_told_first() {
    let namesakes = SHIPPED.places().iter().filter(|place| place.name.text == "Kirkton");
    let most = namesakes.max_by_key(|place| (Reverse(place.place_type), place.postcodes)).unwrap();
    let Err(ResolveError::Ambiguous { choices, .. }) = SHIPPED.resolve("Kirkton") else {
        panic!("there are several");
    };
    assert_eq!(choices[0].point, most.point);
    assert!(most.postcodes > 0);
}

#[test]
fn of_several_names_that_begin_alike_the_one_most_used_is_offered() {
    let labels = |prefix: &str| {
        let found = SHIPPED.autocomplete(prefix, 1);
        found.into_iter().map(|found| (found.label, found.text)).next().unwrap()
    };
    assert_eq!(labels("glas"), ("Glasgow".to_owned(), "Glasgow".to_owned()));
    assert_eq!(labels("glasc"), ("Glaschu".to_owned(), "Glasgow".to_owned()));
}

#[test]
fn prefixes_of_postcodes_are_completed_shortest_first() {
    assert_eq!(completed("eh6"), ["EH6", "EH6 4", "EH6 5", "EH6 6"]);
    assert_eq!(completed("EH1")[..2], ["EH1", "EH10"]);
    assert_eq!(completed("eh1 1")[0], "EH1 1");
    assert_eq!(completed("zz9"), [""; 0]);
}

#[test]
fn a_postcode_that_is_not_loaded_leads_to_its_sector_and_saint_is_a_whole_word() {
    assert_eq!(completed("g2 4a"), ["G2 4"]);
    assert_eq!(completed("G24AA"), ["G2 4"]);
    assert_eq!(completed("g2 4aaa"), [""; 0]);
    let saints = completed("saint");
    assert!(
        saints.iter().all(|name| name.starts_with("St ") || name.starts_with("Saint ")),
        "{saints:?}"
    );
    assert_eq!(saints[0], "St Andrews");
}

#[test]
fn one_slip_is_forgiven_when_nothing_else_is_found() {
    for typed in ["edinbrugh", "edimburgh", "ednburgh", "edinnburgh"] {
        assert_eq!(completed(typed)[0], "Edinburgh", "{typed}");
    }
    check_error("Portre e", "no postcode");
    check_error("Portrea", "near to it: Portree");
}

proptest! {
    #[test]
    fn any_text_is_resolved_or_refused(text in any::<String>(), prefix in "[a-zA-Z0-9 ,.'-]{0,20}") {
        drop(SHIPPED.resolve(&text));
        drop(SHIPPED.resolve(&prefix));
        drop(SHIPPED.autocomplete(&text, 5));
        drop(SHIPPED.autocomplete(&prefix, 5));
    }

    #[test]
    fn the_index_agrees_with_each_boundary(latitude in 54.6..60.9_f64, longitude in -7.7..-0.7_f64) {
        let point = Point::new(latitude, longitude).unwrap();
        let wards = SHIPPED.areas().filter(|area| area.level == Level::Ward);
        let holding: Vec<&str> = wards
            .filter(|ward| ward.bounding_box.is_some_and(|area_box| area_box.contains(point)))
            .filter(|ward| ward.boundary.as_ref().is_some_and(|boundary| boundary.contains(point)))
            .map(|ward| &*ward.code)
            .collect();
        let found = SHIPPED.areas_at(point);
        let found: Vec<&str> =
            found.iter().filter(|area| area.level == Level::Ward).map(|area| &*area.code).collect();
        if holding.is_empty() {
            // At most the one whose shore is near.
            prop_assert!(found.len() <= 1);
        } else {
            prop_assert_eq!(found, holding);
        }
    }
}
