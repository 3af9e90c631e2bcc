//! Tests of reading OAI-PMH answers.

use jiff::Timestamp;

use super::*;
use crate::harvest::extraction::Severity;

const HEAD: &str = "<?xml version='1.0' encoding='UTF-8'?>\n\
    <OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'>\n\
    <responseDate>2026-11-22T02:00:00Z</responseDate>";

fn read_at(url: &str, text: &str) -> Extraction {
    let document = Document {
        url: url.parse().unwrap(),
        media_type: Some("text/xml".to_owned()),
        charset: None,
        bytes: text.as_bytes().to_vec(),
        retrieved_at: Timestamp::UNIX_EPOCH,
    };
    extract(&document, &Reading::plain(Timestamp::UNIX_EPOCH))
}

fn read(body: &str) -> Extraction {
    let url = "https://repo.example/oai?verb=ListRecords&metadataPrefix=oai_dc&set=health";
    read_at(
        url,
        &format!("{HEAD}<request verb='ListRecords' set='health'>x</request>{body}</OAI-PMH>"),
    )
}

fn codes(extraction: &Extraction) -> Vec<(Severity, &str)> {
    let problems = extraction.problems.iter();
    problems.map(|problem| (problem.severity, problem.code.as_str())).collect()
}

const RECORD: &str = r#"<record>
  <header><identifier>oai:repo.example:42</identifier><datestamp>2026-03-01T10:00:00Z</datestamp></header>
  <metadata><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
      xmlns:dc="http://purl.org/dc/elements/1.1/">
    <dc:title xml:lang="en">Falling less: a guide &amp; toolkit</dc:title>
    <dc:title xml:lang="gla">A’ tuiteam nas lugha</dc:title>
    <dc:creator>Mackay, Aileen</dc:creator><dc:creator>Singh, R.</dc:creator>
    <dc:subject>Falls</dc:subject><dc:subject> </dc:subject>
    <dc:description>For care homes.</dc:description>
    <dc:date>2025-06</dc:date><dc:date>2024-11-03T09:00:00Z</dc:date>
    <dc:type>Guidance</dc:type><dc:format>application/pdf</dc:format>
    <dc:identifier>ISBN 123</dc:identifier><dc:identifier>doi:10.1234/ab.5</dc:identifier>
    <dc:language>eng</dc:language><dc:rights>https://creativecommons.org/licenses/by/4.0/</dc:rights>
  </oai_dc:dc></metadata></record>"#;

#[test]
fn a_record_becomes_a_resource() {
    let extraction = read(&format!("<ListRecords>{RECORD}</ListRecords>"));
    assert!(extraction.problems.is_empty(), "{:?}", extraction.problems);
    let draft = &extraction.drafts[0];
    assert_eq!((draft.key.as_str(), draft.kind.as_str()), ("oai:repo.example:42", "resource"));
    assert_eq!(draft.modified.as_deref(), Some("2026-03-01T10:00:00Z"));
    assert_eq!(
        Json::Object(draft.fields.clone()),
        json!({
            "name": {"en": "Falling less: a guide & toolkit", "gd": "A’ tuiteam nas lugha"},
            "description": "For care homes.",
            "authors": [{"name": "Mackay, Aileen"}, {"name": "Singh, R."}],
            "resourceType": "guide",
            "published": "2024-11-03",
            "url": "https://doi.org/10.1234/ab.5",
            "mediaType": "application/pdf",
            "languages": ["en"],
            "licence": "https://creativecommons.org/licenses/by/4.0/",
        })
    );
    assert_eq!(draft.terms.len(), 1);
}

#[test]
fn deleted_headers_are_deletions() {
    let extraction = read(
        "<ListRecords><record><header status='deleted'><identifier>oai:x:1</identifier>\
         <datestamp>2026-01-01</datestamp></header></record></ListRecords>",
    );
    assert_eq!(extraction.drafts[0].state, State::Deleted);
    assert_eq!(extraction.drafts[0].modified.as_deref(), Some("2026-01-01"));
}

#[test]
fn a_token_leads_to_the_next_page_and_the_first_page_knows_where_to_resume() {
    let extraction = read(
        "<ListRecords><resumptionToken completeListSize=' 450 '>a/b&amp;c=1</resumptionToken>\
         </ListRecords>",
    );
    assert_eq!(extraction.announced, Some(450));
    let next = &extraction.follow[0];
    assert_eq!(next.role, Role::Next);
    let expected = "https://repo.example/oai?verb=ListRecords&resumptionToken=a%2Fb%26c%3D1";
    assert_eq!(next.url.as_str(), expected);
    let resume = "https://repo.example/oai?verb=ListRecords&metadataPrefix=oai_dc&set=health&from=2026-11-21";
    assert_eq!(extraction.resume.unwrap().as_str(), resume);
}

#[test]
fn later_pages_and_empty_tokens_end_the_listing() {
    let url = "https://repo.example/oai?verb=ListRecords&resumptionToken=2";
    let text = format!("{HEAD}<ListRecords>{RECORD}<resumptionToken/></ListRecords></OAI-PMH>");
    let extraction = read_at(url, &text);
    assert!(extraction.follow.is_empty() && extraction.resume.is_none());
    assert_eq!(extraction.drafts.len(), 1);
}

