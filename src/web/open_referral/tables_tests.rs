//! Tests of [`tables`](super).

use super::*;

#[test]
fn every_table_is_described_with_its_columns_and_ties() {
    let described =
        description("https://kist.example/", "https://creativecommons.org/licenses/by/4.0/");
    let licence = json!([{
        "path": "https://creativecommons.org/licenses/by/4.0/",
        "title": "CC BY 4.0",
        "name": "CC-BY-4.0",
    }]);
    assert_eq!(described["licenses"], licence);
    let resources = described["resources"].as_array().unwrap();
    assert_eq!(resources.len(), TABLES.len());
    for (resource, table) in resources.iter().zip(TABLES) {
        assert_eq!(table.columns[0], "id");
        assert_eq!(resource["path"], table.file);
        for key in resource["schema"]["foreignKeys"].as_array().unwrap() {
            let target = key["reference"]["resource"].as_str().unwrap();
            assert!(target.is_empty() || TABLES.iter().any(|table| table.name == target));
        }
    }
}
