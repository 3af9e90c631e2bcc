//! The register over the seeds, in memory and on the disk.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::*;
use crate::graph::GraphFormat;
use crate::graph::input::Options;
use crate::model::Revision;
use crate::record::{FromJson, RecordId, from_json};

pub(super) fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn base() -> Base {
    Base::new("https://kist.example").unwrap()
}

pub(super) fn open(place: Place<'_>) -> Register {
    Register::open(Schema::standard(), base(), place, now()).unwrap()
}

pub(super) fn edit(register: &Register, kind: &str, id: &str, json: &Json) -> Edit {
    let kind = register.schema().kind(kind).unwrap();
    let id = RecordId::new(&kind.name, id).unwrap();
    let context = FromJson { schema: register.schema(), base: register.base(), keys_of: None };
    let record = from_json(context, kind, Some(&id), json).unwrap();
    Edit {
        source: LOCAL_SOURCE.to_owned(),
        id,
        record: Some(record),
        original: None,
        expected: None,
        derivation: None,
    }
}

fn write(register: &Register, edits: Vec<Edit>) -> Applied {
    register.apply(edits, References::Checked, "test", now()).unwrap()
}

fn seeds() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<PathBuf> = ["seeds", "ontology/categories"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "json" || end == "ttl"))
        .collect();
    files.sort();
    files
}

fn load_seeds(register: &Register) {
    let mut edits = Vec::new();
    for file in seeds() {
        let bytes = std::fs::read(&file).unwrap();
        let imported = match file.extension().unwrap().to_str().unwrap() {
            "json" => register.read_json(&bytes),
            _ => register.read_rdf(&bytes, GraphFormat::Turtle, "kist", &Options::default()),
        };
        let imported = imported.unwrap();
        assert!(imported.problems.is_empty(), "{}: {:#?}", file.display(), imported.problems);
        edits.extend(imported.drafts);
    }
    register.apply_places("test", now()).unwrap();
    register.apply(edits, References::Checked, "test", now()).unwrap();
}

fn names(answer: &Answer) -> Vec<String> {
    let name = |hit: &Hit| {
        let summary: Json = serde_json::from_slice(&hit.summary()).unwrap();
        summary["name"].as_str().unwrap_or_default().to_owned()
    };
    answer.results.hits.iter().map(name).collect()
}

#[test]
fn the_seeds_keep_every_shape_and_point_to_nothing_missing() {
    let register = open(Place::Memory);
    load_seeds(&register);
    let found = register.check_consistency().unwrap();
    assert_eq!(found.faults, Vec::<String>::new());
    assert!(found.records > 2_000, "{}", found.records);
}

#[test]
fn a_search_near_leith_shows_leith_library_first() {
    let register = open(Place::Memory);
    load_seeds(&register);
    let query = Query { kinds: vec!["asset".to_owned()], ..Query::default() };
    let near = Where { near: Some("EH6 6AE".to_owned()), ..Where::default() };
    let answer = register.search(query, &near).unwrap();
    assert_eq!(names(&answer)[0], "Leith Library");
}

#[test]
fn loading_the_same_again_costs_no_revision() {
    let register = open(Place::Memory);
    load_seeds(&register);
    let before = register.newest().unwrap();
    load_seeds(&register);
    assert_eq!(register.newest().unwrap(), before);
}

fn dump(register: &Register) -> String {
    let mut bytes = Vec::new();
    register.graph().dump(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// A copy of a register of some records, whose graph has its `number`th file
/// damaged, and the name of that; `None` when it has fewer.
fn damaged(whole: &Path, number: usize) -> Option<(tempfile::TempDir, String)> {
    let copy = tempfile::tempdir().unwrap();
    for folder in ["", "graph"] {
        std::fs::create_dir_all(copy.path().join(folder)).unwrap();
        for entry in std::fs::read_dir(whole.join(folder)).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_file() {
                let to = copy.path().join(folder).join(entry.file_name());
                std::fs::copy(entry.path(), to).unwrap();
            }
        }
    }
    let files = std::fs::read_dir(copy.path().join("graph")).unwrap();
    let mut files: Vec<PathBuf> = files
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "sst"))
        .collect();
    files.sort();
    let file = files.get(number)?;
    let mut bytes = std::fs::read(file).unwrap();
    bytes[16..64].fill(0x5a);
    std::fs::write(file, bytes).unwrap();
    Some((copy, file.display().to_string()))
}