#[test]
fn the_same_token_twice_is_a_loop() {
    let url = "https://repo.example/oai?verb=ListRecords&resumptionToken=2";
    let text =
        format!("{HEAD}<ListRecords><resumptionToken>2</resumptionToken></ListRecords></OAI-PMH>");
    let extraction = read_at(url, &text);
    assert!(extraction.follow.is_empty());
    assert_eq!(codes(&extraction), [(Severity::Broken, "paging-loop")]);
}

#[test]
fn an_expired_token_is_broken_and_no_match_is_nothing_new() {
    let expired = read("<error code='badResumptionToken'>expired</error>");
    assert_eq!(codes(&expired), [(Severity::Broken, "bad-resumption-token")]);
    let unchanged = read("<error code='noRecordsMatch'/>");
    assert!(unchanged.problems.is_empty() && unchanged.resume.is_some());
    let refused = read("<error code='badArgument'>no prefix</error>");
    assert_eq!(codes(&refused), [(Severity::Broken, "bad-request")]);
}

#[test]
fn bad_records_cost_themselves_only() {
    let extraction = read(&format!(
        "<ListRecords><record><header/></record>\
         <record><header><identifier>a</identifier></header></record>\
         <record><header><identifier>b</identifier></header><metadata><dc><title>T</title>\
         <date>soon</date></dc></metadata></record>{RECORD}</ListRecords>"
    ));
    assert_eq!(
        codes(&extraction),
        [
            (Severity::Error, "no-key"),
            (Severity::Error, "no-metadata"),
            (Severity::Error, "bad-date"),
            (Severity::Error, "no-url"),
        ]
    );
    assert_eq!(extraction.drafts.len(), 2);
    assert_eq!(extraction.drafts[0].fields["resourceType"], "article");
}

#[test]
fn half_an_answer_keeps_its_records_and_is_broken() {
    let url = "https://repo.example/oai?verb=ListRecords&metadataPrefix=oai_dc";
    let extraction = read_at(url, &format!("{HEAD}<ListRecords>{RECORD}<record><header>"));
    assert_eq!(extraction.drafts.len(), 1);
    assert_eq!(codes(&extraction), [(Severity::Broken, "bad-xml")]);
    assert_eq!(extraction.resume, None);
}

#[test]
fn a_page_that_is_no_answer_is_broken() {
    for text in ["<html><body>Log in</body></html>", ""] {
        let extraction = read_at("https://repo.example/oai", text);
        assert_eq!(codes(&extraction), [(Severity::Broken, "bad-answer")]);
    }
}

#[test]
fn a_repository_that_describes_itself_is_listed_next() {
    let extraction = read_at(
        "https://repo.example/oai?verb=Identify",
        &format!(
            "{HEAD}<Identify><repositoryName>Health Repo</repositoryName></Identify></OAI-PMH>"
        ),
    );
    assert_eq!(extraction.about.title.as_deref(), Some("Health Repo"));
    let expected = "https://repo.example/oai?verb=ListRecords&metadataPrefix=oai_dc";
    assert_eq!(extraction.follow[0].url.as_str(), expected);
}

#[test]
fn entities_are_not_expanded() {
    let text = format!(
        "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>]>{}",
        &format!("{HEAD}<ListRecords>{RECORD}</ListRecords></OAI-PMH>")[HEAD.find('\n').unwrap()..]
    );
    let text = text.replace("For care homes.", "&a;&a;");
    let extraction = read_at("https://repo.example/oai?verb=ListRecords", &text);
    assert_eq!(extraction.drafts[0].fields["description"], "&a;&a;");
}

#[test]
fn whatever_is_cut_off_or_changed_nothing_panics() {
    for bytes in [format!("{HEAD}<ListRecords>{RECORD}</ListRecords></OAI-PMH>").as_bytes()] {
        for number in 0..bytes.len() {
            let mut changed = bytes.to_vec();
            changed[number] = changed[number].wrapping_mul(31).wrapping_add(7);
            changed.truncate(bytes.len() - number / 3);
            let _ = read_at(
                "https://repo.example/oai?verb=ListRecords",
                &String::from_utf8_lossy(&changed),
            );
        }
    }
}

#[test]
fn a_repository_that_was_asked_nothing_is_asked_what_it_is() {
    let error = "<error code='badVerb'>Missing verb</error>";
    let extraction = read_at("https://repo.example/oai", &format!("{HEAD}{error}</OAI-PMH>"));
    assert_eq!(codes(&extraction), []);
    assert_eq!(extraction.follow[0].url.as_str(), "https://repo.example/oai?verb=Identify");
    assert_eq!(extraction.follow[0].role, Role::Part);
    // A verb that it doesn't know is a fault.
    let url = "https://repo.example/oai?verb=List";
    let extraction = read_at(url, &format!("{HEAD}{error}</OAI-PMH>"));
    assert_eq!(codes(&extraction), [(Severity::Broken, "bad-request")]);
    for (url, expected) in [
        ("https://repo.example/oai", "https://repo.example/oai?verb=Identify"),
        ("https://repo.example/oai?db=1#x", "https://repo.example/oai?db=1&verb=Identify"),
        (
            "https://repo.example/oai?verb=ListRecords&set=a",
            "https://repo.example/oai?verb=ListRecords&set=a",
        ),
    ] {
        assert_eq!(beginning(&url.parse().unwrap()).as_str(), expected);
    }
}
