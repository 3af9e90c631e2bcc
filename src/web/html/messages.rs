//! Every text of the pages, by language.
//!
//! One row for each text: English, which all have, then Gaelic (`gd`) and
//! Scots (`sco`) where somebody was sure of them. Where a translation is
//! missing the English stands in, and says in the HTML that it is English.
//! Words that come from the records or the ontology are not here.

use crate::web::lapse::Lapse;
use crate::web::negotiate::Language;

pub(in crate::web) use crate::web::html::phrase::Phrase;

macro_rules! messages {
    ($($key:ident: $english:literal $(, gd $gaelic:literal)? $(, sco $scots:literal)?;)*) => {
        /// The texts of the pages in one language.
        #[derive(Debug)]
        pub(in crate::web) struct Messages {
            /// The language.
            pub(in crate::web) language: Language,
            $(pub(in crate::web) $key: Phrase,)*
        }

        static ENGLISH: Messages = Messages {
            language: Language::English,
            $($key: Phrase::of("", &[$english]),)*
        };
        static GAELIC: Messages = Messages {
            language: Language::Gaelic,
            $($key: Phrase::of($english, &[$($gaelic)?]),)*
        };
        static SCOTS: Messages = Messages {
            language: Language::Scots,
            $($key: Phrase::of($english, &[$($scots)?]),)*
        };

        #[cfg(test)]
        impl Messages {
            pub(in crate::web) fn all(&self) -> Vec<Phrase> {
                vec![$(self.$key),*]
            }
        }
    };
}

