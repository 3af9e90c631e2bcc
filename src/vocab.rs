//! IRI constants, one module for each vocabulary.
//!
//! Only what the program itself names stands here; the properties of records
//! come from the shapes.

macro_rules! terms {
    ($(#[$doc:meta])* $module:ident $namespace:literal { $($name:ident $local:literal)* }) => {
        $(#[$doc])*
        pub mod $module {
            use oxigraph::model::NamedNodeRef;
            /// What the IRIs of this vocabulary begin with.
            pub const NAMESPACE: &str = $namespace;
            $(
                #[doc = concat!("`", $namespace, $local, "`")]
                pub const $name: NamedNodeRef<'static> =
                    NamedNodeRef::new_unchecked(concat!($namespace, $local));
            )*
            /// All terms above.
            pub const ALL: &[NamedNodeRef<'static>] = &[$($name),*];
        }
    };
}

terms! {
    /// Terms of our own, declared in `ontology/kist.ttl`.
    kist "https://w3id.org/kist#" {
        KIND "kind" PATH "path" SCHEME "scheme" ALSO_CLASS "alsoClass" RECORD "Record"
        ASSET "Asset"
        SOURCE "Source" REVISION "revision" RETRIEVED_AT "retrievedAt" EXTRACTOR "extractor"
        ATTRIBUTION "attribution" REPORT "report" HARVEST_CHECK "harvestCheck"
        ITEM_KEY "itemKey" FOUND_AT "foundAt"
    }
}
terms! {
    /// RDF 1.1 concepts.
    rdf "http://www.w3.org/1999/02/22-rdf-syntax-ns#" {
        TYPE "type" FIRST "first" REST "rest" NIL "nil" LANG_STRING "langString"
    }
}
terms! {
    /// RDF Schema 1.1.
    rdfs "http://www.w3.org/2000/01/rdf-schema#" {
        LABEL "label" COMMENT "comment" RESOURCE "Resource"
    }
}
terms! {
    /// OWL 2.
    owl "http://www.w3.org/2002/07/owl#" { THING "Thing" NAMED_INDIVIDUAL "NamedIndividual" }
}
terms! {
    /// XML Schema datatypes.
    xsd "http://www.w3.org/2001/XMLSchema#" {
        STRING "string" INTEGER "integer" DECIMAL "decimal" DOUBLE "double" BOOLEAN "boolean"
        DATE "date" TIME "time" DATE_TIME "dateTime"
    }
}
terms! {
    /// SHACL Core.
    sh "http://www.w3.org/ns/shacl#" {
        NODE_SHAPE "NodeShape" TARGET_CLASS "targetClass" PROPERTY "property" PATH "path"
        NAME "name" DESCRIPTION "description" ORDER "order" GROUP "group" DATATYPE "datatype"
        CLASS "class" NODE "node" NODE_KIND "nodeKind" MIN_COUNT "minCount"
        MAX_COUNT "maxCount" UNIQUE_LANG "uniqueLang" PATTERN "pattern"
        MAX_LENGTH "maxLength" MIN_INCLUSIVE "minInclusive" MAX_INCLUSIVE "maxInclusive"
        IN "in" OR "or" VALIDATION_REPORT "ValidationReport" CONFORMS "conforms"
        RESULT "result" VALIDATION_RESULT "ValidationResult"
        RESULT_SEVERITY "resultSeverity" RESULT_MESSAGE "resultMessage" FOCUS_NODE "focusNode"
        VALUE "value" SOURCE_CONSTRAINT_COMPONENT "sourceConstraintComponent"
        VIOLATION "Violation" WARNING "Warning"
    }
}
terms! {
    /// DCMI metadata terms.
    dcterms "http://purl.org/dc/terms/" {
        W3CDTF "W3CDTF" LICENSE "license" SOURCE "source" TITLE "title" MODIFIED "modified"
        IDENTIFIER "identifier"
    }
}
terms! {
    /// GeoSPARQL 1.1.
    geo "http://www.opengis.net/ont/geosparql#" {
        WKT_LITERAL "wktLiteral" AS_WKT "asWKT" HAS_GEOMETRY "hasGeometry"
        GEOMETRY "Geometry"
    }
}
terms! {
    /// Basic geo (WGS 84 latitude and longitude).
    wgs84 "http://www.w3.org/2003/01/geo/wgs84_pos#" { LATITUDE "lat" LONGITUDE "long" }
}
terms! {
    /// schema.org.
    schema "https://schema.org/" {
        LATITUDE "latitude" LONGITUDE "longitude" SERVICE "Service" EVENT "Event" PLACE "Place"
        CREATIVE_WORK "CreativeWork" THING "Thing"
    }
}
terms! {
    /// PROV-O.
    prov "http://www.w3.org/ns/prov#" {
        ENTITY "Entity" ACTIVITY "Activity" GENERATED_AT_TIME "generatedAtTime"
        WAS_ATTRIBUTED_TO "wasAttributedTo" WAS_DERIVED_FROM "wasDerivedFrom"
        HAD_PRIMARY_SOURCE "hadPrimarySource" WAS_GENERATED_BY "wasGeneratedBy"
    }
}
terms! {
    /// SKOS.
    skos "http://www.w3.org/2004/02/skos/core#" { CONCEPT "Concept" CONCEPT_SCHEME "ConceptScheme" }
}
