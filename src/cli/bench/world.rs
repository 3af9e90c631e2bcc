//! A synthetic register of Scotland: the same on every machine.
//!
//! Record `n` depends on the seed and on `n` alone. Points are scattered
//! about the postcode sectors of the gazetteer, as many about each as it has
//! postcodes, which follow the population. One record in twenty-one is an
//! organisation; it provides the twenty assets after it, most of them near
//! its home.

use fastrand::Rng;
use jiff::civil::{Date, Time};

use super::activities::{
    ACTIVITIES, AUDIENCES, Activity, FEATURES, ORGANISATIONS, SECTORS, SENTENCES, STREETS,
};
use crate::gazetteer::Gazetteer;
use crate::model::Point;
use crate::record::{Fields, Node, Record, RecordId, Reference, Value};
use crate::register::Edit;

/// The source of all synthetic records.
const SOURCE: &str = "bench";
/// How many records there are for one organisation, itself included.
pub(super) const BLOCK: u64 = 21;
/// Metres of a degree of latitude.
const METRES_PER_DEGREE: f64 = 111_200.0;
/// The postcode sectors of Scotland: code, postcodes, middle, box, radius in
/// metres, councils.
const SECTORS_FILE: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/gazetteer/sectors.tsv"));

/// Where records may be, and the seed.
pub(super) struct World {
    seed: u64,
    sectors: Vec<Sector>,
    /// Postcodes in all sectors up to this one.
    weights: Vec<u64>,
}

/// Somewhere with an address.
pub(super) struct Spot<'a> {
    /// The name of a village or quarter.
    pub(super) place: &'a str,
    /// One that may or may not exist.
    pub(super) postcode: String,
    pub(super) point: Point,
}

struct Sector {
    code: &'static str,
    point: Point,
    radius: f64,
    council: &'static str,
    /// Names of villages and quarters of its district.
    places: Vec<String>,
}

impl World {
    pub(super) fn new(gazetteer: &Gazetteer, seed: u64) -> Self {
        let (mut sectors, mut weights, mut sum) = (Vec::new(), Vec::new(), 0);
        for line in SECTORS_FILE.lines().skip(1) {
            let columns: Vec<&'static str> = line.split('\t').collect();
            let number = |column: usize| columns[column].parse::<f64>().ok();
            let (Some(latitude), Some(longitude), Some(radius)) = (number(2), number(3), number(8))
            else {
                continue;
            };
            let Ok(point) = Point::new(latitude, longitude) else { continue };
            let code = columns[0];
            let district = code.split(' ').next().unwrap_or(code);
            let mut places: Vec<String> = gazetteer
                .places()
                .iter()
                .filter(|place| place.extent.is_none())
                .filter(|place| {
                    place.district.as_ref().is_some_and(|of| of.to_string() == district)
                })
                .map(|place| place.name.text.clone())
                .collect();
            if places.is_empty() {
                places.push(district.to_owned());
            }
            let council = columns[9].split('|').next().unwrap_or_default();
            sum += columns[1].parse::<u64>().unwrap_or(1);
            weights.push(sum);
            sectors.push(Sector { code, point, radius, council, places });
        }
        Self { seed, sectors, weights }
    }

    /// The edit that writes record `number`.
    pub(super) fn edit(&self, number: u64) -> Edit {
        let mut rng = self.rng(number);
        let is_organisation = number.is_multiple_of(BLOCK);
        let record = if is_organisation {
            self.organisation(number, &mut rng)
        } else {
            self.asset(number, &mut rng)
        };
        let id = record.id.clone();
        Edit {
            source: SOURCE.to_owned(),
            id,
            record: Some(record),
            original: None,
            expected: None,
            derivation: None,
        }
    }

    /// Somewhere people live.
    pub(super) fn somewhere(&self, rng: &mut Rng) -> Point {
        let sector = self.sector(rng);
        scatter(sector, rng)
    }

    /// A postcode that may or may not exist, in a sector that does.
    pub(super) fn postcode(&self, rng: &mut Rng) -> String {
        postcode(self.sector(rng), rng)
    }

