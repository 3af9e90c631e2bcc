//! Hostile and broken input, and the contract's failure modes, one by one.
//!
//! Each failure mode of `contracts/harvest.md`, section 6, and of the list of
//! the harvester's issue has a test in which a whole harvest meets it: a
//! publisher on loopback, a run, its report. `hostile::` is this folder; other
//! names without a crate path are its siblings in `pipeline::tests`; `it::` are
//! tests with the real program in `tests/it`. Where the finer cases of a row
//! are tested with one part alone, that stands behind the semicolon.
//!
//! | mode | tests |
//! |---|---|
//! | A1 empty listing | `deletion::a1_*`; `guard_tests` |
//! | A2 a page fails | `paging::a2_*` |
//! | A3 listing shrinks | `deletion::a3_*`, `hostile::listing::a3_*` |
//! | A4 record becomes invalid | `hostile::listing::a4_*` |
//! | A5 missing, back, withdrawn | `deletion::a5_*`, `it::federation` (tombstone), `it::api::changes` |
//! | A6 same key of two sources, one source twice | `hostile::listing::a6_*`, `it::harvest::a_home_page_*`; `sources` |
//! | A7 same key twice | `identity::a7_*` |
//! | A8 all keys change, or change at each fetch | `identity::a8_*`, `hostile::listing::a8_*`; `matching::tests::a8_*` |
//! | A9 tombstones | `hostile::listing::a9_*`, `paging::a9_*` |
//! | A10 windows and sitemaps | `hostile::listing::a10_*` |
//! | A11 retired source | `schedule::a11_*` |
//! | A12 another mapping | `replay::a12_*` |
//! | A13 killed between fetch and write | `identity::a13_*`, `it::harvest_kill` |
//! | B1 paging loops | `paging::b1_*`, `hostile::totals::b1_*` |
//! | B2 odd and foreign `next` | `paging::b2_*`, `hostile::listing::b2_*` |
//! | B3 totals that lie | `hostile::totals::b3_*`, `hostile::listing::b3_*`; `open_referral::tests::pages` |
//! | B4 listing moves while it is read | `hostile::listing::b4_*` |
//! | B5 feeds of changes, and their restart | `paging::b5_*`, `hostile::listing::b5_*` |
//! | B6 date cursors overlap | `since::b6_*`; `oai_pmh_tests` |
//! | B7 resumption tokens | `hostile::listing::b7_*`; `oai_pmh_tests` |
//! | B8 budget | `hostile::listing::b8_*` |
//! | B9 45 of ALISS at 20 a page | `aliss::tests::b9_*` |
//! | C1 bombs | `hostile::bodies::c1_*`; `fetch::tests::bodies`, `table::tests::hostile` |
//! | C2 endless, dripping, silent, flooding, half | `hostile::bodies::c2_*`; `fetch::tests::bodies` |
//! | C3 inside addresses, rebinding | `hostile::network::c3_*`; `fetch::tests::guard` |
//! | C4 redirects | `hostile::network::c4_*`; `fetch::tests::guard` |
//! | C5 logins and other obstacles | `hostile::bodies::c5_*`, `deletion::c5_*` |
//! | C6 Retry-After | `hostile::network::c6_*`; `fetch::tests::conversation` |
//! | C7 odd validators | `hostile::network::c7_*`; `fetch::tests::conversation` |
//! | C8 robots.txt | `hostile::network::c8_*`; `fetch::tests::politeness`, `fetch::robots::tests` |
//! | C9 charsets | `hostile::bodies::c9_*`; `encoding::tests` |
//! | C10 deep and huge structures | `hostile::bodies::c10_*`, `hostile::content::c10_*`, `a_rule_without_end_*` |
//! | C11 JSON-LD of pages | `hostile::content::c11_*`; `markup::tests::json_ld` |
//! | C12 injection | `hostile::content::c12_*`; `rdf::tests` |
//! | C13 addresses as people write them | `hostile::network::c13_*`; `settings` |
//! | D1 five hundred on one host | `fetch::hosts::tests::d1_*` |
//! | D2 robots.txt forbids | `hostile::network::c8_d2_*` |
//! | D3 who asks, and how often | `hostile::network::d3_*` |
//! | D4 D5 D6 failing, down-time, clock changes | `schedule::d4_*`, `schedule::d5_*`; `rhythm::tests` |
//! | D7 WebSub | `websub::tests::d7_*`, `it::api::websub` |
//! | E1 times | `hostile::content::dates_*`, `options::e1_*`; `clean::date_tests`, `ical::tests` |
//! | E2 venue | `schema_org::tests::e2_*`; `locate_tests::e2_*` |
//! | E3 positions | `hostile::content::e3_*`; `clean::tests` |
//! | E4 review dates | `identity::e4_*`; `aliss::tests` |
//! | E5 E6 contacts, HTML | `hostile::content::e5_e6_*`; `clean::tests` |
//! | E7 licence | `first::e7_*`, `licences::f71_*` |
//! | E8 review of matches | `duplicates::what_an_editor_*`; `matching::tests::e8_*` |
//! | F1 F2 F5 ends, unchanged, double click | `schedule::f1_*`, `first::the_same_again_*`, `schedule::f5_*`, `review::f5_*` |
//! | F3 ten thousand errors | `hostile::content::f3_*` |
//! | F4 cancel | `pieces::f4_*`, `schedule::what_people_ask_for_is_done`, `it::api::sources` |
//! | F6 full disk | `it::harvest_kill::f6_*` |
//! | F7 metrics | `it::api::operations::f7_*` |
//! | F8 secrets | `hostile::content::f8_*`; `fetch::redact` |
//! | TLS that succeeds and fails | `hostile::secure` |
//! | a source that deletes everything | `hostile::listing::a_source_that_*`, `deletion::a1_*` |
//! | wrong Content-Type, HTML for JSON | `hostile::bodies::a_wrong_*`, `c5_*` |
//! | dates of 0001 and 9999 | `hostile::content::dates_*` |
//! | RRULE without end | `hostile::content::a_rule_without_end_*` |
//! | `javascript:` and scripts | `hostile::content::c12_scripts_*` |
//! | fields of 100 MB | `hostile::bodies::c10_a_field_*` |
//! | clock going back | `hostile::listing::a_clock_*`; `rhythm::tests` |

mod bodies;
mod content;
mod listing;
mod network;
mod secure;
mod totals;
