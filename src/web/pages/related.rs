//! What is shown with a record: what is near, what belongs to it, what is
//! below it.

use crate::model::Metres;
use crate::model::Point;
use crate::record::RecordId;
use crate::record::Value;
use crate::register::Facet;
use crate::register::Filter;
use crate::register::OnlineToo;
use crate::register::Page;
use crate::register::Query;
use crate::register::Start;
use crate::register::Version;
use crate::register::Where;
use crate::web::html::address::Address;
use crate::web::html::card;
use crate::web::html::card::Card;
use crate::web::html::content::Link;
use crate::web::html::messages::Messages;
use crate::web::html::messages::Phrase;
use crate::web::html::site::Category;
use crate::web::html::site::KINDS;
use crate::web::html::site::Site;
use crate::web::problem::Result;

/// How many neighbours are listed.
const NEIGHBOURS: usize = 6;

/// How far a neighbour may be, in metres.
const NEARBY: f64 = 5_000.0;

/// The facets by which a category is used.
const USES: [(&str, Facet); 8] = [
    ("topic", Facet::Topic),
    ("type", Facet::AssetType),
    ("resource_type", Facet::ResourceType),
    ("audience", Facet::Audience),
    ("accessibility", Facet::Accessibility),
    ("sector", Facet::Sector),
    ("form", Facet::PartnershipForm),
    ("stage", Facet::PartnershipStage),
];

/// What else is near, without the record itself.
pub(super) fn neighbours(
    site: Site<'_>,
    point: Point,
    id: &RecordId,
) -> (Vec<Card>, Option<String>) {
    let place = format!("{:.5},{:.5}", point.latitude(), point.longitude());
    let Ok(within) = Metres::new(NEARBY) else { return (Vec::new(), None) };
    let query = Query {
        kinds: vec!["asset".to_owned(), "organisation".to_owned()],
        page: Page { limit: NEIGHBOURS + 1, start: Start::Offset(0) },
        today: Some(site.state.today()),
        ..Query::default()
    };
    let near = Where { near: Some(place.clone()), within: Some(within), online: OnlineToo::No };
    // A position outside the gazetteer has no neighbours that it could tell.
    let Ok(answer) = site.state.register.search(query, &near) else {
        return (Vec::new(), None);
    };
    let key = id.to_string();
    let mut hits = answer.results.hits;
    hits.retain(|hit| hit.key() != &*key && hit.distance.is_some());
    hits.truncate(NEIGHBOURS);
    let cards = card::cards(site, &hits, 1, Some(point));
    let more = Address::new("/search").with("near", &place).with("within", "5km");
    let more = (!cards.is_empty()).then(|| site.localised(more));
    (cards, more)
}

/// What belongs to the record: what its organisation has, or what is about
/// it, with the heading and the address of the whole list.
pub(super) fn related(
    site: Site<'_>,
    version: &Version,
) -> Result<(Vec<Card>, Phrase, Option<String>)> {
    let m = Messages::of(site.language);
    let record = &version.merged.record;
    let id = &record.id;
    let behind = ["provider", "by", "publisher", "heldBy"];
    let behind = behind.iter().find_map(|key| record.values(key).first()?.as_record());
    let (facet, parameter, value, title) = match (id.kind(), behind) {
        ("organisation", _) => (Facet::Organisation, "organisation", id.id(), m.records_about),
        ("source", _) => (Facet::Source, "source", id.id(), m.records_about),
        ("category", _) => {
            let scheme = record.values("inScheme").first().and_then(Value::as_record);
            let scheme = scheme.map_or("topic", RecordId::id);
            let facet = facet_of_scheme(scheme);
            (facet.1, facet.0, id.id(), m.records_about)
        }
        (_, Some(organisation)) => {
            (Facet::Organisation, "organisation", organisation.id(), m.same_organisation)
        }
        _ => return Ok((Vec::new(), m.records_about, None)),
    };
    let results = site.find(Query {
        kinds: KINDS.map(str::to_owned).into(),
        filters: vec![Filter { facet, any_of: vec![value.to_owned()] }],
        page: Page { limit: NEIGHBOURS + 1, start: Start::Offset(0) },
        ..Query::default()
    })?;
    let key = id.to_string();
    let mut hits = results.hits;
    let all = hits.len();
    hits.retain(|hit| hit.key() != &*key);
    // The record itself is none of the others.
    let others = results.total.saturating_sub((all - hits.len()) as u64);
    let is_more = others > NEIGHBOURS as u64;
    hits.truncate(NEIGHBOURS);
    let more = is_more.then(|| site.localised(Address::new("/search").with(parameter, value)));
    Ok((card::cards(site, &hits, 1, None), title, more))
}

/// The categories right below a category, or at the top of a scheme.
pub(super) fn narrower(site: Site<'_>, id: &RecordId) -> Result<Vec<Link>> {
    let narrower = match id.kind() {
        "category" => {
            let all = site.categories(None)?;
            let narrower =
                all.into_iter().filter(|other| other.broader.iter().any(|wider| wider == id.id()));
            narrower.collect::<Vec<_>>()
        }
        "scheme" => {
            let all = site.categories(Some(id.id()))?;
            all.into_iter().filter(|category| category.broader.is_empty()).collect()
        }
        _ => return Ok(Vec::new()),
    };
    let link = |category: Category| Link {
        href: site.href("category", &category.id),
        text: category.name,
    };
    Ok(narrower.into_iter().map(link).collect())
}

/// The parameter and facet by which the categories of a scheme are used.
pub(super) fn facet_of_scheme(scheme: &str) -> (&'static str, Facet) {
    let parameter = match scheme {
        "asset-type" => "type",
        "resource-type" => "resource_type",
        "audience" => "audience",
        "accessibility" => "accessibility",
        "sector" => "sector",
        "partnership-form" => "form",
        "partnership-stage" => "stage",
        _ => "topic",
    };
    USES.into_iter().find(|(known, _)| *known == parameter).unwrap_or(USES[0])
}
