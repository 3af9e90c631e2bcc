//! What a page says of the whole list, and ways on that are guessed.

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use url::Url;

use super::{codes, document, mapping};
use crate::harvest::extraction::{Extraction, Severity};
use crate::harvest::format::Reading;
use crate::harvest::format::json::{FORMAT, guess};
use crate::harvest::mapping::{Mapping, Paging};

const URL: &str = "https://data.example/places.json";

/// A page of two items that says this besides.
fn page(more: &Json) -> Json {
    let mut page = more.clone();
    page["items"] = json!([{ "id": 1, "name": "a" }, { "id": 2, "name": "b" }]);
    page
}

fn read(url: &str, page: &Json, mapping: Option<&Mapping>, next: Option<&str>) -> Extraction {
    let next: Option<Url> = next.map(|next| next.parse().unwrap());
    let plain = Reading::plain(Timestamp::UNIX_EPOCH);
    let reading = Reading { mapping, next: next.as_ref(), ..plain };
    (FORMAT.extract)(&document(url, page.to_string().as_bytes()), &reading)
}

fn saved(paging: &Json) -> Mapping {
    let mut json =
        json!({ "items": "$.items[*]", "key": ["id"], "fields": { "name": { "from": ["name"] } } });
    if !paging.is_null() {
        json["paging"] = paging.clone();
    }
    mapping(json)
}

#[test]
fn totals_are_known_under_all_their_names() {
    for (more, total) in [
        (json!({ "total": 47 }), Some(47)),
        (json!({ "meta": { "total_count": "47" } }), Some(47)),
        (json!({ "meta": { "pagination": { "totalItems": 47 } } }), Some(47)),
        (json!({ "numberMatched": 47 }), Some(47)),
        (json!({ "page": { "totalElements": 47, "number": 0 } }), Some(47)),
        (json!({ "@odata.count": 47 }), Some(47)),
        (json!({ "count": 47 }), Some(47)),
        // That of the page.
        (json!({ "count": 2 }), None),
        (json!({ "total": "many" }), None),
        (json!({}), None),
    ] {
        assert_eq!(read(URL, &page(&more), None, None).announced, total, "{more}");
    }
    // A path that filters takes a part of the total.
    let mut filtered = saved(&json!(null));
    filtered.items = Some("$.items[?@.id > 1]".to_owned());
    let read = read(URL, &page(&json!({ "total": 47 })), Some(&filtered), None);
    assert_eq!((read.announced, codes(&read)), (None, vec![]));
}

#[test]
fn a_page_that_says_that_there_is_more_and_leads_nowhere_is_not_the_whole() {
    for more in [
        json!({ "total": 3 }),
        json!({ "pages": 2 }),
        json!({ "meta": { "last_page": 9 } }),
        json!({ "hasMore": true }),
        json!({ "has_next": "true" }),
        json!({ "next_cursor": "x" }),
        json!({ "paging": { "nextPageToken": "x" } }),
        json!({ "next_page": 2 }),
        json!({ "next": 2 }),
    ] {
        let read = read(URL, &page(&more), Some(&saved(&json!(null))), None);
        let broken = &read.problems[0];
        assert_eq!(
            (broken.code.as_str(), broken.severity),
            ("more-pages", Severity::Broken),
            "{more}"
        );
        assert_eq!(read.drafts.len(), 2, "what is there is taken");
    }
    for more in [
        json!({}),
        json!({ "total": 2, "pages": 1, "has_more": false, "next": null, "next_cursor": "" }),
        json!({ "pages": "none" }),
    ] {
        let read = read(URL, &page(&more), Some(&saved(&json!(null))), None);
        assert_eq!(codes(&read), Vec::<&str>::new(), "{more}");
    }
    // The last of several pages says how many there are as well.
    for url in ["https://a.example/x?page=2", "https://a.example/x?start_at=40"] {
        let read =
            read(url, &page(&json!({ "total": 42, "pages": 2 })), Some(&saved(&json!(null))), None);
        assert_eq!(codes(&read), Vec::<&str>::new(), "{url}");
    }
    let by_next = saved(&json!({ "by": "next", "path": "$.next" }));
    let last = read(URL, &page(&json!({ "next": null, "total": 42 })), Some(&by_next), None);
    assert_eq!(codes(&last), Vec::<&str>::new());
}

#[test]
fn the_next_page_is_where_the_page_or_the_header_says() {
    let follow = |more: &Json, mapping: Option<&Mapping>, next: Option<&str>| {
        let read = read(URL, &page(more), mapping, next);
        read.follow.first().map(|follow| follow.url.to_string())
    };
    let header = Some("https://data.example/places.json?after=2");
    let expected = header.map(str::to_owned);
    assert_eq!(follow(&json!({}), None, header), expected);
    // A mapping without a word of pages doesn't keep from it.
    assert_eq!(follow(&json!({}), Some(&saved(&json!(null))), header), expected);
    assert_eq!(follow(&json!({}), Some(&saved(&json!({ "by": "link" }))), header), expected);
    assert_eq!(follow(&json!({}), Some(&saved(&json!({ "by": "link" }))), None), None);
    for more in [
        json!({ "next_page_url": "/places.json?after=2" }),
        json!({ "@odata.nextLink": "https://data.example/places.json?after=2" }),
        json!({ "_links": { "next": { "href": "?after=2" } } }),
    ] {
        assert_eq!(follow(&more, None, None), expected, "{more}");
    }
}

#[test]
fn parameters_that_a_page_gives_back_are_guessed_to_be_its_own() {
    for (more, expected) in [
        (
            json!({ "total": 5, "limit": 2, "offset": 0 }),
            Some(Paging::Offset { parameter: "offset".to_owned(), size: 2 }),
        ),
        (
            json!({ "meta": { "page": 1, "pages": 3 } }),
            Some(Paging::Page { parameter: "page".to_owned(), first: 1 }),
        ),
        (
            json!({ "page": 0, "total": 3 }),
            Some(Paging::Page { parameter: "page".to_owned(), first: 0 }),
        ),
        // Nothing says that there is more, or by what name.
        (json!({ "limit": 2, "offset": 0 }), None),
        (json!({ "total": 5, "limit": 20, "offset": 0 }), None),
        (json!({ "pages": 3 }), None),
    ] {
        let page = page(&more);
        let found = guess(&document(URL, page.to_string().as_bytes())).unwrap();
        assert_eq!(found.paging, expected, "{more}");
    }
}