#[test]
fn a_graph_is_made_again_whichever_of_its_files_is_damaged() {
    let whole = tempfile::tempdir().unwrap();
    let register = open(Place::Directory(whole.path()));
    let edits = (0..9).map(|number| {
        let json = json!({ "name": format!("An organisation with the number {number}") });
        edit(&register, "organisation", &format!("o{number}"), &json)
    });
    write(&register, edits.collect());
    register.graph().flush().unwrap();
    let expected = dump(&register);
    drop(register);
    let mut tried = 0;
    while let Some((copy, file)) = damaged(whole.path(), tried) {
        // By itself, when the views are made for another address.
        let elsewhere = Base::new("https://elsewhere.example").unwrap();
        let place = Place::Directory(copy.path());
        let register = Register::open(Schema::standard(), elsewhere, place, now()).unwrap();
        assert_eq!(dump(&register).lines().count(), expected.lines().count(), "{file}");
        is_consistent(&register);
        tried += 1;
    }
    assert!(tried > 8, "{tried}");
    // By hand, as `kist reindex` does it.
    let (copy, _) = damaged(whole.path(), tried - 1).unwrap();
    let mut register = open(Place::Directory(copy.path()));
    register.discard_graph().unwrap();
    register.rebuild(now(), &mut |_| {}).unwrap();
    assert_eq!(dump(&register), expected);
}

#[test]
fn a_dump_is_the_same_after_the_views_are_made_again() {
    let directory = tempfile::tempdir().unwrap();
    let register = open(Place::Directory(directory.path()));
    load_seeds(&register);
    let before = dump(&register);
    register.rebuild(now(), &mut |_| {}).unwrap();
    let after = dump(&register);
    assert!(before == after, "{} and {} bytes", before.len(), after.len());
    assert_eq!(register.check_consistency().unwrap().faults, [""; 0]);
}

#[test]
fn views_that_were_lost_come_back_when_the_register_is_opened() {
    let directory = tempfile::tempdir().unwrap();
    let register = open(Place::Directory(directory.path()));
    write(&register, vec![edit(&register, "organisation", "o", &json!({"name": "A group"}))]);
    drop(register);
    for view in ["graph", "index"] {
        std::fs::remove_dir_all(directory.path().join(view)).unwrap();
        let register = open(Place::Directory(directory.path()));
        assert!(register.check_consistency().unwrap().faults.is_empty(), "without {view}");
        assert!(register.summary("organisation/o").is_some());
    }
}

#[test]
fn a_view_that_shows_what_is_withdrawn_or_otherwise_is_found_out() {
    let register = open(Place::Memory);
    write(&register, vec![edit(&register, "organisation", "o", &json!({"name": "A group"}))]);
    let faults = || register.check_consistency().unwrap().faults;
    assert_eq!(faults(), Vec::<String>::new());
    // A graph that the journal knows nothing of.
    let stray = crate::graph::NamedGraph {
        name: register.base.graph("gone", &"organisation/g".parse().unwrap()),
        triples: register
            .graph
            .triples(register.base.graph("local", &"organisation/o".parse().unwrap()).as_ref())
            .unwrap(),
    };
    let revision = register.graph.revision().unwrap();
    register.graph.replace(vec![stray], revision).unwrap();
    assert_eq!(faults(), ["the graph holds 2 named graphs, the journal 1"]);
    // An entry that says something else.
    let mut entry = crate::index::Entry::new("organisation/o", "organisation", "Another group");
    entry.summary = b"{}".to_vec();
    let next = crate::model::Revision(revision.0 + 1);
    register.index.apply(&[crate::index::Change::Put(Box::new(entry))], next).unwrap();
    let told = faults();
    assert!(told.iter().any(|fault| fault.contains("otherwise than the journal")), "{told:?}");
}

#[test]
fn names_that_the_index_on_the_disk_does_not_show_yet_are_shown_after_a_start() {
    let directory = tempfile::tempdir().unwrap();
    let register = open(Place::Directory(directory.path()));
    let category = |id: &str, more: &Json| {
        let mut json = json!({"prefLabel": id.to_uppercase(), "inScheme": "topic"});
        json.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        edit(&register, "category", id, &json)
    };
    let child = category("child", &json!({"broader": ["parent"]}));
    register.apply(vec![child], References::Kept, "test", now()).unwrap();
    register.flush().unwrap();
    // The wider one comes later, and is not on the disk when the program ends.
    let parent = category("parent", &json!({}));
    register.apply(vec![parent], References::Kept, "test", now()).unwrap();
    assert_eq!(register.check_consistency().unwrap().faults, Vec::<String>::new());
    drop(register);
    let register = open(Place::Directory(directory.path()));
    assert_eq!(register.check_consistency().unwrap().faults, Vec::<String>::new());
}

