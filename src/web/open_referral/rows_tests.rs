//! Tests of [`rows`](super).

use serde_json::json;

use super::*;

#[derive(Default)]
struct Lines(Vec<String>);

impl Rows for Lines {
    fn take(&mut self, name: &str, fields: &[&str]) -> io::Result<()> {
        self.0.push(format!("{name}: {}", fields.join("|")));
        Ok(())
    }
}

#[test]
fn what_is_nested_becomes_rows_that_are_tied_by_ids() {
    let service = json!({
        "id": "s", "name": "Tea", "status": "active", "minimum_age": 60,
        "service_at_locations": [{
            "id": "l", "service_id": "s", "location_id": "p",
            "location": {"id": "p", "location_type": "physical", "addresses": [{"id": "a", "city": "Leith"}]},
        }],
        "phones": [{"id": "t", "number": "0131 555 0100"}],
        "contacts": [{"id": "c", "phones": [{"id": "t", "number": "0131 555 0100"}]}],
    });
    let mut lines = Lines::default();
    split("service", &service, &mut lines).unwrap();
    assert_eq!(
        lines.0,
        [
            "service: s||Tea|||||active|||60||||||",
            "service_at_location: l|s|p",
            "location: p||physical||||||",
            "address: a|p||Leith|||||",
            "phone: t||s||0131 555 0100",
        ]
    );
}
