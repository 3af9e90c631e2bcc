//! One rich and one poor result in every format.

mod hostile;

use insta::assert_snapshot;
use jiff::civil::date;
use serde_json::Value;
use serde_json::json;

use super::*;
use crate::model::Metres;

const BASE: &str = "https://kist.example";

/// A mobile library stop of which everything is known.
fn rich() -> Value {
    json!({
        "id": "https://kist.example/id/asset/stop", "type": "asset",
        "name": {"gd": "Leabharlann <Siubhail>", "en": "Mobile library, Restalrig & Leith"},
        "summary": "Borrow books;\r\nreturn them, \"here\".",
        "assetType": {"id": "https://kist.example/id/category/mobile", "name": "Mobile stop"},
        "topics": [
            {"id": "https://kist.example/id/category/library", "name": "Library"},
            {"id": "https://kist.example/id/category/reading", "name": "Reading"},
        ],
        "provider": {"id": "https://kist.example/id/organisation/ecl", "name": "City Libraries"},
        "areaServed": [{"id": "https://kist.example/id/place/S12000036", "name": "Edinburgh"}],
        "online": false, "accessMode": "in-person", "status": "active",
        "cost": {"amount": "3.5", "currency": "GBP", "note": "members free"},
        "languages": ["en", "gd"],
        "locations": [
            {"name": "Church", "streetAddress": "1 Restalrig Rd", "locality": "Edinburgh",
             "postcode": "EH6 8RG", "latitude": 55.97, "longitude": -3.17},
            {"latitude": 55.96, "longitude": -3.16},
        ],
        "schedule": [
            {"byDay": ["TH"], "startTime": "14:05:00", "endTime": "14:30:00",
             "repeatFrequency": "P2W", "startDate": "2019-03-28", "endDate": "2027-06-30",
             "exceptDate": ["2026-12-24"]},
            {"byDay": ["WE"], "byMonthWeek": [1], "note": "in term"},
        ],
        "url": "https://libraries.example/stop?a=1&b=2", "telephone": "+44 131 496 0000",
        "email": "stop@libraries.example", "published": "2011", "lastReviewed": "2025-01-31",
    })
}

/// A resource of which almost nothing is known.
fn poor() -> Value {
    json!({"id": "https://kist.example/id/resource/guide", "type": "resource", "name": "=Guide",
        "url": "javascript:alert(1)", "locations": [{"latitude": 91, "longitude": 0}]})
}

/// What `format` makes of the results, with every link and addition there is.
fn written(format: Format, summaries: &[Value]) -> String {
    let summaries: Vec<Vec<u8>> =
        summaries.iter().map(|summary| summary.to_string().into_bytes()).collect();
    let items = summaries.iter().enumerate().map(|(number, summary)| Item {
        licences: if number == 0 { &["https://theirs.example/"] } else { &[] },
        attribution: if number == 0 { "By the libraries." } else { "" },
        details: None,
        summary,
        changed: (number == 0).then(|| "2026-11-19T09:30:00Z".parse().unwrap()),
        distance: (number == 0).then(|| Metres::new(812.4).unwrap()),
        reason: (number == 0).then_some("near"),
        covers: None,
        note: None,
        is_deprioritised: number == 1,
        explanation: None,
    });
    let facets = json!({"topic": {"library": 2}});
    let list = List {
        title: "Assets near Leith",
        register: "kist",
        context: "https://kist.example/context.jsonld",
        kind: "SearchResults",
        address: "https://kist.example/search.x?near=Leith&page=2",
        page: "https://kist.example/search?near=Leith&page=2",
        first: Some("https://kist.example/search.x?near=Leith"),
        previous: None,
        next: Some("https://kist.example/search.x?near=Leith&page=3"),
        total: 2,
        near: None,
        facets: Some(&facets),
        licence: Some("https://licence.example/"),
        own_attribution: Some("From kist."),
        attribution: Some("From kist. By the libraries."),
        language: "en",
        updated: "2026-11-20T10:00:00Z".parse().unwrap(),
        today: date(2026, 11, 21),
        document: &|id| id.replace("/id/", "/"),
        report: Some(&|id| format!("{BASE}/report?about={id}")),
        report_form: Some("https://kist.example/report?about={id}"),
        items: items.collect(),
    };
    String::from_utf8(write(format, &list).unwrap()).unwrap()
}