    /// The code of a council.
    pub(super) fn council(&self, rng: &mut Rng) -> &'static str {
        self.sector(rng).council
    }

    /// Somewhere with an address.
    pub(super) fn spot(&self, rng: &mut Rng) -> Spot<'_> {
        let sector = self.sector(rng);
        let (place, postcode) = (place(sector, rng), postcode(sector, rng));
        Spot { place, postcode, point: scatter(sector, rng) }
    }

    /// The name of a place.
    pub(super) fn place(&self, rng: &mut Rng) -> &str {
        place(self.sector(rng), rng)
    }

    fn rng(&self, number: u64) -> Rng {
        Rng::with_seed(self.seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn sector(&self, rng: &mut Rng) -> &Sector {
        let last = self.weights.last().copied().unwrap_or(1);
        let drawn = rng.u64(0..last);
        &self.sectors[self.weights.partition_point(|&weight| weight <= drawn)]
    }

    /// The home of the organisation of a block; its first draw.
    fn home(&self, number: u64) -> &Sector {
        self.sector(&mut self.rng(number - number % BLOCK))
    }

    fn organisation(&self, number: u64, rng: &mut Rng) -> Record {
        let sector = self.sector(rng);
        let name = format!("{} {}", place(sector, rng), draw(rng, ORGANISATIONS));
        let summary =
            format!("{name} brings people of the area together and runs services for them.");
        let mut fields = Fields::new();
        put(&mut fields, "summary", english(&summary));
        put(&mut fields, "description", english(&description(&summary, rng)));
        put(&mut fields, "sector", category(draw(rng, SECTORS)));
        put(&mut fields, "areaServed", reference("place", sector.council));
        put(&mut fields, "url", Value::Iri(format!("https://o{number}.example.org/")));
        put(&mut fields, "email", text(&format!("hello@o{number}.example.org")));
        put(&mut fields, "telephone", text(&telephone(rng)));
        put(&mut fields, "locations", location(sector, rng));
        put(&mut fields, "name", english(&name));
        Record { id: organisation_id(number), fields }
    }

    fn asset(&self, number: u64, rng: &mut Rng) -> Record {
        let sector = if rng.u8(..) < 150 { self.home(number) } else { self.sector(rng) };
        let activity = &ACTIVITIES[rng.usize(..ACTIVITIES.len())];
        let name = format!("{} {}", place(sector, rng), activity.name);
        let summary = format!("{name}: {}.", activity.words);
        let mut fields = Fields::new();
        put(&mut fields, "description", english(&description(&summary, rng)));
        put(&mut fields, "summary", english(&summary));
        put(&mut fields, "name", english(&name));
        put(&mut fields, "assetType", category(activity.asset_type));
        put(&mut fields, "status", text("active"));
        let provider = organisation_id(number - number % BLOCK);
        put(&mut fields, "provider", Value::Reference(Reference::Record(provider)));
        fields.insert("topics".to_owned(), topics(activity));
        let is_online = rng.u8(..) < 25;
        let is_placeless = rng.u8(..) < 20;
        if !is_placeless {
            let mut locations = vec![location(sector, rng)];
            if rng.u8(..) < 20 {
                locations.push(location(sector, rng));
            }
            fields.insert("locations".to_owned(), locations);
        }
        if is_placeless || rng.u8(..) < 64 {
            put(&mut fields, "areaServed", reference("place", sector.council));
        }
        put(&mut fields, "online", Value::Boolean(is_online));
        put(&mut fields, "accessMode", text(if is_online { "hybrid" } else { "in-person" }));
        if rng.u8(..) < 150 {
            put(&mut fields, "schedule", schedule(rng));
        }
        if rng.u8(..) < 100 {
            put(&mut fields, "audience", category(draw(rng, AUDIENCES)));
        }
        if rng.u8(..) < 60 {
            put(&mut fields, "minimumAge", Value::Integer(rng.i64(3..60)));
        }
        put(&mut fields, "cost", cost(rng));
        put(&mut fields, "languages", text(if rng.u8(..) < 8 { "gd" } else { "en" }));
        put(&mut fields, "url", Value::Iri(format!("https://a{number}.example.org/")));
        put(&mut fields, "telephone", text(&telephone(rng)));
        put(&mut fields, "lastReviewed", Value::Date(day(rng)));
        Record { id: RecordId::from_key("asset", SOURCE, &number.to_string()), fields }
    }
}

fn organisation_id(number: u64) -> RecordId {
    RecordId::from_key("organisation", SOURCE, &number.to_string())
}

fn put(fields: &mut Fields, key: &str, value: Value) {
    fields.insert(key.to_owned(), vec![value]);
}

fn draw<'a>(rng: &mut Rng, from: &[&'a str]) -> &'a str {
    from[rng.usize(..from.len())]
}