messages! {
    // Every page.
    site: "kist";
    skip: "Skip to the content", gd "Leum gun t-susbaint";
    menu: "Main", gd "Prìomh chlàr-taice", sco "Main";
    knowledge_bank: "Knowledge bank";
    topics: "Topics", gd "Cuspairean", sco "Topics";
    about: "About", gd "Mu ar deidhinn", sco "Aboot";
    accessibility: "Accessibility";
    for_programs: "For programs", gd "Airson phrògraman", sco "For programs";
    licences: "Data and licences";
    language_menu: "Language", gd "Cànan", sco "Leid";
    footer: "An open register of what communities have. Each record says where it comes from.";

    // Kinds of record, as lists of them are called.
    kind_assets: "Assets", gd "So-mhaoin", sco "Assets";
    kind_case_studies: "Case studies", gd "Sgrùdaidhean cùise", sco "Case studies";
    kind_collections: "Collections", gd "Cruinneachaidhean", sco "Collections";
    kind_needs: "Needs", gd "Feumalachdan", sco "Needs";
    kind_offers: "Offers", gd "Tairgsean", sco "Offers";
    kind_organisations: "Organisations", gd "Buidhnean", sco "Organisations";
    kind_partnerships: "Partnerships", gd "Com-pàirteachasan", sco "Pairtnerships";
    kind_places: "Places", gd "Àiteachan", sco "Places";
    kind_resources: "Resources", gd "Goireasan", sco "Resoorces";

    // Searching.
    search: "Search", gd "Lorg", sco "Seek";
    what: "What are you looking for?", gd "Dè tha thu a’ lorg?";
    what_hint: "For example library, hospital, partnership";
    near: "Near", gd "Faisg air", sco "Near";
    near_hint: "Postcode or place, such as EH6 8RG or Portree";
    within: "How far";
    any_distance: "Any distance";
    within_distance: "Within {distance}";
    results_title: "What is in the register", gd "Na tha sa chlàr", sco "Whit is in the register";
    results_for: "{what}", gd "{what}", sco "{what}";
    results_near: "{what} near {place}", gd "{what} faisg air {place}", sco "{what} near {place}";
    results_all_near: "Near {place}", gd "Faisg air {place}", sco "Near {place}";
    results: "Results", gd "Toraidhean", sco "Results";
    results_page: "Search results";
    filters: "Narrow the list";
    active_filters: "Filters in use";
    remove_filter: "Remove filter";
    clear_filters: "Clear all filters";
    apply: "Apply", gd "Cuir an sàs";
    filter_kind: "Kind", gd "Seòrsa", sco "Kind";
    filter_type: "Type";
    filter_topic: "Topic", gd "Cuspair";
    filter_accessibility: "Accessibility";
    filter_cost: "Cost", gd "Cosgais", sco "Cost";
    filter_access: "How to take part";
    filter_sector: "Sector";
    filter_audience: "For whom";
    filter_open: "Open at";
    filter_sort: "Order";
    filter_resource_type: "Type of resource";
    any_time: "Any time";
    open_at: "{day}, {hour}", gd "{day}, {hour}", sco "{day}, {hour}";
    sort_relevance: "Best match first";
    sort_distance: "Nearest first";
    sort_name: "By name";
    sort_reviewed: "Latest checked first";
    sort_added: "Latest added first";
    cost_free: "Free", gd "An-asgaidh", sco "Free";
    cost_paid: "Not free";
    include_online: "Also what is online";
    map: "Map", gd "Mapa", sco "Map";
    map_of_results: "Map of the results on this page", gd "Mapa nan toraidhean air an duilleig seo", sco "Map o the results on this page";
    map_of_record: "Where this is", gd "Far a bheil seo", sco "Whaur this is";
    map_note: "The numbers are those of the list, which says the same in words.";
    map_nothing: "Nothing on this list has a position.", gd "Chan eil àite air mapa aig dad air an liosta seo.", sco "Naething on this leet haes a poseetion.";
    map_centre: "The cross marks {place}.", gd "Tha a’ chrois a’ comharrachadh {place}.", sco "The cross merks {place}.";
    map_ring: "within {distance}", gd "taobh a-staigh {distance}", sco "within {distance}";
    page_previous: "Previous page", gd "An duilleag roimhe", sco "The page afore";
    page_next: "Next page", gd "An ath dhuilleag", sco "The neist page";
    page_of: "Page {page} of {pages}", gd "Duilleag {page} de {pages}", sco "Page {page} o {pages}";
    paging: "Pages of the list", gd "Duilleagan na liosta", sco "Pages o the leet";
    this_list_as: "This list as";
    why_near: "{distance} away", gd "{distance} air falbh", sco "{distance} awa";
    why_covers: "covers {area}", sco "covers {area}";
    why_covers_near: "covers {area}, {distance} away", sco "covers {area}, {distance} awa";
    why_online: "online", gd "air loidhne", sco "online";
    why_anywhere: "not tied to a place", gd "gun cheangal ri àite", sco "no tied tae a place";
    why_elsewhere: "{distance} away, but it says that it serves other areas", sco "{distance} awa, but it says that it serves ither areas";
    lapse_cancelled: "Cancelled", gd "Air a chur dheth", sco "Cried aff";
    lapse_postponed: "Postponed", gd "Dàil air a chur ann", sco "Pit aff";
    lapse_past: "Past", gd "Seachad", sco "Past";
    lapse_paused: "Paused", gd "Na stad", sco "Paused";
    lapse_ended: "Ended", gd "Crìochnaichte", sco "Feenished";
    nothing: "Nothing was found", gd "Cha deach dad a lorg", sco "Naething wis fund";
    nothing_try: "What you can try:";
    try_wider: "Look within {distance}";
    try_anywhere: "Look at any distance";
    try_without_filters: "Take away all filters";
    try_without_words: "Show everything near {place}";
    try_without_place: "Search all of Scotland";
    beyond_end: "This list ends with page {pages}.", gd "Tha an liosta seo a’ crìochnachadh le duilleag {pages}.", sco "This leet ends wi page {pages}.";
    try_first_page: "Go to the first page of this list", gd "Rach dhan chiad duilleag den liosta seo", sco "Gang tae the first page o this leet";
    try_last_page: "Go to the last page of this list", gd "Rach dhan duilleag mu dheireadh den liosta seo", sco "Gang tae the hinmaist page o this leet";
    try_spelling: "Check the spelling, or use fewer or more general words";
    place_unknown: "That place is not known";
    place_unknown_text: "No postcode, place or area called “{place}” is known here.";
    place_meant: "Perhaps one of these is meant:";
    place_ambiguous: "Which place do you mean?", gd "Dè an t-àite a tha thu a’ ciallachadh?", sco "Whit place dae ye mean?";
    place_ambiguous_text: "Several places are called “{place}”. Choose one:", gd "Tha an t-ainm “{place}” air iomadh àite. Tagh fear:", sco "Mair nor ae place is cried “{place}”. Wale ane:";
    place_missing: "From where?";
    place_missing_text: "You chose a distance or the nearest first, but no place to measure from. Type a postcode or a place.";
    place_try: "Try the postcode, the nearest town or the council area.";
    place_try_name: "Try the nearest town or the council area.";
    place_look: "Look for a place", gd "Lorg àite", sco "Seek a place";
    place_levels: "Sorts of place", gd "Seòrsachan àite", sco "Kinds o place";
    place_levels_usual: "All but postcode districts", sco "Aw but postcode districts";
    place_levels_all: "All", gd "Na h-uile", sco "Aw";
    place_malformed: "That place can’t be read";
    approximate: "{place} is not known exactly, so distances are from the middle of the postcodes around it.";
    terminated: "{place} has not been in use since {date}.", gd "Chan eilear a’ cleachdadh {place} bho {date}.", sco "{place} hasna been in uise syne {date}.";
    outside_area: "{place} is outside the area of this register, so even the nearest may be far away.", gd "Tha {place} taobh a-muigh sgìre a’ chlàir seo, agus dh’fhaodadh fiù ’s an rud as fhaisge a bhith fad air falbh.", sco "{place} is ootside the area o this register, sae e’en the nearest may be faur awa.";
    also_called: "There are other places of that name:";

    // Home.
    home_title: "Find what your community has";
    home_lead: "Groups, services, places and activities near you, and what people have learned about working together.";
    home_what: "A kist is the chest in which a Scots household keeps what it values. This one holds links to what organisations already publish, enriched by people, open to everybody.";
    home_counts: "In the register now";
    home_topics: "Browse by topic";
    home_all_topics: "All topics";
    home_bank: "What others have learned";
    home_bank_text: "Guides, tools and reports about working in partnership, and case studies that tell what helped and what got in the way.";
    home_open: "Take the data with you";
    home_open_text: "Everything here is linked open data. Use the API, ask in SPARQL, or download it all.";
    examples: "Try";

    // Lists and embeds.
    see_list: "See this list", gd "Faic an liosta seo", sco "See this leet";
    add_to_site: "Add this to your website", gd "Cuir seo ris an làrach-lìn agad";
    embed_title: "Show a list on your website", gd "Seall liosta air an làrach-lìn agad", sco "Shaw a leet on yer wabsteid";
    embed_lead: "Choose what the list shows. Below are the result and the code, five ways, from a piece of script to no script at all.";
    embed_list: "Which list", gd "Dè an liosta", sco "Whit leet";
    embed_list_hint: "The address of a list, collection, organisation or search of this register; /lists/all is everything";
    embed_kind: "What it shows";
    embed_any: "Anything", gd "Rud sam bith", sco "Onything";
    embed_kind_assets: "Services, groups and places", gd "Seirbheisean, buidhnean is àiteachan", sco "Services, groups an places";
    embed_kind_events: "Events", gd "Tachartasan", sco "Events";
    embed_kind_needs: "What is needed";
    embed_kind_offers: "What is offered";
    embed_kind_guides: "Guides and case studies", gd "Stiùiridhean is sgrùdaidhean cùise", sco "Guides an case studies";
    embed_kind_organisations: "Organisations", gd "Buidhnean", sco "Organisations";
    embed_language: "Language of the list", gd "Cànan na liosta", sco "Leid o the leet";
    embed_of_reader: "That of the page around it";
    embed_heading: "Heading", gd "Ceann-sgrìobhadh", sco "Heidin";
    embed_heading_level: "Level of the heading";
    embed_limit: "How many";
    embed_colours: "Colours", gd "Dathan", sco "Colours";
    embed_colours_hint: "Six hexadecimal digits each, such as 7a2f1d. Leave them out to keep ours.";
    embed_colour_accent: "Buttons";
    embed_colour_on_accent: "Words on buttons";
    embed_colour_link: "Links", gd "Ceanglaichean", sco "Airtins";
    embed_colour_ground: "Behind the list";
    embed_contrast: "Contrast";
    embed_contrast_button: "Words on buttons";
    embed_contrast_link: "Links on what is behind them";
    embed_contrast_good: "{ratio} to 1: enough for any text (WCAG AA)";
    embed_contrast_large: "{ratio} to 1: only enough for large text";
    embed_contrast_poor: "{ratio} to 1: not enough, people will not be able to read it";
    embed_contrast_unread: "“{colour}” is not a colour of six hexadecimal digits";
    embed_show: "Show the result and the code";
    embed_result: "The result", gd "An toradh", sco "The ootcome";
    embed_code: "The code", gd "An còd", sco "The code";
    embed_wrong: "There is a problem";
    embed_allow: "What your content security policy must allow";
    embed_allow_nothing: "Nothing";
    embed_way_element: "A. Element";
    embed_way_element_hint: "For most sites. Without script, or while the register can not be reached, the link stays.";
    embed_pinned: "Or, in place of the last line, the script of this version alone, which the browser checks:";
    embed_way_fragment: "B. Piece of HTML";
    embed_way_fragment_hint: "Your server fetches it and keeps it for some minutes. No script, best for search engines.";
    embed_way_frame: "C. Frame";
    embed_way_frame_hint: "For systems that let nothing else in.";
    embed_way_frame_height: "On a plain page, this line makes the frame as high as its list. It may stay away:";
    embed_way_oembed: "D. oEmbed";
    embed_way_oembed_hint: "Paste this address in WordPress, Drupal, Notion or Discourse.";
    embed_way_feeds: "E. Data and feeds";
    embed_way_feeds_hint: "For feed readers, calendars, spreadsheets, maps and programs.";
    embed_privacy: "What embeds do with data of visitors";
    collection_entries: "What is on it", sco "Whit is on it";
    list_about: "About this list", gd "Mun liosta seo", sco "Aboot this leet";
    as_a_list: "As a list", gd "Mar liosta", sco "As a leet";
    column_name: "Name", gd "Ainm", sco "Name";
    column_where: "Where", gd "Càite", sco "Whaur";
    column_when: "When", gd "Cuin", sco "Whan";
    column_telephone: "Telephone", gd "Fòn", sco "Telephone";
    read_more: "Read more", gd "Leugh an còrr", sco "Read mair";
    from_register: "From", gd "Bho", sco "Frae";

    // A record.
    where_from: "Where this comes from";
    source_of: "from source {number}";
    source_line: "last changed here on {date}";
    source_fetched: "Fetched on {date}, read by {extractor}, from";
    source_missing: "Not seen at its source since {date}";
    source_unlicensed: "No licence is stated: facts and links only";
    source_retired: "This source is not harvested any more; what it said is kept.";
    source_record: "in its record";
    same_whole: "The same thing has another record, which says all that is known of it:";
    same_others: "What these records say of the same thing is shown here too:";
    link_failing: "This link did not work when last checked on {date}:";
    link_dead: "This link has not worked since {since}, last checked on {date}:";
    link_archived: "archived copy", gd "lethbhreac san tasglann";
    source_only: "All of this comes from one source.";
    source_several: "The number behind each heading tells which source it is from.";
    nearby: "Nearby", gd "Faisg air làimh";
    near_middle: "Near the middle of this area", gd "Faisg air meadhan na sgìre seo";
    nearby_more: "Everything near here";
    same_organisation: "From the same organisation", gd "Bhon aon bhuidhinn", sco "Frae the same organisation";
    records_about: "Records about this", gd "Clàran mu dheidhinn seo", sco "Records aboot this";
    records_all: "See all";
    narrower: "Narrower categories";
    formats: "This record as";
    history: "History", gd "Eachdraidh", sco "Historie";
    mistake: "Report a mistake", gd "Dèan aithris air mearachd", sco "Report a mistak";
    history_changed: "{date}: {source} wrote revision {revision}";
    history_withdrawn: "{date}: {source} withdrew it in revision {revision}";
    yes: "Yes", sco "Aye";
    no: "No", sco "Na";
    visit: "Visit the website", gd "Tadhail air an làrach-lìn";
    tombstone: "This record was withdrawn";
    tombstone_text: "It was here until {date} (revision {revision}). Its address will not be used for anything else.";
    search_instead: "Search the register";
    get_there: "Open in OpenStreetMap", gd "Fosgail ann an OpenStreetMap", sco "Open in OpenStreetMap";

    // Harvests.
    bot: "Our harvester", sco "Oor hairster";
    runs: "Harvests", sco "Hairsts";
    run_line: "{date}: {outcome}; {seen} seen, {created} new, {changed} changed, {withdrawn} withdrawn";
    run_line_shown: "{date}: {outcome}; {seen} seen, {created} would be new, {changed} would change, {withdrawn} would be withdrawn", sco "{date}: {outcome}; {seen} seen, {created} wad be new, {changed} wad chynge, {withdrawn} wad be withdrawn";
    run_waiting: "{count} waiting for an editor", sco "{count} waitin for an editor";
    run_asked: "asked for, and not begun yet", sco "speired for, an no begun yet";
    run_to_decide: "waits for a decision";
    run_card: "harvested {date}: {outcome}";
    run_never: "not harvested yet", sco "no hairstit yet";
    run_running: "under way";
    run_preview: "preview, {outcome}";
    run_approved: "approved, {outcome}", gd "ceadaichte, {outcome}";
    run_ok: "complete", gd "coileanta";
    run_ok_with_errors: "complete, with errors";
    run_unchanged: "nothing new", gd "gun dad ùr", sco "naething new";
    run_partial: "read in part";
    run_failed: "failed", gd "dh’fhàillig e", sco "failt";
    run_held: "held for review";
    run_cancelled: "cancelled", gd "air a chur dheth", sco "cried aff";
    run_crashed: "broken off";
    report_title: "What we found in harvest {number} of {name}";
    report_lead: "This page is for whoever publishes {name}. It tells what our harvester could not read or take, and what can be done.";
    held_approved: "It was held because of this, and has been approved since:", sco "It wis hauden because o this, an haes been approved syne:";
    held_dismissed: "It was held because of this, and has been dismissed since:", sco "It wis hauden because o this, an haes been dismissed syne:";
    held_empty: "The listing has no records, and {live} are live.", sco "The list haes nae records, an {live} are live.";
    held_shrunk: "The listing has {listed} records, the last one had {before}.", sco "The list haes {listed} records, the last ane haed {before}.";
    held_fewer: "The listing has {listed} records of {announced} announced, so what is absent may not be gone.";
    held_part: "{vanished} records would go because a listing that is not whole lacks them.";
    held_vanished: "{vanished} of {live} records would go.", sco "{vanished} o {live} records wad gang.";
    held_rekeyed: "{vanished} records would go and {created} come: the publisher may have changed all its keys.";
    held_changed: "{changed} of {live} records would change.", sco "{changed} o {live} records wad chynge.";
    held_invalid: "{invalid} of {listed} records can not be taken.", sco "{invalid} o {listed} records canna be taen.";
    held_grown: "{more} records more than were approved are touched.";
    report_rekeys: "New items that seem to be known ones under other keys: {sure} surely, {doubtful} perhaps.";
    report_rekey_sure: "{new} was {old} ({percent} %)";
    report_rekey_doubtful: "{new} was perhaps {old} ({percent} %)";
    report_nothing: "Nothing was found wrong.", gd "Cha deach mearachd a lorg.", sco "Naething wis fund wrang.";
    report_by_code: "By kind of problem";
    report_code: "Problem", gd "Duilgheadas", sco "Problem";
    report_count: "How often", gd "Dè cho tric", sco "Hou aften";
    report_each: "One by one", sco "Ane bi ane";
    report_some: "The first {shown} of {all} are shown; the table has all that were kept.";
    report_advice: "What can be done: {advice}";
    report_item: "Item", gd "Nì";
    report_where: "Where", gd "Càite", sco "Whaur";
    report_table: "As a table (CSV)";
    severity_warning: "Warning", gd "Rabhadh", sco "Warnin";
    severity_error: "Error", gd "Mearachd", sco "Error";
    severity_broken: "Broken", gd "Briste", sco "Broken";

    // Knowledge bank.
    bank_lead: "Guides, reports, tools and case studies about working in partnership between the third, public and private sectors.";
    bank_search: "Search the knowledge bank";
    bank_types: "By type";
    bank_topics: "By topic";
    bank_all: "All resources and case studies";
    bank_findings: "What people found";
    findings_lead: "Single findings from all case studies, sorted by topic. Each leads to the case study that tells it.";
    findings_of: "Show", gd "Seall", sco "Shaw";
    finding_challenges: "What was hard";
    finding_helped: "What helped";
    finding_hindered: "What got in the way";
    finding_needs: "What people said they need";
    finding_outcomes: "What came of it";
    findings_all_topics: "All topics";
    findings_other: "Without a topic";

    // Collections, categories, vocabulary.
    categories_title: "Topics", gd "Cuspairean", sco "Topics";
    categories_lead: "The words by which records are sorted and found. Each leads to what is about it.";
    vocabulary_title: "The vocabulary of kist";
    vocabulary_lead: "The kinds of record and their properties, as the shapes define them. The same is there for programs as Turtle and JSON-LD.";
    vocabulary_nested: "Parts of records";
    property: "Property";
    meaning: "Meaning";
    values: "Values";
    how_many: "How many";
    in_rdf: "In RDF";
    required: "required";
    exactly_one: "exactly one";
    at_most_one: "at most one";
    any_number: "any number";
    one_or_more: "one or more";
    one_per_language: "one in each language";

    // Problems.
    title_of_problem: "Error: {title}", gd "Mearachd: {title}", sco "Error: {title}";
    problem_home: "Go to the home page", gd "Rach dhan duilleag-dhachaigh", sco "Gang tae the hame page";
    problem_id: "If you tell us of this, please name the request {id}.";
    problem_did_you_mean: "Did you mean “{suggestion}”?";
    frame_nothing: "This is not in the register.", gd "Chan eil seo anns a’ chlàr.", sco "This isna in the register.";
    frame_gone: "This is not in the register any more.", gd "Chan eil seo anns a’ chlàr tuilleadh.", sco "This isna in the register ony mair.";
    frame_wrong: "This can’t be shown, because its address has a mistake.", gd "Cha ghabh seo a shealltainn: tha mearachd san t-seòladh aige.";
    frame_later: "This can’t be shown just now. Please try again later.", gd "Cha ghabh seo a shealltainn an-dràsta. Feuch a-rithist an ceann greis.";

    // Days.
    monday: "Monday", gd "Diluain", sco "Monanday";
    tuesday: "Tuesday", gd "Dimàirt", sco "Tysday";
    wednesday: "Wednesday", gd "Diciadain", sco "Wadensday";
    thursday: "Thursday", gd "Diardaoin", sco "Fuirsday";
    friday: "Friday", gd "Dihaoine", sco "Friday";
    saturday: "Saturday", gd "Disathairne", sco "Setterday";
    sunday: "Sunday", gd "Didòmhnaich", sco "Sunday";
    every_day: "Every day", gd "Gach latha", sco "Ilka day";
    morning: "morning", gd "madainn", sco "mornin";
    afternoon: "afternoon", gd "feasgar", sco "efternuin";
    evening: "evening", gd "feasgar", sco "evenin";
    other_times: "and at other times", gd "agus aig amannan eile", sco "an at ither times";
    and: "and", gd "agus", sco "an";
    to: "to", gd "gu", sco "tae";
    from_time: "from {time}", gd "bho {time}", sco "frae {time}";
    until_time: "until {time}", gd "gu {time}", sco "till {time}";
    every_other_week: "every other week", gd "gach dàrna seachdain", sco "ilka ither week";
    every_weeks: "every {number} weeks", sco "ilka {number} weeks";
    every_days: "every {number} days", sco "ilka {number} days";
    every_months: "every {number} months", sco "ilka {number} months";
    every_year: "every year", gd "gach bliadhna", sco "ilka year";
    of_the_month: "{days} of the month", sco "{days} o the month";
    nth_first: "first", sco "first";
    nth_second: "second", sco "seicont";
    nth_third: "third", sco "third";
    nth_fourth: "fourth", sco "fowert";
    nth_fifth: "fifth", sco "fift";
    nth_last: "last", sco "last";
    not_on: "not on {dates}", gd "ach chan ann air {dates}", sco "no on {dates}";
}

