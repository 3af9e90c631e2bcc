use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::gazetteer::{Kind, Level, Status};
use crate::model::Point;

static SHIPPED: LazyLock<Gazetteer> = LazyLock::new(Gazetteer::embedded);

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/gazetteer").join(name)
}

/// The project's shared data, if this machine has it.
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/gazetteer").join(name);
    path.exists().then_some(path)
}

fn load_quietly(directory: &TempDir, file: &Path) -> Result<Report, LoadError> {
    load(directory.path(), file, &mut |_| {})
}

/// Loads a fixture into an empty directory and opens the gazetteer.
#[track_caller]
fn loaded(name: &str) -> (Report, Gazetteer) {
    let directory = TempDir::new().unwrap();
    let report = load_quietly(&directory, &fixture(name)).unwrap();
    (report, Gazetteer::open(directory.path()).unwrap())
}

/// Checks a postcode's status, its place to within 5 m, and its areas.
#[track_caller]
fn check(gazetteer: &Gazetteer, postcode: &str, status: Status, place: &str, areas: &str) {
    let found = gazetteer.resolve(postcode).unwrap();
    assert_eq!((found.kind, found.status), (Kind::Postcode, status), "{postcode}");
    let away = found.point.distance(place.parse::<Point>().unwrap());
    assert!(away.as_f64() < 5.0, "{postcode} is {away} away");
    assert_eq!(found.areas.join(" "), areas, "{postcode}");
}

const LEITH: &str = "S13002930 S12000036 S37000012 S08000024 S92000003 K02000001";

#[test]
fn code_point_open_gives_whole_postcodes() {
    let (report, gazetteer) = loaded("code_point_open.csv");
    assert_eq!(report.formats, [Format::CodePointOpen]);
    assert_eq!((report.taken, report.left_out, report.skipped), (7, 1, 0));
    check(&gazetteer, "EH6 8RG", Status::Live, "55.96459,-3.17389", LEITH);
    // The file's ward is of 2020 and no longer known: the position tells.
    let found = gazetteer.resolve("HS1 2AD").unwrap();
    assert_eq!(
        found.areas[1..],
        ["S12000013", "S37000031", "S08000028", "S92000003", "K02000001"].map(Into::into)
    );
    assert_eq!(gazetteer.area(&found.areas[0]).unwrap().level, Level::Ward);
    assert_eq!(gazetteer.resolve("EH6 8ZZ").unwrap().status, Status::Approximate);
    let completed = gazetteer.autocomplete("EH6 8R", 5);
    let texts: Vec<&str> = completed.iter().map(|found| found.text.as_str()).collect();
    assert_eq!(texts, ["EH6 8RE", "EH6 8RF", "EH6 8RG"]);
}

#[test]
fn old_and_new_headings_of_the_onspd_say_the_same() {
    for name in ["onspd_2024.csv", "onspd_2025.csv"] {
        let (report, gazetteer) = loaded(name);
        assert_eq!(report.formats, [Format::Onspd], "{name}");
        assert_eq!((report.taken, report.left_out), (4, 1), "{name}");
        check(&gazetteer, "EH6 8RG", Status::Live, "55.96459,-3.17389", LEITH);
        check(&gazetteer, "EH6 8RH", Status::Terminated, "55.96421,-3.17417", LEITH);
        let terminated = gazetteer.resolve("EH6 8RH").unwrap().terminated;
        assert_eq!(terminated, Some(jiff::civil::date(1996, 6, 1)));
        check(&gazetteer, "SW1A 2AA", Status::OutsideArea, "51.50354,-0.12768", "K02000001");
        let district = gazetteer.resolve("SW1A").unwrap();
        assert_eq!(
            (district.status, district.areas.join(" ").as_str()),
            (Status::OutsideArea, "K02000001")
        );
        assert!(gazetteer.area("SW1A").is_none(), "a district of no known council is no area");
        // 99.999999 is no position.
        assert!(gazetteer.resolve("JE2 3AB").is_err(), "{name}");
    }
}