#[test]
fn a_name_that_changes_changes_in_the_lists_that_show_it() {
    let register = open(Place::Memory);
    let asset = json!({
        "name": "Walk", "assetType": "https://example.org/walk", "online": true,
        "provider": "organisation/o",
    });
    write(
        &register,
        vec![
            edit(&register, "organisation", "o", &json!({"name": "Old name"})),
            edit(&register, "asset", "a", &asset),
        ],
    );
    write(&register, vec![edit(&register, "organisation", "o", &json!({"name": "New name"}))]);
    let summary: Json = serde_json::from_slice(&register.summary("asset/a").unwrap()).unwrap();
    assert_eq!(summary["provider"]["name"], "New name");
    let query = Query { text: "walk new".to_owned(), ..Query::default() };
    assert_eq!(register.search(query, &Where::default()).unwrap().results.total, 1);
}

#[test]
fn a_change_that_expects_another_revision_is_refused_whole() {
    let register = open(Place::Memory);
    let first = write(&register, vec![edit(&register, "organisation", "o", &json!({"name": "A"}))]);
    assert_eq!(first.revision, Revision(1));
    let other = edit(&register, "organisation", "p", &json!({"name": "B"}));
    let mut stale = edit(&register, "organisation", "o", &json!({"name": "C"}));
    stale.expected = Some(Revision(7));
    let refused = register.apply(vec![other, stale], References::Checked, "test", now());
    assert!(matches!(refused, Err(ApplyError::Changed { found: Revision(1), .. })));
    assert_eq!(register.newest().unwrap(), Revision(1));
    assert!(register.summary("organisation/p").is_none());
}

#[test]
fn a_reference_to_nothing_is_a_fault_with_its_pointer() {
    let register = open(Place::Memory);
    let group = json!({"name": "A", "memberOf": ["organisation/nobody"]});
    let edits = vec![edit(&register, "organisation", "o", &group)];
    let refused = register.apply(edits.clone(), References::Checked, "test", now()).unwrap_err();
    let ApplyError::Dangling { faults, .. } = refused else { panic!("{refused}") };
    assert_eq!(faults[0].to_string(), "/memberOf: nothing is registered as organisation/nobody");
    assert!(register.apply(edits, References::Kept, "test", now()).is_ok());
}

#[test]
fn a_category_of_another_scheme_is_a_fault_that_says_which_is_meant() {
    let register = open(Place::Memory);
    let category = |id: &str, scheme: &str| {
        let json = json!({"prefLabel": id, "notation": ["walk"], "inScheme": scheme});
        edit(&register, "category", id, &json)
    };
    let asset = |json: &Json| edit(&register, "asset", "a", json);
    let wrong = asset(&json!({"name": "A", "assetType": "walk", "online": true,
        "topics": ["walk", "walk-asset"]}));
    let edits = vec![
        edit(&register, "scheme", "topic", &json!({"prefLabel": "Topics"})),
        edit(&register, "scheme", "asset-type", &json!({"prefLabel": "Types"})),
        category("walk", "topic"),
        category("walk-asset", "asset-type"),
    ];
    // The categories need not be there before.
    let mut at_once = edits.clone();
    at_once.push(wrong.clone());
    let refused = register.apply(at_once, References::Checked, "test", now()).unwrap_err();
    let ApplyError::Invalid { faults, .. } = refused else { panic!("{refused}") };
    let pointers: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
    assert_eq!(pointers, ["/assetType", "/topics"]);
    write(&register, edits);
    let refused = register.apply(vec![wrong], References::Checked, "test", now()).unwrap_err();
    let ApplyError::Invalid { faults, .. } = refused else { panic!("{refused}") };
    assert_eq!(
        faults[0].to_string(),
        "/assetType: `walk` is a category of scheme `topic`, and here stand those of scheme \
         `asset-type`; did you mean `walk-asset`?"
    );
    write(
        &register,
        vec![asset(&json!({"name": "A", "assetType": "walk-asset", "online": true,
            "topics": ["walk"]}))],
    );
}