/// Texts that depend on a number; `{n}` stands for it.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) enum Plural {
    /// How many hits a search has.
    Results,
    /// How many records a thing has.
    Records,
    /// How many findings there are.
    Findings,
    /// The link to the whole of a list, with how many are on it: two at least.
    SeeAll,
}

impl Plural {
    /// The English forms: for one, and for any other number.
    const fn english(self) -> [&'static str; 2] {
        match self {
            Self::Results => ["{n} result", "{n} results"],
            Self::Records => ["{n} record", "{n} records"],
            Self::Findings => ["{n} finding", "{n} findings"],
            Self::SeeAll => ["See all {n}"; 2],
        }
    }

    /// The Gaelic forms: one, two, few, other.
    const fn gaelic(self) -> [&'static str; 4] {
        match self {
            Self::Results | Self::Findings => {
                ["{n} toradh", "{n} thoradh", "{n} toraidhean", "{n} toradh"]
            }
            Self::Records => ["{n} chlàr", "{n} chlàr", "{n} clàran", "{n} clàr"],
            // The whole list, with the number after it, which no form depends on.
            Self::SeeAll => ["Faic an liosta gu lèir ({n})"; 4],
        }
    }

    /// The Scots forms, where they differ from the English ones: for one, and
    /// for any other number.
    const fn scots(self) -> Option<[&'static str; 2]> {
        match self {
            Self::SeeAll => Some(["See the hale leet ({n})"; 2]),
            _ => None,
        }
    }
}