fn both(format: Format) -> String {
    written(format, &[rich(), poor()])
}

#[test]
fn every_format_of_the_table_writes_and_no_other() {
    for format in FORMATS {
        assert!(both(format).contains("Restalrig"), "{}", format.name());
    }
    assert!(!FORMATS.contains(&Format::Html));
}

#[test]
fn json_splices_summaries_as_they_are() {
    let json: Value = serde_json::from_str(&both(Format::Json)).unwrap();
    let report = |record: &Value| format!("{BASE}/report?about={}", record["id"].as_str().unwrap());
    let mut first = rich();
    first["report"] = json!(report(&first));
    first["distance"] = json!(812);
    first["match"] = json!("near");
    first["sourceLicence"] = json!("https://theirs.example/");
    first["sourceAttribution"] = json!("By the libraries.");
    let mut second = poor();
    second["report"] = json!(report(&second));
    second["sourceLicence"] = json!("https://licence.example/");
    second["sourceAttribution"] = json!("From kist.");
    second["deprioritised"] = json!(true);
    assert_eq!(json["items"], json!([first, second]));
    assert_snapshot!(written(Format::JsonLd, &[json!({"id": "x"}), json!([])]), @r#"
    {"@context":"https://kist.example/context.jsonld","id":"https://kist.example/search.x?near=Leith&page=2","type":"SearchResults","title":"Assets near Leith","total":2,"items":[{"id":"x","report":"https://kist.example/report?about=x","distance":812,"match":"near","sourceLicence":"https://theirs.example/","sourceAttribution":"By the libraries."}],"first":"https://kist.example/search.x?near=Leith","next":"https://kist.example/search.x?near=Leith&page=3","facets":{"topic":{"library":2}},"licence":"https://licence.example/","attribution":"From kist. By the libraries."}
    "#);
}

#[test]
fn json_of_an_empty_summary_is_an_object_still() {
    let json: Value = serde_json::from_str(&written(Format::Json, &[json!({})])).unwrap();
    let item = json!({
        "distance": 812, "match": "near", "sourceLicence": "https://theirs.example/",
        "sourceAttribution": "By the libraries.",
    });
    assert_eq!(json["items"], json!([item]));
}

#[test]
fn geojson_has_a_feature_for_each_result() {
    let json: Value = serde_json::from_str(&both(Format::GeoJson)).unwrap();
    assert_snapshot!(serde_json::to_string_pretty(&json).unwrap(), @r#"
    {
      "type": "FeatureCollection",
      "title": "Assets near Leith",
      "total": 2,
      "page": "https://kist.example/search?near=Leith&page=2",
      "id": "https://kist.example/search.x?near=Leith&page=2",
      "first": "https://kist.example/search.x?near=Leith",
      "next": "https://kist.example/search.x?near=Leith&page=3",
      "report": "https://kist.example/report?about={id}",
      "attribution": "From kist.",
      "licence": "https://licence.example/",
      "updated": "2026-11-20",
      "features": [
        {
          "type": "Feature",
          "id": "https://kist.example/id/asset/stop",
          "properties": {
            "type": "asset",
            "accessMode": "in-person",
            "topics": [
              "Library",
              "Reading"
            ],
            "areaServed": [
              "Edinburgh"
            ],
            "assetType": "Mobile stop",
            "status": "active",
            "name": "Mobile library, Restalrig & Leith",
            "address": "Church, 1 Restalrig Rd, Edinburgh, EH6 8RG",
            "cost": "£3.50 (members free)",
            "summary": "Borrow books;\r\nreturn them, \"here\".",
            "licence": "https://theirs.example/",
            "attribution": "By the libraries.",
            "schedule": "Thursday, every other week, 14:05 to 14:30, from 28 March 2019, until 30 June 2027, not on 24 December 2026; First Wednesday of the month (in term)",
            "telephone": "+44 131 496 0000",
            "provider": "City Libraries",
            "email": "stop@libraries.example",
            "url": "https://libraries.example/stop?a=1&b=2",
            "lastReviewed": "2025-01-31",
            "distance": 812
          },
          "geometry": {
            "type": "MultiPoint",
            "coordinates": [
              [
                -3.17,
                55.97
              ],
              [
                -3.16,
                55.96
              ]
            ]
          }
        },
        {
          "type": "Feature",
          "id": "https://kist.example/id/resource/guide",
          "properties": {
            "type": "resource",
            "name": "=Guide"
          },
          "geometry": null
        }
      ]
    }
    "#);
}

#[test]
fn csv_has_a_row_for_each_result() {
    assert_snapshot!(both(Format::Csv).replace('\r', "␍"), @r#"
    id,type,name,summary,asset_type,resource_type,status,provider,topics,audience,area_served,address,locality,postcode,latitude,longitude,distance_metres,match,online,access_mode,schedule,cost,telephone,email,url,languages,published,last_reviewed,valid_until,code,page,report,licence,attribution,venue,street_address,region,position_from,country,asset_type_id,resource_type_id,provider_id,topic_ids,audience_ids,area_ids,more␍
    https://kist.example/id/asset/stop,asset,"Mobile library, Restalrig & Leith","Borrow books;␍
    return them, ""here"".",Mobile stop,,active,City Libraries,Library; Reading,,Edinburgh,"Church, 1 Restalrig Rd, Edinburgh, EH6 8RG",Edinburgh,EH6 8RG,55.97,-3.17,812,near,false,in-person,"Thursday, every other week, 14:05 to 14:30, from 28 March 2019, until 30 June 2027, not on 24 December 2026; First Wednesday of the month (in term)",£3.50 (members free),'+44 131 496 0000,stop@libraries.example,https://libraries.example/stop?a=1&b=2,en; gd,2011,2025-01-31,,,https://kist.example/asset/stop,https://kist.example/report?about=https://kist.example/id/asset/stop,https://theirs.example/,By the libraries.,,,,,,mobile,,ecl,library; reading,,S12000036,"{""name"":{""gd"":""Leabharlann <Siubhail>"",""en"":""Mobile library, Restalrig & Leith""},""summary"":""Borrow books;\r\nreturn them, \""here\""."",""cost"":{""amount"":""3.5"",""currency"":""GBP"",""note"":""members free""},""locations"":[{""name"":""Church"",""streetAddress"":""1 Restalrig Rd"",""locality"":""Edinburgh"",""postcode"":""EH6 8RG"",""latitude"":55.97,""longitude"":-3.17},{""latitude"":55.96,""longitude"":-3.16}],""schedule"":[{""byDay"":[""TH""],""startTime"":""14:05:00"",""endTime"":""14:30:00"",""repeatFrequency"":""P2W"",""startDate"":""2019-03-28"",""endDate"":""2027-06-30"",""exceptDate"":[""2026-12-24""]},{""byDay"":[""WE""],""byMonthWeek"":[1],""note"":""in term""}]}"␍
    https://kist.example/id/resource/guide,resource,'=Guide,,,,,,,,,,,,,,,,,,,,,,,,,,,,https://kist.example/resource/guide,https://kist.example/report?about=https://kist.example/id/resource/guide,https://licence.example/,From kist.,,,,,,,,,,,,␍
    "#);
}

#[test]
fn rss_has_an_item_for_each_result() {
    assert_snapshot!(both(Format::Rss), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:georss="http://www.georss.org/georss" xmlns:kist="https://w3id.org/kist#">
      <channel>
        <title>Assets near Leith</title>
        <link>https://kist.example/search?near=Leith&amp;page=2</link>
        <description>Assets near Leith: 2 results in kist</description>
        <language>en</language>
        <copyright>From kist. By the libraries. https://licence.example/</copyright>
        <lastBuildDate>Fri, 20 Nov 2026 10:00:00 +0000</lastBuildDate>
        <generator>kist</generator>
        <atom:link rel="self" type="application/rss+xml" href="https://kist.example/search.x?near=Leith&amp;page=2"/>
        <atom:link rel="first" type="application/rss+xml" href="https://kist.example/search.x?near=Leith"/>
        <atom:link rel="next" type="application/rss+xml" href="https://kist.example/search.x?near=Leith&amp;page=3"/>
        <atom:link rel="license" href="https://licence.example/"/>
        <item>
          <title>Mobile library, Restalrig &amp; Leith</title>
          <link>https://kist.example/asset/stop</link>
          <guid isPermaLink="false">https://kist.example/id/asset/stop</guid>
          <description>&lt;p&gt;Borrow books;&#13;&#10;return them, &quot;here&quot;.&lt;/p&gt;&lt;p&gt;Church, 1 Restalrig Rd, Edinburgh, EH6 8RG&lt;/p&gt;&lt;p&gt;Thursday, every other week, 14:05 to 14:30, from 28 March 2019, until 30 June 2027, not on 24 December 2026; First Wednesday of the month (in term)&lt;/p&gt;&lt;p&gt;Cost: £3.50 (members free)&lt;/p&gt;&lt;p&gt;Contact: +44 131 496 0000, stop@libraries.example&lt;/p&gt;&lt;p&gt;Checked: 31 January 2025&lt;/p&gt;</description>
          <category domain="https://kist.example/id/category/library">Library</category>
          <category domain="https://kist.example/id/category/reading">Reading</category>
          <pubDate>Thu, 19 Nov 2026 09:30:00 +0000</pubDate>
          <comments>https://kist.example/report?about=https://kist.example/id/asset/stop</comments>
          <atom:link rel="license" href="https://theirs.example/"/>
          <dc:rights>By the libraries.</dc:rights>
          <dc:creator>City Libraries</dc:creator>
          <dc:date>2011</dc:date>
          <georss:point>55.97 -3.17</georss:point>
          <kist:lastReviewed>2025-01-31</kist:lastReviewed>
        </item>
        <item>
          <title>=Guide</title>
          <link>https://kist.example/resource/guide</link>
          <guid isPermaLink="false">https://kist.example/id/resource/guide</guid>
          <comments>https://kist.example/report?about=https://kist.example/id/resource/guide</comments>
          <atom:link rel="license" href="https://licence.example/"/>
          <dc:rights>From kist.</dc:rights>
        </item>
      </channel>
    </rss>
    "#);
}

#[test]
fn atom_has_an_entry_for_each_result() {
    assert_snapshot!(both(Format::Atom), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <feed xmlns="http://www.w3.org/2005/Atom" xmlns:georss="http://www.georss.org/georss" xmlns:kist="https://w3id.org/kist#" xml:lang="en">
      <id>https://kist.example/search.x?near=Leith</id>
      <title>Assets near Leith</title>
      <updated>2026-11-20T10:00:00Z</updated>
      <author>
        <name>kist</name>
      </author>
      <generator>kist</generator>
      <rights>From kist. By the libraries.</rights>
      <link rel="self" type="application/atom+xml" href="https://kist.example/search.x?near=Leith&amp;page=2"/>
      <link rel="alternate" type="text/html" href="https://kist.example/search?near=Leith&amp;page=2"/>
      <link rel="first" type="application/atom+xml" href="https://kist.example/search.x?near=Leith"/>
      <link rel="next" type="application/atom+xml" href="https://kist.example/search.x?near=Leith&amp;page=3"/>
      <link rel="license" href="https://licence.example/"/>
      <entry>
        <id>https://kist.example/id/asset/stop</id>
        <title>Mobile library, Restalrig &amp; Leith</title>
        <updated>2026-11-19T09:30:00Z</updated>
        <author>
          <name>City Libraries</name>
        </author>
        <link rel="alternate" type="text/html" href="https://kist.example/asset/stop"/>
        <link rel="related" href="https://libraries.example/stop?a=1&amp;b=2"/>
        <link rel="related" title="Report a mistake" href="https://kist.example/report?about=https://kist.example/id/asset/stop"/>
        <link rel="license" href="https://theirs.example/"/>
        <rights>By the libraries.</rights>
        <category term="https://kist.example/id/category/library" label="Library"/>
        <category term="https://kist.example/id/category/reading" label="Reading"/>
        <summary type="text">Borrow books;&#13;&#10;return them, &quot;here&quot;.&#10;Church, 1 Restalrig Rd, Edinburgh, EH6 8RG&#10;Thursday, every other week, 14:05 to 14:30, from 28 March 2019, until 30 June 2027, not on 24 December 2026; First Wednesday of the month (in term)&#10;Cost: £3.50 (members free)&#10;Contact: +44 131 496 0000, stop@libraries.example&#10;Checked: 31 January 2025</summary>
        <georss:point>55.97 -3.17</georss:point>
        <kist:lastReviewed>2025-01-31</kist:lastReviewed>
      </entry>
      <entry>
        <id>https://kist.example/id/resource/guide</id>
        <title>=Guide</title>
        <updated>2026-11-20T10:00:00Z</updated>
        <link rel="alternate" type="text/html" href="https://kist.example/resource/guide"/>
        <link rel="related" title="Report a mistake" href="https://kist.example/report?about=https://kist.example/id/resource/guide"/>
        <link rel="license" href="https://licence.example/"/>
        <rights>From kist.</rights>
      </entry>
    </feed>
    "#);
}

#[test]
fn calendars_have_an_event_for_each_timetable() {
    assert_snapshot!(both(Format::ICalendar).replace('\r', ""), @r#"
    BEGIN:VCALENDAR
    VERSION:2.0
    PRODID:-//kist//kist//EN
    CALSCALE:GREGORIAN
    METHOD:PUBLISH
    NAME:Assets near Leith
    X-WR-CALNAME:Assets near Leith
    DESCRIPTION:1 entry of this page of the list has no dates that are known. F
     rom kist. By the libraries. https://licence.example/
    X-WR-CALDESC:1 entry of this page of the list has no dates that are known. 
     From kist. By the libraries. https://licence.example/
    URL:https://kist.example/search?near=Leith&page=2
    SOURCE;VALUE=URI:https://kist.example/search.x?near=Leith&page=2
    X-KIST-LICENCE;VALUE=URI:https://licence.example/
    X-WR-TIMEZONE:Europe/London
    BEGIN:VTIMEZONE
    TZID:Europe/London
    BEGIN:DAYLIGHT
    TZNAME:BST
    TZOFFSETFROM:+0000
    TZOFFSETTO:+0100
    DTSTART:19810329T010000
    RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
    END:DAYLIGHT
    BEGIN:STANDARD
    TZNAME:GMT
    TZOFFSETFROM:+0100
    TZOFFSETTO:+0000
    DTSTART:19961027T020000
    RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
    END:STANDARD
    END:VTIMEZONE
    BEGIN:VEVENT
    UID:https://kist.example/id/asset/stop#schedule-1
    DTSTAMP:20261120T100000Z
    LAST-MODIFIED:20261119T093000Z
    DTSTART;TZID=Europe/London:20190328T140500
    DTEND;TZID=Europe/London:20190328T143000
    RRULE:FREQ=WEEKLY;BYDAY=TH;INTERVAL=2;UNTIL=20270630T225959Z
    EXDATE;TZID=Europe/London:20261224T140500
    SUMMARY:Mobile library\, Restalrig & Leith
    DESCRIPTION:Borrow books\;\nreturn them\, "here".\nChurch\, 1 Restalrig Rd\
     , Edinburgh\, EH6 8RG\nThursday\, every other week\, 14:05 to 14:30\, from
      28 March 2019\, until 30 June 2027\, not on 24 December 2026\; First Wedn
     esday of the month (in term)\nCost: £3.50 (members free)\nContact: +44 13
     1 496 0000\, stop@libraries.example\nChecked: 31 January 2025\nSource: By 
     the libraries.\nReport a mistake: https://kist.example/report?about=https:
     //kist.example/id/asset/stop
    LOCATION:Church\, 1 Restalrig Rd\, Edinburgh\, EH6 8RG
    GEO:55.97;-3.17
    X-KIST-LAST-REVIEWED;VALUE=DATE:20250131
    X-KIST-REPORT;VALUE=URI:https://kist.example/report?about=https://kist.exam
     ple/id/asset/stop
    X-KIST-LICENCE;VALUE=URI:https://theirs.example/
    X-KIST-ATTRIBUTION:By the libraries.
    CATEGORIES:Library,Reading
    URL:https://kist.example/asset/stop
    STATUS:CONFIRMED
    TRANSP:TRANSPARENT
    END:VEVENT
    BEGIN:VEVENT
    UID:https://kist.example/id/asset/stop#schedule-2
    DTSTAMP:20261120T100000Z
    LAST-MODIFIED:20261119T093000Z
    DTSTART;VALUE=DATE:20261202
    RRULE:FREQ=MONTHLY;BYDAY=1WE
    SUMMARY:Mobile library\, Restalrig & Leith
    DESCRIPTION:Borrow books\;\nreturn them\, "here".\nChurch\, 1 Restalrig Rd\
     , Edinburgh\, EH6 8RG\nThursday\, every other week\, 14:05 to 14:30\, from
      28 March 2019\, until 30 June 2027\, not on 24 December 2026\; First Wedn
     esday of the month (in term)\nCost: £3.50 (members free)\nContact: +44 13
     1 496 0000\, stop@libraries.example\nChecked: 31 January 2025\nSource: By 
     the libraries.\nReport a mistake: https://kist.example/report?about=https:
     //kist.example/id/asset/stop
    LOCATION:Church\, 1 Restalrig Rd\, Edinburgh\, EH6 8RG
    GEO:55.97;-3.17
    X-KIST-LAST-REVIEWED;VALUE=DATE:20250131
    X-KIST-REPORT;VALUE=URI:https://kist.example/report?about=https://kist.exam
     ple/id/asset/stop
    X-KIST-LICENCE;VALUE=URI:https://theirs.example/
    X-KIST-ATTRIBUTION:By the libraries.
    CATEGORIES:Library,Reading
    URL:https://kist.example/asset/stop
    STATUS:CONFIRMED
    TRANSP:TRANSPARENT
    END:VEVENT
    END:VCALENDAR
    "#);
}

#[test]
fn texts_are_in_the_language_wanted_or_in_english() {
    let summary = json!({"id": "x", "name": {"gd": "Leabharlann", "fr": "B"}, "summary": ["a"]});
    let json: Value = serde_json::from_str(&written(Format::GeoJson, &[summary])).unwrap();
    let properties = &json["features"][0]["properties"];
    assert_eq!((&properties["name"], &properties["summary"]), (&json!("Leabharlann"), &json!("a")));
}

#[test]
fn a_member_of_another_shape_costs_that_member_only() {
    let odd = json!({"id": "x", "type": 7, "name": null, "topics": {"id": 1}, "cost": [],
        "locations": "here", "schedule": [[], {"byDay": "MO"}], "online": "yes", "provider": []});
    for format in FORMATS {
        let name = if format == Format::ICalendar { "3 entries" } else { "=Guide" };
        let written = written(format, &[odd.clone(), json!("no object"), poor(), poor()]);
        assert!(written.contains(name), "{written}");
    }
}