#[test]
fn the_scottish_directory_gives_split_and_terminated_postcodes() {
    let (report, gazetteer) = loaded("spd_small_user.csv");
    assert_eq!(report.formats, [Format::SpdSmallUser]);
    assert_eq!((report.taken, report.left_out), (4, 2));
    check(&gazetteer, "EH6 8RG", Status::Live, "55.96459,-3.17389", LEITH);
    // 0, 0 is no position: the sector answers.
    let unknown = gazetteer.resolve("EH6 8XY").unwrap();
    assert_eq!(unknown.status, Status::Approximate);
    assert!(unknown.point.is_british());
    let terminated = gazetteer.resolve("EH6 8RH").unwrap().terminated;
    assert_eq!(terminated, Some(jiff::civil::date(1996, 6, 21)));
    let split = gazetteer.resolve("AB12 3GQ").unwrap();
    assert!(split.areas.contains(&"S12000034".into()), "{split:?}");
    // A row without latitude and longitude goes by its grid reference.
    let grid = gazetteer.resolve("ZE1 0AA").unwrap();
    assert!(grid.point.distance("60.15322,-1.1416".parse().unwrap()).as_f64() < 5.0);
    let (report, gazetteer) = loaded("spd_large_user.csv");
    assert_eq!(report.formats, [Format::SpdLargeUser]);
    assert_eq!(gazetteer.resolve("EH1 1YZ").unwrap().status, Status::Live);
}

#[test]
fn places_are_taken_from_open_names_for_scotland_only() {
    let (report, gazetteer) = loaded("open_names.csv");
    assert_eq!(report.formats, [Format::OpenNames]);
    assert_eq!((report.taken, report.left_out), (4, 2));
    let found = gazetteer.resolve("baile ur an deuchainn").unwrap();
    assert_eq!(found.label, "Kistburgh, City of Edinburgh");
    assert_eq!(gazetteer.resolve("Portree").unwrap().label, "Portree, Highland");
    let shipped = Gazetteer::embedded().places().len();
    assert_eq!(gazetteer.places().len(), shipped + 2, "two are new, two were known");
    assert!(gazetteer.resolve("Berwick-upon-Tweed").is_err());
    // The file doesn't say how large a place is; what is known of it stays.
    let found = gazetteer.autocomplete("port", 10);
    let place = |label: &str| found.iter().position(|found| found.label == label).unwrap();
    assert!(place("Portree") < place("Portpatrick"), "{found:?}");
}

#[test]
fn islands_are_taken_from_open_names_and_stand_for_the_shipped_ones() {
    let (_, gazetteer) = loaded("open_names.csv");
    let skye = gazetteer.resolve("Skye").unwrap();
    assert_eq!(skye.label, "Isle of Skye, Highland");
    let corner = skye.bounding_box.unwrap().south_west();
    assert!(corner.distance("57.02,-6.79".parse().unwrap()).as_f64() < 5_000.0, "{corner}");
    for name in ["isle of skye", "An t-Eilean Sgitheanach"] {
        assert_eq!(gazetteer.resolve(name).unwrap(), skye, "{name}");
    }
    // Areas come from the shipped one, so that what serves Skye's ward is found.
    assert_eq!(&*skye.areas[0], "S13002999");
    // A rock of the name of a village is not what people mean.
    assert_eq!(gazetteer.resolve("Arinagour").unwrap().label, "Arinagour, Argyll and Bute");
}

#[test]
fn boundaries_are_taken_with_code_name_and_parent() {
    let (report, gazetteer) = loaded("wards.geojson");
    assert_eq!((report.taken, report.skipped), (1, 1));
    assert!(
        report.first_reasons[0].contains("/features/1: S12000015 is a former code of S12000047")
    );
    let rock = gazetteer.areas_at("56.127,-2.535".parse().unwrap());
    assert_eq!((rock[0].name.as_str(), rock[0].level), ("Kist Rock", Level::Ward));
    assert_eq!(rock[1].name, "East Lothian");
}

