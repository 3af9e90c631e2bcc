//! Tests of [`schema`](super).

use super::*;

#[test]
fn the_standard_shapes_give_every_kind_of_the_domain() {
    let schema = Schema::standard();
    let names: Vec<&str> = schema.kinds().map(|kind| kind.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "organisation",
            "asset",
            "resource",
            "case-study",
            "partnership",
            "offer",
            "need",
            "place",
            "category",
            "scheme",
            "collection",
            "source",
            "run",
        ]
    );
}

#[test]
fn every_nested_shape_that_a_field_names_is_there() {
    let schema = Schema::standard();
    let shapes = schema.kinds().map(|kind| &kind.shape).chain(schema.nested_shapes());
    for field in shapes.flat_map(|shape| &shape.fields) {
        if let ValueType::Node(iri) = &field.value {
            assert!(schema.nested(iri).is_some(), "{} names {iri}", field.key);
        }
    }
}

#[test]
fn no_key_of_a_field_is_the_name_of_a_kind() {
    let schema = Schema::standard();
    for kind in schema.kinds() {
        for field in &kind.shape.fields {
            assert!(schema.kind(&field.key).is_none(), "{} in {}", field.key, kind.name);
        }
    }
}

#[test]
fn a_record_of_any_kind_can_be_a_part_and_withhold() {
    for kind in Schema::standard().kinds() {
        for key in ["partial", "withholds"] {
            assert!(kind.shape.field(key).is_some(), "{} has no {key}", kind.name);
        }
    }
}

#[test]
fn an_operators_shape_adds_a_property() {
    let schema = Schema::with_additions(&[r#"
            @prefix kist: <https://w3id.org/kist#> .
            @prefix sh: <http://www.w3.org/ns/shacl#> .
            @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
            kist:AssetShape sh:property [ sh:path <https://example.org/ns#parking> ;
                sh:name "parkingSpaces" ; sh:datatype xsd:integer ; sh:maxCount 1 ] .
        "#])
    .unwrap();
    let field = schema.kind("asset").unwrap().shape.field("parkingSpaces").unwrap();
    assert_eq!(field.value, ValueType::Integer);
    assert!(schema.kind("resource").unwrap().shape.field("parkingSpaces").is_none());
}

#[test]
fn an_operators_shape_that_cant_be_used_is_named() {
    let shapes = r#"
            @prefix kist: <https://w3id.org/kist#> .
            @prefix sh: <http://www.w3.org/ns/shacl#> .
            kist:AssetShape sh:property [ sh:path <https://example.org/ns#x> ; sh:name "x" ;
                sh:datatype <https://example.org/ns#unheard> ] .
        "#;
    let error = Schema::with_additions(&[shapes]).unwrap_err().to_string();
    assert!(error.contains('x') && error.contains("unheard"), "{error}");
}

#[test]
fn a_kind_whose_name_or_path_can_not_stand_in_addresses_is_refused() {
    let with = |name: &str, path: &str| {
        let shapes = format!(
            r#"
                @prefix kist: <https://w3id.org/kist#> .
                @prefix sh: <http://www.w3.org/ns/shacl#> .
                <https://example.org/ns#Shape> a sh:NodeShape ; kist:kind "{name}" ;
                    kist:path "{path}" ; sh:targetClass <https://example.org/ns#Thing> .
                "#
        );
        Schema::with_additions(&[&shapes]).map_err(|error| error.to_string())
    };
    assert!(with("walking-route", "walking-routes").is_ok());
    for (name, path, wrong) in [
        ("", "routes", ""),
        ("écoute", "routes", "écoute"),
        ("walking--route", "routes", "walking--route"),
        ("route", "a/b", "a/b"),
        ("route", "{id}", "{id}"),
        ("route", "Routes", "Routes"),
        ("asset", "routes", "asset"),
        ("route", "assets", "assets"),
    ] {
        let error = with(name, path).unwrap_err();
        assert!(error.starts_with(&format!("`{wrong}` can't be")), "{error}");
    }
}
