//! Tests of places that are worked out, with a small gazetteer.

use proptest::prelude::*;

use super::*;

/// Name, latitude, longitude and area of a few places; two are called Newtown.
const PLACES: [(&str, f64, f64, &str); 8] = [
    ("Leith", 55.976, -3.17, "S12000036"),
    ("Portobello", 55.953, -3.114, "S12000036"),
    ("Perth", 56.396, -3.437, "S12000048"),
    ("Bridge of Don", 57.18, -2.09, "S12000033"),
    ("Newtown", 57.1, -4.6, "S12000017"),
    ("Newtown", 55.5, -2.7, "S12000026"),
    ("Friday", 55.0, -3.0, "S12000006"),
    ("Newton on Ayr", 55.47, -4.62, "S12000028"),
];

/// What two of the areas are called.
const COUNTIES: [(&str, &str); 2] = [("Highland", "S12000017"), ("Borders", "S12000026")];

struct Small;

impl Resolver for Small {
    fn postcode(&self, postcode: &Postcode) -> Option<Found> {
        let (from, areas) = match postcode.outward() {
            "EH6" => ("postcode", "S12000036"),
            "PH1" => ("sector", "S12000048"),
            _ => return None,
        };
        let point = Point::new(55.97, -3.17).ok();
        Some(Found { name: postcode.to_string(), point, areas: vec![areas.to_owned()], from })
    }

    fn meant(&self, name: &str) -> Vec<Found> {
        match name.split_once(", ") {
            None => self.place(name),
            Some((name, county)) => {
                let code =
                    COUNTIES.iter().find(|(known, _)| *known == county).map(|(_, code)| *code);
                let mut found = self.place(name);
                found.retain(|place| code.is_some_and(|code| place.areas == [code]));
                found
            }
        }
    }

    fn place(&self, name: &str) -> Vec<Found> {
        let named = PLACES.iter().filter(|(known, ..)| known.eq_ignore_ascii_case(name));
        let found = named.map(|(name, latitude, longitude, area)| Found {
            name: (*name).to_owned(),
            point: Point::new(*latitude, *longitude).ok(),
            areas: vec![(*area).to_owned()],
            from: "place",
        });
        found.collect()
    }
}

fn find(text: &str, context: &Context<'_>) -> Option<Derived> {
    match locate(&[Text { field: "description", text }], context, &Small) {
        Told::Position(derived) => Some(derived),
        Told::Several(..) | Told::Nothing => None,
    }
}

/// What was found, in short: postcode or locality.
#[track_caller]
fn check(text: &str, expected: Option<&str>) {
    let found = find(text, &Context::default());
    let place = found.as_ref().map(|found| {
        let location = &found.location;
        location.get("postcode").or(location.get("locality")).unwrap().as_str().unwrap().to_owned()
    });
    assert_eq!(place.as_deref(), expected, "{text:?}");
}

#[test]
fn a_name_of_several_places_is_told_and_never_guessed() {
    let told = |text: &str, areas: &[String]| {
        let context = Context { areas, ..Context::default() };
        locate(&[Text { field: "description", text }], &context, &Small)
    };
    let several = Told::Several("Newtown".to_owned(), vec!["Newtown".to_owned(); 2]);
    assert_eq!(told("We meet in Newtown on Mondays.", &[]), several);
    // Only one of them lies in the areas of the source, or none.
    let borders = ["S12000026".to_owned()];
    assert!(matches!(told("We meet in Newtown on Mondays.", &borders), Told::Position(_)));
    let fife = ["S12000047".to_owned()];
    assert_eq!(told("We meet in Newtown on Mondays.", &fife), Told::Nothing);
    // Another place that is named is meant.
    let leith = told("We meet in Leith, and once a year in Newtown.", &[]);
    assert!(matches!(leith, Told::Position(_)), "{leith:?}");
}

#[test]
fn a_whole_postcode_is_found() {
    check("We meet at the hall, 12 Shore, Leith (EH6 8RG).", Some("EH6 8RG"));
    check("The hall: EH68RG", Some("EH6 8RG"));
    check("hall, eh6 8rg, every week", Some("EH6 8RG"));
    check("The hall\nEH6\u{a0}8RG\n", Some("EH6 8RG"));
    check("EH6 8RG, or write EH6 8RG", Some("EH6 8RG"));
}

#[test]
fn a_postcode_says_from_where_and_how_sure_it_is() {
    let found = find("at the hall, EH6 8RG", &Context::default()).unwrap();
    assert_eq!((found.from, found.sure), ("postcode", 0.9));
    assert_eq!(found.evidence, "description: “EH6 8RG”");
    assert_eq!(found.location["positionFrom"], "postcode");
    let sector = find("at the hall, PH1 5AA", &Context::default()).unwrap();
    assert_eq!(sector.location["positionFrom"], "sector");
    assert!(sector.sure < found.sure);
}

#[test]
fn what_only_looks_like_a_postcode_is_none() {
    check("EH6 8R and EH6", None);
    check("Call 0131 555 1234, room EH6-8RG", None);
    check("ZZ9 9ZZ is not known", None);
    check("EH6 ORG is written with a letter O", None);
}

#[test]
fn several_postcodes_tell_nothing() {
    check("Mondays EH6 8RG, Tuesdays EH6 7AA", None);
}

#[test]
fn a_place_behind_in_or_at_is_found() {
    check("A walking group in Leith.", Some("Leith"));
    check("Meet at Bridge of Don, by the river", Some("Bridge of Don"));
    check("In Portobello on Mondays", Some("Portobello"));
    check("Swimming in Newton on Ayr", Some("Newton on Ayr"));
    check("Weekly (in Leith) for all", Some("Leith"));
}

