//! Pages as people see them who took a wrong turning, and lists on small screens.

use regex::Regex;

use super::server::{Answer, TestServer};

async fn page(server: &TestServer, path: &str) -> Answer {
    server.get_with(path, "accept", "text/html").await
}

/// The addresses of all links of a page with what they say.
fn links(html: &str) -> Vec<(String, String)> {
    let link = Regex::new(r#"<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>"#).unwrap();
    let tag = Regex::new("<[^>]*>").unwrap();
    let found = link.captures_iter(html);
    found
        .map(|it| (it[1].replace("&#38;", "&"), tag.replace_all(&it[2], "").into_owned()))
        .collect()
}

/// Where the link leads that says `text`.
fn href(html: &str, text: &str) -> String {
    let found = links(html).into_iter().find(|(_, said)| said == text);
    found.unwrap_or_else(|| panic!("no link says {text}: {html}")).0
}

#[tokio::test]
async fn a_page_beyond_the_end_says_where_the_list_ends_and_leads_there() {
    let server = TestServer::seeded();
    for (path, last) in [
        ("/lists/all?limit=50&kind=guides&page=500", "page=3"),
        ("/near/EH6?limit=50&kind=guides&page=4&view=table", "page=3"),
        ("/search?kind=need&page=90", "page=4"),
    ] {
        let answer = page(&server, path).await;
        assert_eq!(answer.status, 200, "{path}");
        let html = answer.text();
        let number = last.trim_start_matches("page=");
        assert!(html.contains(&format!("This list ends with page {number}.")), "{path}: {html}");
        let end = href(html, "Go to the last page of this list");
        assert!(end.ends_with(last), "{path}: {end}");
        let end = page(&server, &end).await;
        assert!(end.text().contains(&format!("Page {number} of {number}")), "{path}: {end}");
        let first = href(html, "Go to the first page of this list");
        assert!(
            page(&server, &first).await.text().contains(&format!("Page 1 of {number}")),
            "{first}"
        );
        assert!(!html.contains("rel=\"prev\""), "{path}: the page before is none either");
    }
    let nothing = page(&server, "/lists/all?q=zyzzyva&page=3").await;
    assert!(!nothing.text().contains("This list ends"), "{nothing}");
}

#[tokio::test]
async fn a_place_that_is_one_of_several_is_chosen_by_a_link() {
    let server = TestServer::seeded();
    for (path, chosen) in [
        ("/near/Newtown?kind=assets&lang=gd", "/near/Newtown%2C%20Highland?kind=assets&lang=gd"),
        ("/near/Newtown", "/near/Newtown,%20Highland"),
        ("/lists/all?near=Newtown&limit=3", "/lists/all?limit=3&near=Newtown%2C+Highland"),
    ] {
        let answer = page(&server, path).await;
        assert_eq!(answer.status, 400, "{path}");
        let to = href(answer.text(), "Newtown, Highland");
        assert_eq!(to.replace("%2C", ","), chosen.replace("%2C", ","), "{path}");
        assert_eq!(page(&server, &to).await.status, 200, "{to}");
    }
    let meant = page(&server, "/near/Portre").await;
    let to = href(meant.text(), "Did you mean “Portree”?");
    assert_eq!(page(&server, &to).await.status, 200, "{to}");
}

#[tokio::test]
async fn pages_of_problems_speak_to_people_and_stay_at_their_address() {
    let server = TestServer::seeded();
    for (path, said) in [
        ("/near/XX1", "No postcode, place or area “XX1” is known."),
        (
            "/lists/nothing",
            "No collection, organisation or other record is registered as “nothing”.",
        ),
        ("/?nope=abc", "“nope” is unknown here."),
        ("/near/EH6?limit=99&kind=assets", "How many: 99 is not within 1 and 50."),
        ("/near/EH6?heading-level=9", "Heading level: 9 is not within 2 and 6."),
        ("/places?level=parish", "Level: “parish” is no level of areas."),
    ] {
        let answer = page(&server, path).await;
        let html = answer.text();
        let main = html.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
        assert!(main.contains(&format!("<p>{said}</p>")), "{path}: {main}");
        assert!(!main.contains('`'), "{path}: {main}");
        let gaelic = href(html, "Gàidhlig");
        let expected = format!("{path}{}lang=gd", if path.contains('?') { '&' } else { '?' });
        assert_eq!(gaelic, expected, "{path}");
        let gaelic = page(&server, &gaelic).await;
        assert_eq!(gaelic.status, answer.status, "{path}");
        let html = gaelic.text();
        assert!(html.contains("<html lang=\"gd\">"), "{path}: {html}");
        // Where there are words for it, they are Gaelic.
        let is_missing = path == "/lists/nothing";
        let heading = if is_missing { "<h1>Chan eil seo" } else { "<h1><span lang=\"en\">" };
        assert!(html.contains(heading), "{path}: {html}");
        assert!(html.contains("Rach dhan duilleag-dhachaigh"), "{path}: {html}");
    }
}

#[tokio::test]
async fn a_table_keeps_its_roles_and_labels_its_cells() {
    let server = TestServer::seeded();
    let answer = page(&server, "/near/EH6?view=table&kind=assets&limit=3").await;
    let html = answer.text();
    let table = html.split("<table").nth(1).unwrap().split("</table>").next().unwrap();
    let count = |what: &str| table.matches(what).count();
    let columns = count("role=\"columnheader\"");
    assert_eq!((count("role=\"rowheader\""), count("role=\"row\"")), (3, 4), "{table}");
    assert_eq!(count("role=\"cell\""), 3 * (columns - 1), "{table}");
    for label in ["Kind", "Where"] {
        assert_eq!(count(&format!("data-label=\"{label}\"")), 3, "{label}: {table}");
    }
    // What has nothing in it has no space either, so that it can be left out.
    assert!(!table.contains("\"> </td>"), "{table}");
}

#[tokio::test]
async fn a_record_in_a_frame_says_its_name_once() {
    let server = TestServer::seeded();
    let path = server.place_of("/assets/leith-library").await.replace("https://kist.example", "");
    let framed = page(&server, &format!("/embed/v1/records{path}")).await;
    let html = framed.text();
    assert_eq!(html.matches(">Leith Library<").count(), 1, "{html}");
    let heading = format!("<h1 class=\"heading\"><a href=\"https://kist.example{path}\">");
    assert!(html.contains(&heading), "{html}");
    let renamed = page(&server, &format!("/embed/v1/records{path}?heading=Ours")).await;
    assert!(renamed.text().contains(">Ours</h1>"), "{renamed}");
    assert_eq!(renamed.text().matches(">Leith Library<").count(), 1, "{renamed}");
}

#[tokio::test]
async fn a_browser_gets_pages_of_the_data_and_the_feed_of_changes() {
    let server = TestServer::seeded();
    for path in ["/catalogue", "/.well-known/void"] {
        let answer = page(&server, path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type").as_str()),
            (200, "text/html; charset=utf-8"),
            "{path}"
        );
        for to in ["The dump", "Turtle"].map(|text| href(answer.text(), text)) {
            assert_eq!(server.ask(http::Method::HEAD, &to, &[], "").await.status, 200, "{to}");
        }
        let program = server.get(path).await;
        assert!(program.header("content-type").starts_with("text/turtle"), "{path}: {program}");
    }
    let feed = page(&server, "/changes.atom?limit=1").await;
    assert_eq!(
        (feed.status.as_u16(), feed.header("content-type").as_str()),
        (200, "application/atom+xml")
    );
}
