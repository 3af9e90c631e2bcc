//! Tests of [`taken`](super).

use super::*;

fn with(kind: &str, path: &str) -> Schema {
    let shapes = format!(
        r#"
            @prefix kist: <https://w3id.org/kist#> .
            @prefix sh: <http://www.w3.org/ns/shacl#> .
            <https://example.org/ns#Shape> a sh:NodeShape ; kist:kind "{kind}" ;
                kist:path "{path}" ; sh:targetClass <https://example.org/ns#Thing> .
            "#
    );
    Schema::with_additions(&[&shapes]).unwrap()
}

#[test]
fn a_kind_may_have_any_path_but_those_of_the_register() {
    assert_eq!(check_paths(&Schema::standard()), Ok(()));
    assert_eq!(check_paths(&with("walking-route", "walking-routes")), Ok(()));
    for path in [
        "search",
        "suggest",
        "near",
        "lists",
        "embed",
        "oembed",
        "api",
        "id",
        "aliss",
        "sparql",
        "websub",
        "open-referral",
        "changes",
        "report",
        "sitemap",
        "robots",
    ] {
        let error = check_paths(&with("stall", path)).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "the kind `stall` can't have the path `{path}`: the register answers there \
                     itself"
            )
        );
    }
}