#[test]
fn what_only_holds_the_name_of_a_place_is_none() {
    check("at Leith Library", None);
    check("in Perth Road", None);
    check("Leith is near", None);
    check("in leith", None);
    check("On Mondays and in Friday prayers", None);
    check("In Friday we trust", None);
}

#[test]
fn several_places_tell_nothing_and_one_named_twice_is_one() {
    check("Groups in Leith and in Perth", None);
    check("In Leith. Everybody in Leith may come.", Some("Leith"));
}

#[test]
fn a_name_of_several_places_is_settled_by_the_area_of_the_source() {
    check("A group in Newtown", None);
    let areas = ["S12000026".to_owned()];
    let context = Context { areas: &areas, ..Context::default() };
    let found = find("A group in Newtown", &context).unwrap();
    assert_eq!(found.location["latitude"], 55.5);
    assert!(found.sure > find("in Leith", &Context::default()).unwrap().sure);
    assert_eq!(find("A group in Leith", &context), None);
    assert_eq!(find("at EH6 8RG", &context), None);
}

#[test]
fn e2_the_address_of_an_organisation_is_not_the_place_of_its_event() {
    check("Join us! Registered office: 1 Shore, EH6 8RG.", None);
    check("© Example Trust, EH6 8RG", None);
    check("A concert in Portobello.\nScottish charity SC012345, EH6 8RG", Some("Portobello"));
    let own = ["EH6 8RG".parse().unwrap()];
    let context = Context { not: &own, ..Context::default() };
    assert_eq!(find("A concert. Example Trust, EH6 8RG", &context), None);
}

/// What the words of a location tell: its latitude and how sure it is, or how
/// many places it may be.
#[track_caller]
fn check_location(location: Json, near: &[&str], expected: &str) {
    let near: Vec<String> = near.iter().map(|area| (*area).to_owned()).collect();
    let found = match by_name(location.as_object().unwrap(), &near, &Small) {
        Told::Position(found) => {
            assert_eq!(found.location["positionFrom"], "place");
            format!("{} {} from {}", found.location["latitude"], found.sure, found.evidence)
        }
        Told::Several(name, places) => format!("{name} is {}", places.len()),
        Told::Nothing => String::new(),
    };
    assert_eq!(found, expected, "{location}");
}

#[test]
fn a_town_alone_tells_where_a_location_is_and_how_sure_that_is() {
    let check = |location: Json, expected: &str| check_location(location, &[], expected);
    check(json!({ "locality": "Leith" }), "55.976 0.8 from locations/locality: “Leith”");
    check(json!({ "name": { "en": "Perth" } }), "56.396 0.7 from locations/name: “Perth”");
    check(
        json!({ "name": "Town Hall, Portobello, EH15" }),
        "55.953 0.6 from locations/name: “Portobello”",
    );
    check(
        json!({ "streetAddress": "1 Shore, Leith" }),
        "55.976 0.6 from locations/streetAddress: “Leith”",
    );
    // The town goes before what the place is called.
    check(
        json!({ "name": "Perth Hall, Perth", "locality": "Leith" }),
        "55.976 0.8 from locations/locality: “Leith”",
    );
    for nothing in [
        json!({ "name": "Leith Library" }),
        json!({ "name": "Friday" }),
        json!({ "streetAddress": "Perth Road 1" }),
        json!({ "locality": "" }),
        json!({ "locality": "Narnia", "region": "Highland" }),
        json!({}),
    ] {
        check(nothing, "");
    }
}

#[test]
fn a_town_of_which_there_are_several_needs_its_county_or_the_area_of_the_source() {
    check_location(json!({ "locality": "Newtown" }), &[], "Newtown is 2");
    check_location(
        json!({ "locality": "Newtown", "region": "Borders" }),
        &[],
        "55.5 0.9 from locations/locality: “Newtown, Borders”",
    );
    check_location(
        json!({ "locality": "Newtown" }),
        &["S12000017"],
        "57.1 0.8 from locations/locality: “Newtown”",
    );
    check_location(json!({ "locality": "Newtown" }), &["S12000036"], "Newtown is 2");
    // What is clear by itself is believed wherever it is.
    check_location(
        json!({ "locality": "Leith" }),
        &["S12000017"],
        "55.976 0.8 from locations/locality: “Leith”",
    );
}

#[test]
fn what_is_online_only_gets_no_place() {
    let context = Context { online_only: true, ..Context::default() };
    assert_eq!(find("in Leith, EH6 8RG", &context), None);
}

#[test]
fn the_name_is_believed_more_than_the_description() {
    let text = |field| [Text { field, text: "Yoga in Leith" }];
    let sure = |field| match locate(&text(field), &Context::default(), &Small) {
        Told::Position(derived) => derived.sure,
        other => panic!("{other:?}"),
    };
    assert!(sure("name") > sure("description"));
}

#[test]
fn a_text_without_end_costs_no_more_than_a_long_one() {
    let text = "in Leith at EH6 ".repeat(1_000_000);
    let found = find(&text, &Context::default());
    assert_eq!(found.unwrap().location["locality"], "Leith");
}

proptest! {
    #[test]
    fn any_text_is_read(text in any::<String>(), words in "(in|at|EH6|8RG|Leith|of|on|[,.( ])( [A-Z][a-z]{0,3}| EH6| 8RG){0,20}") {
        let _ = find(&text, &Context::default());
        let _ = find(&words, &Context::default());
    }

    #[test]
    fn a_postcode_anywhere_in_a_text_is_found(before in "[a-z ,.(]{0,20}", after in "([ ,.)][a-z ,.)]{0,20})?") {
        let text = format!("{before} EH6 8RG{after}");
        let found = find(&text, &Context::default());
        prop_assert!(found.is_some(), "{}", text);
    }
}