#[test]
fn boundaries_on_the_national_grid_are_turned_into_degrees() {
    let (_, gazetteer) = loaded("data_zones_grid.geojson");
    let areas = gazetteer.areas_at("55.96459,-3.17389".parse().unwrap());
    assert_eq!((areas[0].name.as_str(), areas[0].level), ("Leith Links - 01", Level::DataZone));
    assert_eq!(areas.len(), 7, "{areas:?}");
}

#[test]
fn a_later_load_keeps_other_postcode_areas_and_the_scottish_directory_goes_first() {
    let directory = TempDir::new().unwrap();
    for name in ["code_point_open.csv", "spd_small_user.csv", "onspd_2025.csv"] {
        load_quietly(&directory, &fixture(name)).unwrap();
    }
    let gazetteer = Gazetteer::open(directory.path()).unwrap();
    // 7 of Code-Point Open, 3 more of the Scottish directory, 1 more of ONSPD.
    assert_eq!(gazetteer.postcode_count(), 11);
    let terminated = gazetteer.resolve("EH6 8RH").unwrap().terminated;
    assert_eq!(terminated, Some(jiff::civil::date(1996, 6, 21)));
    load_quietly(&directory, &fixture("code_point_open.csv")).unwrap();
    assert_eq!(Gazetteer::open(directory.path()).unwrap().postcode_count(), 11);
}

#[test]
fn a_zip_is_read_member_by_member() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("codepo_gb.zip");
    let mut zip = zip::ZipWriter::new(fs::File::create(&file).unwrap());
    let options = zip::write::SimpleFileOptions::default();
    let text = fs::read_to_string(fixture("code_point_open.csv")).unwrap();
    for (name, wanted) in [("Data/CSV/eh.csv", "\"EH"), ("Data/CSV/hs.csv", "\"HS")] {
        zip.start_file(name, options).unwrap();
        for line in text.lines().filter(|line| line.starts_with(wanted)) {
            writeln!(zip, "{line}").unwrap();
        }
    }
    zip.start_file("Doc/Code-Point_Open_Column_Headers.csv", options).unwrap();
    zip.write_all(b"PC,PQ,EA,NO\nPostcode,Quality,Eastings,Northings\n").unwrap();
    zip.finish().unwrap();
    let mut told = Vec::new();
    let report = load(directory.path(), &file, &mut |progress| told.push(progress)).unwrap();
    assert_eq!((report.taken, report.left_out), (6, 1));
    assert_eq!(report.unknown_members, ["Doc/Code-Point_Open_Column_Headers.csv"]);
    let last = told.last().unwrap();
    assert_eq!((last.bytes, last.rows), (last.total_bytes, 7));
    // Cut in half, the zip has lost its directory.
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    assert!(matches!(load_quietly(&directory, &file), Err(LoadError::Zip { .. })));
}

#[test]
fn a_wrong_cut_or_empty_file_leaves_the_gazetteer_as_it_was() {
    let directory = TempDir::new().unwrap();
    load_quietly(&directory, &fixture("code_point_open.csv")).unwrap();
    load_quietly(&directory, &fixture("wards.geojson")).unwrap();
    let stored = || {
        let mut files: Vec<(PathBuf, Vec<u8>)> = fs::read_dir(directory.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| (path.clone(), fs::read(path).unwrap()))
            .collect();
        files.sort();
        files
    };
    let before = stored();
    let elsewhere = TempDir::new().unwrap();
    let onspd = fs::read_to_string(fixture("onspd_2025.csv")).unwrap();
    let code_point = fs::read_to_string(fixture("code_point_open.csv")).unwrap();
    let wards = fs::read_to_string(fixture("wards.geojson")).unwrap();
    let cut = |text: &str, line: usize, keep: usize| {
        let whole: Vec<&str> = text.lines().take(line).collect();
        format!("{}\n{}", whole.join("\n"), &text.lines().nth(line).unwrap()[..keep])
    };
    let bad_rows = code_point.replace(",10,", ",10,x");
    for (name, text, expected) in [
        ("nothing.csv", String::new(), "none of the files"),
        ("prose.csv", "Dear operator,\nno data".to_owned(), "none of the files"),
        ("binary.zip", "PK\u{3}\u{4}, but not a zip".to_owned(), "zip file that can't be read"),
        ("heading.csv", onspd.lines().next().unwrap().to_owned(), "nothing that can be taken"),
        (
            "no_lat.csv",
            onspd.replace(",lat,", ",latt,"),
            "line 1: there is no column for the latitude",
        ),
        (
            "cut.csv",
            cut(&onspd, 3, 40),
            "cut.csv, line 4, column 11: the row has 10 columns where 53",
        ),
        ("cut_cp.csv", cut(&code_point, 3, 20), "line 4, column 5: the row has 4 columns where 10"),
        ("cut.geojson", wards[..wards.len() - 60].to_owned(), "cut.geojson, line "),
        ("bad.csv", bad_rows, "`x325621` is not a number"),
    ] {
        let file = elsewhere.path().join(name);
        fs::write(&file, text).unwrap();
        let error = load_quietly(&directory, &file).unwrap_err().to_string();
        assert!(error.contains(expected), "{name}: {error}");
        assert_eq!(stored(), before, "{name}");
    }
    let missing = load_quietly(&directory, &elsewhere.path().join("missing.csv"));
    assert!(matches!(missing, Err(LoadError::Io { .. })));
}