impl Messages {
    /// The texts in `language`.
    pub(in crate::web) const fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::Gaelic => &GAELIC,
            Language::Scots => &SCOTS,
        }
    }

    /// Why something is not to be had as it says.
    pub(in crate::web) const fn lapse(&self, lapse: Lapse) -> Phrase {
        match lapse {
            Lapse::Cancelled => self.lapse_cancelled,
            Lapse::Postponed => self.lapse_postponed,
            Lapse::Past => self.lapse_past,
            Lapse::Paused => self.lapse_paused,
            Lapse::Ended => self.lapse_ended,
        }
    }

    /// The days of the week, Monday first.
    pub(in crate::web) const fn days(&self) -> [Phrase; 7] {
        [
            self.monday,
            self.tuesday,
            self.wednesday,
            self.thursday,
            self.friday,
            self.saturday,
            self.sunday,
        ]
    }

    /// A counted thing in words, such as `1,204 results`.
    ///
    /// Source of the Gaelic rule: CLDR, plural rules of `gd`: one is 1 and
    /// 11, two is 2 and 12, few is 3 to 10 and 13 to 19.
    pub(in crate::web) fn count(&self, plural: Plural, number: u64) -> String {
        let form = match (self.language, plural.gaelic()) {
            (Language::Gaelic, [one, two, few, other]) => match number {
                1 | 11 => one,
                2 | 12 => two,
                3..=10 | 13..=19 => few,
                _ => other,
            },
            (Language::Scots, _) if plural.scots().is_some() => {
                plural.scots().unwrap_or_default()[usize::from(number != 1)]
            }
            _ => plural.english()[usize::from(number != 1)],
        };
        form.replace("{n}", &thousands(number))
    }
}

/// A number with a comma between its thousands.
pub(in crate::web) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.char_indices() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
#[path = "messages_tests.rs"]
mod tests;
