//! Where things are that say it by names, with the real program, from a
//! publisher on loopback to the search.

use serde_json::{Value, json};

use crate::harvest::{Desk, Publisher};
use crate::program::{BASE, get, request};

/// The page of a council: services by the names of their areas, an event by
/// its town, and one service whose area nobody knows.
pub(crate) fn page() -> String {
    let service = |key: &str, area: Value| {
        json!({ "@type": "Service", "@id": format!("https://partner.example/{key}"),
            "name": format!("Befriending {key}"), "areaServed": area })
    };
    let graph = json!({ "@context": "https://schema.org", "@graph": [
        service("one", json!("The Highland Council")),
        service("two", json!({ "@type": "City", "name": "Edinburgh" })),
        service("three", json!("Narnia")),
        { "@type": "Event", "@id": "https://partner.example/ceilidh", "name": "Ceilidh of the year",
          "startDate": "2027-01-25T19:00:00Z",
          "location": { "@type": "Place", "address": { "addressLocality": "Portree" } } },
    ] });
    format!("<!doctype html><title>Ours</title><script type='application/ld+json'>{graph}</script>")
}

#[test]
fn areas_and_towns_are_found_by_their_names_and_an_unknown_area_waits_for_an_editor() {
    let publisher = Publisher::start();
    let desk = Desk::new(&publisher);
    desk.add("partner", "html", &publisher.url("/places.html"));
    let run = desk.run("harvest run partner").with(0).stdout;
    assert!(run.contains("ok-with-errors") && run.contains("3 new"), "{run}");
    assert!(run.contains("1 waiting for an editor"), "{run}");
    let said = desk.statements();
    for code in ["S12000017", "S12000036"] {
        let area = format!("<https://schema.org/areaServed> <{BASE}/id/place/{code}>");
        assert!(said.iter().any(|line| line.contains(&area)), "{code}: {said:#?}");
    }
    let problems = desk.run("harvest problems partner").with(0).stdout;
    assert!(problems.contains("80 % sure, from locations/locality: “Portree”"), "{problems}");
    let token = desk.run("token create --label editor --scope admin").with(0).stdout;
    let bearer = format!("Bearer {}", token.trim());
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let server = desk.serve();
    // Within the radius of the town, and not somewhere in the register.
    let found = get(server.address(), "/api/v1/search?near=Portree&within=5km&q=ceilidh").json();
    assert_eq!(found["total"], json!(1), "{found}");
    let asked = request(server.address(), "GET", "/api/v1/reviews?kind=term", &headers, "");
    let asked = asked.unwrap().json();
    assert_eq!(asked["items"][0]["question"], "Which area is “Narnia” of partner?");
    let path = format!("/api/v1/reviews/term/{}", asked["items"][0]["key"].as_str().unwrap());
    let answer = |text: &str| {
        let body = json!({ "answer": text }).to_string();
        request(server.address(), "POST", &path, &headers, &body).unwrap()
    };
    assert_eq!(answer("walking").status, 422);
    assert_eq!(answer("S92000003").status, 200);
    let run = get(server.address(), "/api/v1/sources/partner/runs/2").json();
    assert_eq!((&run["counts"]["waiting"], &run["counts"]["invalid"]), (&json!(1), &json!(0)));
    assert!(run["peakMemory"].as_u64().is_none_or(|bytes| bytes > 1_000_000), "{run}");
    assert_eq!(server.stop(), Some(0));
    let run = desk.run("harvest run partner").with(0).stdout;
    assert!(run.contains("1 new") && !run.contains("waiting"), "{run}");
    let area = format!("<https://schema.org/areaServed> <{BASE}/id/place/S92000003>");
    assert!(desk.statements().iter().any(|line| line.contains(&area)));
}