#[test]
fn a_bad_row_costs_one_row_and_says_where_and_why() {
    let directory = TempDir::new().unwrap();
    let text = fs::read_to_string(fixture("code_point_open.csv")).unwrap();
    let file = directory.path().join("eh.csv");
    fs::write(&file, text.replace("EH1 1AE", "EH1 1A3")).unwrap();
    let report = load_quietly(&directory, &file).unwrap();
    assert_eq!((report.taken, report.skipped), (6, 1));
    assert_eq!(report.first_reasons, ["eh.csv, line 2, column 1: `EH1 1A3` is not a postcode"]);
}

#[test]
fn a_file_with_less_than_half_of_the_postcodes_is_refused() {
    let directory = TempDir::new().unwrap();
    load_quietly(&directory, &fixture("code_point_open.csv")).unwrap();
    let text = fs::read_to_string(fixture("code_point_open.csv")).unwrap();
    let file = directory.path().join("eh.csv");
    fs::write(&file, text.lines().next().unwrap()).unwrap();
    let error = load_quietly(&directory, &file).unwrap_err();
    assert!(matches!(error, LoadError::Shrunk { before: 5, now: 1, .. }), "{error}");
}

#[test]
fn a_damaged_store_is_an_error_that_names_the_file() {
    let directory = TempDir::new().unwrap();
    load_quietly(&directory, &fixture("code_point_open.csv")).unwrap();
    let stored = directory.path().join("postcodes-code-point-open.bin");
    let bytes = fs::read(&stored).unwrap();
    fs::write(&stored, &bytes[..bytes.len() - 3]).unwrap();
    let error = Gazetteer::open(directory.path()).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("postcodes-code-point-open.bin` must be loaded again"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_file_with_any_damage_is_read_or_refused(
        which in 0_usize..6,
        at in 0.0..1.0_f64,
        damage in prop::collection::vec(any::<u8>(), 0..6),
    ) {
        let names = [
            "code_point_open.csv",
            "onspd_2024.csv",
            "onspd_2025.csv",
            "spd_small_user.csv",
            "open_names.csv",
            "wards.geojson",
        ];
        let mut bytes = fs::read(fixture(names[which])).unwrap();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "any place in a small file will do"
        )]
        let at = (bytes.len() as f64 * at) as usize;
        let end = (at + damage.len()).min(bytes.len());
        bytes.splice(at..end, damage);
        let directory = TempDir::new().unwrap();
        let file = directory.path().join("file");
        fs::write(&file, bytes).unwrap();
        if let Ok(mut source) = Source::open(&file) {
            let mut progress = |_| {};
            let mut loading = Loading::new(&source, &mut progress);
            let stored = directory.path().join("stored");
            drop(boundaries::load(&SHIPPED, &stored, &mut source, &mut loading));
            drop(open_names::load(&SHIPPED, &stored, &mut source, &mut loading));
            drop(units::load(&SHIPPED, &stored, &mut source, &mut loading));
        }
    }
}

