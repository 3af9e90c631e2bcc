//! What the publisher publishes, made as it is asked for: the same each time,
//! and as varied as the synthetic register.

use std::sync::atomic::{AtomicU64, Ordering};

use fastrand::Rng;
use serde_json::{Value, json};

use super::super::activities::ACTIVITIES;
use super::super::world::World;

/// Services on each page of the listing.
pub(super) const PER_PAGE: u64 = 10;
/// Items on each page of the feed of changes.
const PER_CHUNK: u64 = 500;
/// Pages of each site.
pub(super) const PER_SITE: u64 = 100;

/// A listing of services, and a feed of changes.
pub(super) struct Documents {
    /// Where services and sessions are.
    pub(super) world: World,
    /// Pages of the listing of services.
    pub(super) pages: u64,
    /// Items of the feed of changes, each tenth of them deleted.
    pub(super) items: u64,
    /// One in so many services says something new; zero is none.
    pub(super) changed: AtomicU64,
}

impl Documents {
    /// A page of an Open Referral listing; the first is 1.
    pub(super) fn services(&self, page: u64) -> String {
        let changed = self.changed.load(Ordering::Relaxed);
        let first = (page - 1) * PER_PAGE;
        let services: Vec<_> = (first..first + PER_PAGE)
            .map(|number| {
                let is_new = changed > 0 && number.is_multiple_of(changed);
                self.service(number, if is_new { "Now with tea." } else { "All welcome." })
            })
            .collect();
        json!({
            "total_items": self.pages * PER_PAGE, "total_pages": self.pages, "page_number": page,
            "size": PER_PAGE, "first_page": page == 1, "last_page": page == self.pages,
            "empty": false, "contents": services,
        })
        .to_string()
    }

    /// What has changed after a number, as RPDE.
    pub(super) fn changes(&self, after: u64) -> String {
        let end = (after + PER_CHUNK).min(self.items);
        let items: Vec<_> = (after..end).map(|number| self.item(number)).collect();
        json!({ "items": items, "next": format!("/rpde?after={end}"),
            "license": "https://creativecommons.org/licenses/by/4.0/" })
        .to_string()
    }

    fn service(&self, number: u64, note: &str) -> Value {
        let mut rng = Rng::with_seed(number);
        let activity = &ACTIVITIES[rng.usize(..ACTIVITIES.len())];
        let spot = self.world.spot(&mut rng);
        json!({
            "id": format!("service-{number}"),
            "name": format!("{} {}", spot.place, activity.name),
            "description": format!("{}. {note}", activity.words),
            "status": "active",
            "email": format!("group{number}@partner.example"),
            "url": format!("https://partner.example/services/{number}"),
            "organization": { "id": format!("o{}", number / 20), "name": format!("Club {}", number / 20) },
            "service_at_locations": [{ "id": format!("l{number}"), "location": {
                "id": format!("l{number}"), "location_type": "physical", "name": "Community hall",
                "latitude": spot.point.latitude(), "longitude": spot.point.longitude(),
                "addresses": [{ "address_1": "1 High Street", "city": spot.place,
                    "state_province": "Scotland", "postal_code": spot.postcode, "country": "GB",
                    "address_type": "physical" }] } }],
            "schedules": [{ "id": format!("t{number}"), "freq": "WEEKLY", "byday": "TU",
                "opens_at": "10:00", "closes_at": "12:00" }],
        })
    }

    fn item(&self, number: u64) -> Value {
        let id = format!("session-{number}");
        if number % 10 == 9 {
            return json!({ "id": id, "modified": number + 1, "kind": "SessionSeries",
                "state": "deleted" });
        }
        // Not those of the services.
        let mut rng = Rng::with_seed(u64::MAX - number);
        let activity = &ACTIVITIES[rng.usize(..ACTIVITIES.len())];
        let spot = self.world.spot(&mut rng);
        json!({ "id": id, "modified": number + 1, "kind": "SessionSeries", "state": "updated",
            "data": { "@context": "https://openactive.io/", "@type": "SessionSeries",
                "@id": format!("https://partner.example/sessions/{number}"),
                "name": format!("{} {}", spot.place, activity.name), "description": activity.words,
                "location": { "@type": "Place", "name": "Leisure centre",
                    "address": { "@type": "PostalAddress", "postalCode": spot.postcode },
                    "geo": { "@type": "GeoCoordinates", "latitude": spot.point.latitude(),
                        "longitude": spot.point.longitude() } } } })
    }
}

/// The map of a site.
pub(super) fn sitemap(host: &str) -> String {
    let urls: Vec<String> = (0..PER_SITE)
        .map(|number| format!("<url><loc>http://{host}/page/{number}</loc></url>"))
        .collect();
    let urls = urls.concat();
    format!("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{urls}</urlset>")
}

/// A page of a site, about one event.
pub(super) fn page(host: &str, path: &str) -> String {
    let filler =
        "<p>The hall is open to everybody who likes company and a cup of tea.</p>".repeat(200);
    let event = json!({
        "@context": "https://schema.org", "@type": "Event", "@id": format!("http://{host}{path}#it"),
        "name": format!("Ceilidh of {host}{path}"), "startDate": "2027-01-05T19:30:00+00:00",
        "location": { "@type": "Place", "name": "Village hall",
            "address": { "@type": "PostalAddress", "postalCode": "IV51 9EU" } },
    });
    format!(
        "<!doctype html><html lang=en><head><title>Ceilidh</title>\
         <script type=\"application/ld+json\">{event}</script></head><body>{filler}</body></html>"
    )
}
