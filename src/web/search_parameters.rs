//! Every parameter of a search, declared once for all that search.

use crate::web::parameter::{Parameter, ParameterKind};

/// The last page that has a number; further on goes by cursor.
pub const LAST_PAGE: i64 = 10_000;

/// How many hits a page has at most.
const HIGHEST_LIMIT: i64 = 1_000;

/// Every parameter of a search.
pub const PARAMETERS: &[Parameter] = &[
    Parameter::text("q", "Words to look for; all must be found. Small misspellings are forgiven, and the last word may be unfinished").example("walking group").tried_as(&["query", "search", "text"]),
    Parameter::new("near", ParameterKind::Place, "Where to look: a postcode, part of one, a place, `latitude,longitude`, or the code of an area").example("EH6 8RG").tried_as(&["place", "postcode", "location"]),
    Parameter::new("within", ParameterKind::Distance(1_000_000.0), "How far from there, with a unit: m, km, mi or yd. Without it everything is shown, nearest first").example("2km").tried_as(&["radius", "distance"]),
    Parameter::new("online", ParameterKind::Boolean, "Whether a search near a place also finds what is only online").example("true"),
    Parameter::text("kind", "Kinds of record, such as `asset` or `organisation`. When none is said, a search near a place leaves out places, categories, schemes, sources and runs").repeatable().example("asset"),
    Parameter::text("type", "Types of asset, by slug").repeatable().example("library-venue"),
    Parameter::text("resource_type", "Types of resource, by slug").repeatable().example("guide"),
    Parameter::text("topic", "Topics, by slug; narrower topics are found too").repeatable().example("walking").tried_as(&["category"]),
    Parameter::text("audience", "Whom it is for, by slug").repeatable().example("unpaid-carers").tried_as(&["for"]),
    Parameter::integer("age", 0, 130, "An age in years, for which it must be meant").example("70"),
    Parameter::text("accessibility", "Accessibility features, by slug").repeatable(),
    Parameter::text("sector", "Sectors, by slug").repeatable().example("third-sector"),
    Parameter::text("form", "What binds a partnership, by slug").repeatable().example("consortium"),
    Parameter::text("stage", "How far a partnership has come, by slug").repeatable().example("in-delivery"),
    Parameter::text("language", "Languages in which it is offered, as BCP 47 tags").repeatable().example("gd"),
    Parameter::choice("cost", &["free", "paid"], "Whether it costs something").example("free"),
    Parameter::choice("access", &["in-person", "remote", "hybrid"], "How people take part"),
    Parameter::choice("status", &["active", "paused", "ended", "open", "in-conversation", "matched", "closed"], "Whether it runs, or how far an offer or need has come"),
    Parameter::text("level", "Levels of areas, such as `council`").repeatable(),
    Parameter::text("scheme", "Schemes of categories, by slug").repeatable(),
    Parameter::text("parent", "The wider category or area, by slug or code").repeatable(),
    Parameter::text("organisation", "Organisations that provide, publish or take part, by id or slug").repeatable(),
    Parameter::text("source", "Sources from which records come, by id").repeatable(),
    Parameter::choice("links", &["broken", "failing"], "Only what has links that do not work: `broken` for weeks, or `failing` when they were last checked, the broken among them"),
    Parameter::choice("duplicates", &["hide", "show"], "Whether records are shown for which another of the same thing stands; they are hidden when nothing is said").example("show"),
    Parameter::text("clearance", "Organisations, by id or slug, of which one has approved the record; what none of them has approved is left out").repeatable(),
    Parameter::text("area", "Areas in which it is, or which it serves whole, in part or with a wider area, by code").repeatable().example("S12000036"),
    Parameter::new("bbox", ParameterKind::BoundingBox, "A box: west, south, east, north; west of its east when it crosses the antimeridian").example("-3.3,55.9,-3.1,56.0"),
    Parameter::new("polygon", ParameterKind::Polygon, "A ring of positions, `latitude,longitude;latitude,longitude;…`, or a WKT polygon").example("55.9,-3.3;55.9,-3.1;56.0,-3.2"),
    Parameter::text("open", "When it must be open: a weekday and time, or a date and time, local to Scotland").example("mo 14:30"),
    Parameter::choice("sort", &["relevance", "distance", "name", "reviewed", "added"], "The order").example("distance"),
    Parameter::integer("page", 1, LAST_PAGE, "Which page, for people").example("1"),
    Parameter::integer("per_page", 1, HIGHEST_LIMIT, "How many on a page; 20 when not said").example("20"),
    Parameter::integer("limit", 1, HIGHEST_LIMIT, "The same as `per_page`, for programs").example("20"),
    Parameter::text("cursor", "The place after which to go on, as `next` gives it unless `page` or `per_page` is asked for; stable while records change"),
    Parameter::text("facets", "Facets to count over everything that is found: kind, or any parameter that filters by values, such as `topic` or `cost`").repeatable().example("topic,cost"),
    Parameter::new("explain", ParameterKind::Boolean, "Whether each hit tells why it stands where it does").example("true"),
];