#[test]
fn features_without_a_polygon_or_code_are_skipped() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("mixed.geojson");
    let ring = "[[[-2.5,56.1,0],[-2.4,56.1,0],[-2.4,56.2,0],[-2.5,56.1,0]]]";
    let features = [
        r#"{"type":"Feature","properties":{"code":"S13999902"},"geometry":{"type":"Point","coordinates":[-2.5,56.1]}}"#.to_owned(),
        r#"{"type":"Feature","properties":{"code":"S13999903"},"geometry":null}"#.to_owned(),
        format!(r#"{{"type":"Feature","properties":null,"geometry":{{"type":"Polygon","coordinates":{ring}}}}}"#),
        format!(r#"{{"type":"Feature","properties":{{"gss_code":"S13999904","name":"Kept"}},"geometry":{{"type":"Polygon","bbox":[1,2,3,4],"coordinates":{ring}}}}}"#),
    ];
    let text = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","));
    fs::write(&file, text).unwrap();
    let report = load_quietly(&directory, &file).unwrap();
    assert_eq!((report.taken, report.skipped), (1, 3), "{:?}", report.first_reasons);
}

#[test]
fn a_boundary_that_can_not_be_right_is_not_taken_and_says_why() {
    for (ring, why) in [
        ("[[400,500],[1,2],[3,4],[400,500]]", "1,2 would be degrees, and 400,500 metres"),
        ("[[-2.5,56.1],[-2.4,56.1],[-2.4,56.2]]", "a ring is not closed"),
        ("[[56.1,-2.5],[56.1,-2.4],[56.2,-2.4],[56.1,-2.5]]", "56.1,-2.5 is not in the British"),
        ("[[1,2],[3,4],[5,6],[1,2]]", "1,2 is not in the British Isles"),
        ("[[-2.5],[-2.4,56.1],[-2.4,56.2],[-2.5]]", "fewer than two numbers"),
    ] {
        let directory = TempDir::new().unwrap();
        let file = directory.path().join("wrong.geojson");
        let text = format!(
            r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"code":"S12000036"}},"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}]}}"#
        );
        fs::write(&file, text).unwrap();
        let error = load_quietly(&directory, &file).unwrap_err().to_string();
        assert!(error.contains("S12000036") && error.contains(why), "{error}");
    }
}

#[test]
fn published_positions_are_met_within_5_m() {
    let (Some(positions), Some(hs)) =
        (shared("postcodes_scotland_2020-08.csv.gz"), shared("codepoint_open_2020-08"))
    else {
        let mut stderr = io::stderr();
        writeln!(stderr, "skipped: the shared data is not here").unwrap();
        return;
    };
    let directory = TempDir::new().unwrap();
    for area in ["hs", "ze", "iv"] {
        let report = load_quietly(&directory, &hs.join(format!("{area}.csv"))).unwrap();
        assert_eq!(report.skipped, 0, "{area}: {:?}", report.first_reasons);
    }
    let gazetteer = Gazetteer::open(directory.path()).unwrap();
    let mut text = String::new();
    let packed = fs::File::open(positions).unwrap();
    flate2::read::GzDecoder::new(packed).read_to_string(&mut text).unwrap();
    let mut compared = 0;
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        if !["HS", "ZE", "IV"].iter().any(|area| cells[0].starts_with(area)) {
            continue;
        }
        let published: Point = format!("{},{}", cells[1], cells[2]).parse().unwrap();
        let found = gazetteer.resolve(cells[0]).unwrap();
        assert_eq!(found.status, Status::Live, "{}", cells[0]);
        assert!(found.point.distance(published).as_f64() < 5.0, "{}", cells[0]);
        assert!(
            found.areas.iter().any(|code| &**code == cells[4]),
            "{} {:?}",
            cells[0],
            found.areas
        );
        compared += 1;
    }
    assert!(compared > 8_000, "{compared}");
}