#[test]
fn a_withdrawn_record_is_gone_everywhere_but_in_its_history() {
    let register = open(Place::Memory);
    write(&register, vec![edit(&register, "organisation", "o", &json!({"name": "A"}))]);
    let id = RecordId::new("organisation", "o").unwrap();
    let withdrawal = register.withdrawal(&id, None).unwrap();
    write(&register, withdrawal);
    assert!(matches!(register.get(&id).unwrap(), Found::Gone { revision: Revision(2), .. }));
    assert!(register.summary("organisation/o").is_none());
    assert!(register.graph().is_empty().unwrap());
    assert_eq!(register.history(&id, 9).unwrap().len(), 2);
    let changes = register.changes(Revision(0), 9).unwrap();
    assert_eq!(
        changes.items.iter().map(|item| item.record.is_some()).collect::<Vec<_>>(),
        [true, false]
    );
}

#[test]
fn two_sources_make_one_view_that_knows_where_each_value_comes_from() {
    let register = open(Place::Memory);
    let mut feed =
        edit(&register, "organisation", "o", &json!({"name": "Feed", "email": "a@example.org"}));
    feed.source = "feed".to_owned();
    let local = edit(&register, "organisation", "o", &json!({"name": "Editor"}));
    write(&register, vec![feed, local]);
    let id = RecordId::new("organisation", "o").unwrap();
    let Found::Here(version) = register.get(&id).unwrap() else { panic!("it is here") };
    let from = |key: &str| version.merged.origins[version.merged.from[key]].source.as_str();
    assert_eq!((from("name"), from("email")), ("local", "feed"));
    assert_eq!(register.quads(&version.merged).unwrap().len(), 15);
}

#[test]
fn a_dump_loads_into_an_empty_register_as_the_same_records() {
    let register = open(Place::Memory);
    load_seeds(&register);
    let mut dump = Vec::new();
    register.graph().dump(&mut dump).unwrap();
    let copy = open(Place::Memory);
    let limits =
        Options { max_quads: usize::MAX, max_literal_bytes: 1 << 24, ..Options::default() };
    let imported = copy.read_rdf(&dump, GraphFormat::NQuads, LOCAL_SOURCE, &limits).unwrap();
    assert_eq!(imported.problems, Vec::<String>::new());
    copy.apply(imported.drafts, References::Checked, "test", now()).unwrap();
    for hit in register.search(Query::default(), &Where::default()).unwrap().results.hits {
        assert_eq!(copy.summary(hit.key()), Some(hit.summary()), "{}", hit.key());
    }
    assert_eq!(copy.index().size().records, register.index().size().records);
}

#[test]
fn a_document_says_which_of_its_subjects_are_not_taken() {
    let register = open(Place::Memory);
    let problems = |text: &str| {
        let read =
            register.read_rdf(text.as_bytes(), GraphFormat::TriG, "kist", &Options::default());
        read.unwrap().problems
    };
    let good = "<https://a.example/1> a <https://schema.org/Organization> ;
        <https://schema.org/name> \"A\" .";
    assert_eq!(problems(good), Vec::<String>::new());
    assert_eq!(
        problems(&format!("{good} <https://a.example/2> <https://schema.org/name> \"B\" .")),
        ["<https://a.example/2> is of no class that is kept here"]
    );
    let many: Vec<String> =
        (1..=5).map(|s| format!("<https://x.example/{s}> <urn:x:p> 1 .")).collect();
    assert_eq!(
        problems(&many.join("\n")),
        ["<https://x.example/1>, <https://x.example/2>, <https://x.example/3> and 2 more are of \
          no class that is kept here"]
    );
    // What a graph is said to be is its provenance; what something else says
    // of a subject without a class is told with that.
    let graph =
        format!("<https://g.example/> {{ {good} <https://g.example/> <urn:x:from> <urn:x:y> . }}");
    assert_eq!(problems(&graph), Vec::<String>::new());
}