fn place<'a>(sector: &'a Sector, rng: &mut Rng) -> &'a str {
    &sector.places[rng.usize(..sector.places.len())]
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn english(text: &str) -> Value {
    Value::LanguageText { language: "en".to_owned(), text: text.to_owned() }
}

fn reference(kind: &str, id: &str) -> Value {
    let id = RecordId::new(kind, id).expect("slugs and codes of the project are identifiers");
    Value::Reference(Reference::Record(id))
}

fn category(slug: &str) -> Value {
    reference("category", slug)
}

fn topics(activity: &Activity) -> Vec<Value> {
    let mut slugs = activity.topics.to_vec();
    slugs.sort_unstable();
    slugs.into_iter().map(category).collect()
}

fn description(summary: &str, rng: &mut Rng) -> String {
    let mut description = summary.to_owned();
    for _ in 0..rng.usize(2..5) {
        description.push(' ');
        description.push_str(draw(rng, SENTENCES));
    }
    description
}

fn telephone(rng: &mut Rng) -> String {
    // Numbers that are kept for plays and films (Ofcom).
    format!("0131 496 0{:03}", rng.u16(..1_000))
}

fn postcode(sector: &Sector, rng: &mut Rng) -> String {
    const LETTERS: &[u8] = b"ABDEFGHJLNPQRSTUWXYZ";
    let mut letter = || char::from(LETTERS[rng.usize(..LETTERS.len())]);
    format!("{}{}{}", sector.code, letter(), letter())
}

/// A point about the middle of a sector, two thirds within its radius.
fn scatter(sector: &Sector, rng: &mut Rng) -> Point {
    // The sum of three even draws is nearly normal.
    let mut draw = || (rng.f64() + rng.f64() + rng.f64() - 1.5) * sector.radius;
    let (north, east) = (draw() / METRES_PER_DEGREE, draw() / METRES_PER_DEGREE);
    let latitude = sector.point.latitude() + north;
    let longitude = sector.point.longitude() + east / latitude.to_radians().cos();
    let round = |degrees: f64| (degrees * 100_000.0).round() / 100_000.0;
    Point::new(round(latitude), round(longitude)).unwrap_or(sector.point)
}

fn location(sector: &Sector, rng: &mut Rng) -> Value {
    let point = scatter(sector, rng);
    let mut fields = Fields::new();
    let street = format!("{} {}", rng.u8(1..200), draw(rng, STREETS));
    put(&mut fields, "streetAddress", text(&street));
    put(&mut fields, "locality", text(place(sector, rng)));
    put(&mut fields, "postcode", text(&postcode(sector, rng)));
    put(&mut fields, "country", text("GB"));
    put(&mut fields, "latitude", Value::Double(point.latitude()));
    put(&mut fields, "longitude", Value::Double(point.longitude()));
    if rng.u8(..) < 100 {
        put(&mut fields, "accessibility", category(draw(rng, FEATURES)));
    }
    Value::Node(Node { fields })
}

fn schedule(rng: &mut Rng) -> Value {
    const DAYS: &[&str] = &["FR", "MO", "SA", "SU", "TH", "TU", "WE"];
    let hour = rng.i8(9..19);
    let mut fields = Fields::new();
    put(&mut fields, "byDay", text(draw(rng, DAYS)));
    put(&mut fields, "startTime", Value::Time(Time::constant(hour, 30, 0, 0)));
    put(&mut fields, "endTime", Value::Time(Time::constant(hour + rng.i8(1..4), 0, 0, 0)));
    put(&mut fields, "repeatFrequency", text("P1W"));
    Value::Node(Node { fields })
}

fn cost(rng: &mut Rng) -> Value {
    let mut fields = Fields::new();
    let is_free = rng.u8(..) < 170;
    put(&mut fields, "free", Value::Boolean(is_free));
    if !is_free {
        put(&mut fields, "amount", Value::Decimal(rng.u8(1..20).to_string()));
        put(&mut fields, "currency", text("GBP"));
    }
    Value::Node(Node { fields })
}

fn day(rng: &mut Rng) -> Date {
    Date::constant(rng.i16(2023..2027), rng.i8(1..11), rng.i8(1..29))
}

#[cfg(test)]
#[path = "world_tests.rs"]
mod tests;
