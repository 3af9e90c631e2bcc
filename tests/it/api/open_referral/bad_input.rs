//! What can't be read is told by name; what is not known is passed over.

use std::fmt::Write;

use insta::assert_snapshot;

use super::{ROOT, list, own_rich, rich};

#[tokio::test]
async fn each_parameter_that_can_not_be_read_is_named() {
    let server = rich();
    let mut told = String::new();
    for query in [
        "page=0",
        "page=first",
        "per_page=0",
        "perPage=-1",
        "per_page=1.5",
        "format=xml",
        "full=maybe",
        "minimal=x",
        "taxonomy_term_id=no+such+term",
        "taxonomy_id=%27%3B--",
        "organization_id=nobody",
        "minimum_age=old",
        "maximum_age=-1",
        "minimum_age=NaN",
        "start_time=25:00",
        "end_time=noon",
        "day=someday",
        "postcode=ZZ99+9ZZ",
        "postcode=EH6+6QN&proximity=far",
        "proximity=100",
        "latitude=91&longitude=0",
        "latitude=55",
        "longitude=-3",
        "radius=100",
        "latitude=55&longitude=-3&radius=-1",
        "latitude=55&longitude=-3&postcode=EH6+6QN",
        "modified_after=yesterday",
        "modified_after=2026-13-01",
        "search=%00",
        "search=%ff",
        "page=1&page=2",
    ] {
        let answer = server.get(&format!("{ROOT}/service_at_locations?{query}")).await;
        let problem = answer.json();
        let (parameter, detail) = (&problem["parameter"], &problem["detail"]);
        writeln!(told, "{query}\n  {} {parameter} {detail}", answer.status.as_u16()).unwrap();
        assert!(answer.status.is_client_error() && parameter.is_string(), "{query}: {answer}");
    }
    assert_snapshot!(told);
}

#[tokio::test]
async fn names_that_are_not_known_are_passed_over() {
    let server = rich();
    let plain = list(&server, "/services").await;
    for query in ["coverage=EH6&text=tea", "utm_source=x", "=", "&&", "perpage=1", "full="] {
        assert_eq!(list(&server, &format!("/services?{query}")).await, plain, "{query}");
    }
    list(&server, "/?anything=goes").await;
}

#[tokio::test]
async fn what_is_not_there_is_404_and_what_was_withdrawn_410() {
    let server = own_rich();
    let nobody = "00000000-0000-4000-8000-000000000000";
    for collection in
        ["services", "service_at_locations", "organizations", "taxonomies", "taxonomy_terms"]
    {
        for id in [nobody, "x", "%20", "..%2f", "%ff", &"9".repeat(300)] {
            let answer = server.get(&format!("{ROOT}/{collection}/{id}")).await;
            assert_eq!(answer.status, 404, "{collection}/{id}: {answer}");
        }
    }
    // The id of an organisation is none of a service.
    let walkers = super::WALKERS;
    assert_eq!(server.get(&format!("{ROOT}/services/{walkers}")).await.status, 404);
    let walk = super::WALK;
    let page = list(&server, "/service_at_locations?search=shore").await;
    let site = page["contents"][0]["id"].as_str().unwrap().to_owned();
    let id = format!("asset/{walk}").parse().unwrap();
    let edits = server.register.withdrawal(&id, None).unwrap();
    let now = super::super::server::now();
    server.register.apply(edits, kist::register::References::Kept, "test", now).unwrap();
    assert_eq!(server.get(&format!("{ROOT}/services/{walk}")).await.status, 410);
    assert_eq!(server.get(&format!("{ROOT}/service_at_locations/{site}")).await.status, 404);
}