#[test]
fn what_is_wrong_in_json_is_told_with_its_place() {
    let register = open(Place::Memory);
    let problems = |text: &str| register.read_json(text.as_bytes()).unwrap().problems;
    assert_eq!(problems(r#"{"source": "x", "records": []}"#), ["/source: must be an object"]);
    assert_eq!(problems("[1]"), ["/records/0: must be an object"]);
}

#[test]
fn a_token_is_good_until_it_is_revoked_or_ends() {
    let register = open(Place::Memory);
    let end = now().checked_add(jiff::SignedDuration::from_hours(1)).unwrap();
    let scope = crate::journal::Scope::Write;
    let tokens = register.token_store();
    let token = create_token(tokens, "import", scope, Some(end), now(), [7; 40]).unwrap();
    assert_eq!(register.check_token(&token.secret, now()).unwrap().scope, scope);
    for bad in ["", "kist", "kist_x_y", &token.secret[..token.secret.len() - 1]] {
        assert!(matches!(register.check_token(bad, now()), Err(AccessError::Invalid)), "{bad}");
    }
    assert!(register.check_token(&token.secret, end).is_err());
    tokens.revoke_token(&token.id).unwrap();
    assert!(register.check_token(&token.secret, now()).is_err());
}

#[test]
fn a_postcode_alone_places_a_record_and_the_list_says_that_it_is_derived() {
    let register = open(Place::Memory);
    let class = json!({
        "name": "Tai chi", "assetType": "https://example.org/class",
        "locations": [{"streetAddress": "Shore", "postcode": "EH6 6AA"}],
    });
    write(&register, vec![edit(&register, "asset", "a", &class)]);
    let near = Where {
        near: Some("EH6 6AE".to_owned()),
        within: Some("2km".parse().unwrap()),
        ..Where::default()
    };
    let answer = register.search(Query::default(), &near).unwrap();
    assert_eq!(names(&answer), ["Tai chi"]);
    let summary: Json = serde_json::from_slice(&answer.results.hits[0].summary()).unwrap();
    assert_eq!(summary["locations"][0]["positionFrom"], "sector");
    let id = RecordId::new("asset", "a").unwrap();
    let Found::Here(version) = register.get(&id).unwrap() else { panic!("it is here") };
    let location = version.merged.record.values("locations")[0].as_node().unwrap();
    assert!(location.values("latitude").is_empty(), "the record itself is as it was sent");
}

#[test]
fn what_comes_with_the_program_has_a_source_that_is_registered() {
    let register = open(Place::Memory);
    register.apply_places("test", now()).unwrap();
    for source in [LOCAL_SOURCE, "gazetteer", "kist"] {
        assert!(register.summary(&format!("source/{source}")).is_some(), "{source}");
    }
}

#[test]
fn an_address_that_is_no_web_address_is_refused_in_every_way_in() {
    let register = open(Place::Memory);
    let mut bad = edit(&register, "organisation", "o", &json!({"name": "A"}));
    let script = crate::record::Value::Iri("javascript:alert(1)".to_owned());
    bad.record.as_mut().unwrap().fields.insert("url".to_owned(), vec![script]);
    let refused = register.apply(vec![bad], References::Kept, "test", now()).unwrap_err();
    let ApplyError::Invalid { faults, .. } = refused else { panic!("{refused}") };
    assert_eq!(faults[0].pointer, "/url");
    assert_eq!(register.newest().unwrap(), Revision(0));
}

/// What the source `feed` says of an organisation.
fn fed(register: &Register, json: &Json) -> Edit {
    Edit { source: "feed".to_owned(), ..edit(register, "organisation", "o", json) }
}

fn shown(register: &Register, id: &str) -> Option<Json> {
    let id: RecordId = id.parse().unwrap();
    match register.get(&id).unwrap() {
        Found::Here(version) => {
            Some(crate::record::to_json(register.schema(), register.base(), &version.merged.record))
        }
        _ => None,
    }
}

#[track_caller]
fn is_consistent(register: &Register) {
    assert_eq!(register.check_consistency().unwrap().faults, Vec::<String>::new());
}

#[test]
fn a_part_comes_and_goes_with_what_it_is_a_part_of() {
    let directory = tempfile::tempdir().unwrap();
    let register = open(Place::Directory(directory.path()));
    let whole = json!({"name": "Feed", "email": "a@example.org"});
    let part = json!({"email": "b@example.org", "partial": true});
    let edits = vec![edit(&register, "organisation", "o", &part), fed(&register, &whole)];
    write(&register, edits);
    let email =
        |register: &Register| shown(register, "organisation/o").map(|it| it["email"].clone());
    assert_eq!(email(&register), Some(json!("b@example.org")));
    is_consistent(&register);
    write(&register, vec![Edit { record: None, ..fed(&register, &whole) }]);
    assert_eq!(email(&register), None);
    assert!(register.summary("organisation/o").is_none());
    assert!(register.graph().is_empty().unwrap());
    is_consistent(&register);
    register.rebuild(now(), &mut |_| {}).unwrap();
    assert!(register.graph().is_empty().unwrap());
    is_consistent(&register);
    write(&register, vec![fed(&register, &whole)]);
    assert_eq!(email(&register), Some(json!("b@example.org")));
    is_consistent(&register);
    let mut before = Vec::new();
    register.graph().dump(&mut before).unwrap();
    register.rebuild(now(), &mut |_| {}).unwrap();
    let mut after = Vec::new();
    register.graph().dump(&mut after).unwrap();
    assert_eq!(String::from_utf8(before).unwrap(), String::from_utf8(after).unwrap());
}

#[test]
fn parts_and_what_is_withheld_survive_a_dump() {
    let register = open(Place::Memory);
    let part = json!({"url": "https://a.example/", "withholds": ["email"], "partial": true});
    let whole = json!({"name": "Feed", "email": "a@example.org"});
    write(&register, vec![edit(&register, "organisation", "o", &part), fed(&register, &whole)]);
    let mut dump = Vec::new();
    register.graph().dump(&mut dump).unwrap();
    let copy = open(Place::Memory);
    let limits = Options::default();
    let imported = copy.read_rdf(&dump, GraphFormat::NQuads, "elsewhere", &limits).unwrap();
    assert_eq!(imported.problems, Vec::<String>::new());
    assert_eq!(imported.drafts.len(), 2);
    // In any order: the part may come first.
    copy.apply_all(&mut imported.drafts.into_iter().rev().map(Ok), "test", now(), &mut |_| {})
        .unwrap();
    let expected = json!({
        "@context": "https://kist.example/ns/context.jsonld",
        "id": "https://kist.example/id/organisation/o", "type": "organisation", "name": "Feed",
        "url": "https://a.example/", "withholds": ["email"],
    });
    assert_eq!(shown(&register, "organisation/o"), Some(expected.clone()));
    assert_eq!(shown(&copy, "organisation/o"), Some(expected));
}

#[test]
fn what_is_withheld_shows_when_a_record_would_not_be_valid_without_it() {
    let register = open(Place::Memory);
    let asset =
        |json: &Json| Edit { source: "feed".to_owned(), ..edit(&register, "asset", "a", json) };
    let walk = json!({
        "name": "Walk", "assetType": "https://example.org/walk", "online": true,
        "areaServed": ["place/S12000036"],
    });
    register.apply_places("test", now()).unwrap();
    let part = json!({"withholds": ["areaServed"], "partial": true});
    write(&register, vec![asset(&walk), edit(&register, "asset", "a", &part)]);
    assert_eq!(shown(&register, "asset/a").unwrap().get("areaServed"), None);
    let mut changed = walk.clone();
    changed.as_object_mut().unwrap().shift_remove("online");
    write(&register, vec![asset(&changed)]);
    assert!(shown(&register, "asset/a").unwrap().get("areaServed").is_some());
    is_consistent(&register);
}

#[test]
fn only_what_the_register_itself_says_can_be_a_part() {
    let register = open(Place::Memory);
    for (json, pointer) in [
        (json!({"email": "a@example.org", "partial": true}), "/partial"),
        (json!({"name": "A", "withholds": ["email"]}), "/withholds"),
    ] {
        let refused = register.apply(vec![fed(&register, &json)], References::Kept, "test", now());
        let Err(ApplyError::Invalid { faults, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!(faults[0].pointer, pointer);
    }
}

#[test]
fn a_category_of_which_a_part_is_said_keeps_its_other_names() {
    let register = open(Place::Memory);
    load_seeds(&register);
    let part = json!({"prefLabel": {"en": "Strolling"}, "partial": true});
    write(&register, vec![edit(&register, "category", "walking", &part)]);
    let names = |register: &Register| register.facet_label(Facet::Topic, "walking");
    assert_eq!(names(&register).as_deref(), Some("Strolling"));
    let trees = register.category_trees("topic", None).unwrap();
    let is_there = |trees: &[CategoryTree]| format!("{trees:?}").contains("\"walking\"");
    assert!(is_there(&trees));
    register.rebuild(now(), &mut |_| {}).unwrap();
    assert_eq!(names(&register).as_deref(), Some("Strolling"));
    assert!(is_there(&register.category_trees("topic", None).unwrap()));
}
