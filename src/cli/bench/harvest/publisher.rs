//! A publisher on this machine whose documents are made as they are asked for.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Services on each page of the listing.
pub(super) const PER_PAGE: u64 = 10;
/// Items on each page of the feed of changes.
pub(super) const PER_CHUNK: u64 = 500;
/// Pages of each site.
pub(super) const PER_SITE: u64 = 100;

/// What is published.
#[derive(Debug)]
pub(super) struct Publisher {
    /// Pages of the listing of services.
    pub(super) pages: u64,
    /// Items of the feed of changes, each tenth of them deleted.
    pub(super) items: u64,
    /// One in so many services says something new; zero is none.
    pub(super) changed: AtomicU64,
    /// Requests that were answered, robots.txt not counted.
    pub(super) requests: AtomicU64,
}

impl Publisher {
    /// Serves until the runtime ends; gives the address.
    pub(super) async fn start(self: &Arc<Self>) -> io::Result<SocketAddr> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let publisher = Arc::clone(self);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                drop(stream.set_nodelay(true));
                let publisher = Arc::clone(&publisher);
                tokio::spawn(async move { publisher.converse(stream).await });
            }
        });
        Ok(address)
    }

    async fn converse(&self, mut stream: TcpStream) -> io::Result<()> {
        let mut received = Vec::new();
        loop {
            let end = loop {
                if let Some(end) = received.windows(4).position(|four| four == b"\r\n\r\n") {
                    break end + 4;
                }
                if stream.read_buf(&mut received).await? == 0 {
                    return Ok(());
                }
            };
            let head = String::from_utf8_lossy(&received[..end]).into_owned();
            received.drain(..end);
            let path = head.split(' ').nth(1).unwrap_or("/");
            let (status, media_type, body) = self.answer(path, &head);
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\n\r\n",
                body.len()
            );
            let mut bytes = head.into_bytes();
            bytes.extend_from_slice(body.as_bytes());
            stream.write_all(&bytes).await?;
        }
    }

    fn answer(&self, path: &str, head: &str) -> (&'static str, &'static str, String) {
        const OK: &str = "200 OK";
        const JSON: &str = "application/json";
        if path == "/robots.txt" {
            return ("404 Not Found", "text/plain", String::new());
        }
        self.requests.fetch_add(1, Ordering::Relaxed);
        let number = |name: &str| -> u64 {
            let value = path.split(['?', '&']).find_map(|pair| pair.strip_prefix(name));
            value.and_then(|text| text.parse().ok()).unwrap_or_default()
        };
        if path.starts_with("/services") {
            return (OK, JSON, self.services(number("page=").max(1)));
        }
        if path.starts_with("/rpde") {
            return (OK, JSON, self.changes(number("after=")));
        }
        let host = head.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
        if path == "/sitemap.xml" {
            return (OK, "application/xml", sitemap(host));
        }
        (OK, "text/html", page(host, path))
    }

    fn services(&self, page: u64) -> String {
        let changed = self.changed.load(Ordering::Relaxed);
        let first = (page - 1) * PER_PAGE;
        let services: Vec<_> = (first..first + PER_PAGE)
            .map(|number| {
                let is_new = changed > 0 && number.is_multiple_of(changed);
                service(number, if is_new { "Now with tea." } else { "All welcome." })
            })
            .collect();
        json!({
            "total_items": self.pages * PER_PAGE, "total_pages": self.pages, "page_number": page,
            "size": PER_PAGE, "first_page": page == 1, "last_page": page == self.pages,
            "empty": false, "contents": services,
        })
        .to_string()
    }

    fn changes(&self, after: u64) -> String {
        let end = (after + PER_CHUNK).min(self.items);
        let items: Vec<_> = (after..end).map(item).collect();
        json!({ "items": items, "next": format!("/rpde?after={end}"),
            "license": "https://creativecommons.org/licenses/by/4.0/" })
        .to_string()
    }
}

fn service(number: u64, note: &str) -> serde_json::Value {
    json!({
        "id": format!("service-{number}"),
        "name": format!("Walking group {number}"),
        "description": format!("A friendly group that walks together every week. {note}"),
        "status": "active",
        "email": format!("walk{number}@partner.example"),
        "url": format!("https://partner.example/services/{number}"),
        "organization": { "id": format!("o{}", number / 20), "name": format!("Club {}", number / 20) },
        "service_at_locations": [{ "id": format!("l{number}"), "location": {
            "id": format!("l{number}"), "location_type": "physical", "name": "Community hall",
            "latitude": 55.0 + f64::from(u32::try_from(number % 3_000).unwrap_or(0)) / 1_000.0,
            "longitude": -4.5 + f64::from(u32::try_from(number % 1_700).unwrap_or(0)) / 1_000.0,
            "addresses": [{ "address_1": "1 High Street", "city": "Leith",
                "state_province": "Edinburgh", "postal_code": "EH6 8RG", "country": "GB",
                "address_type": "physical" }] } }],
        "schedules": [{ "id": format!("t{number}"), "freq": "WEEKLY", "byday": "TU",
            "opens_at": "10:00", "closes_at": "12:00" }],
    })
}

fn item(number: u64) -> serde_json::Value {
    let id = format!("session-{number}");
    if number % 10 == 9 {
        return json!({ "id": id, "modified": number + 1, "kind": "SessionSeries",
            "state": "deleted" });
    }
    json!({ "id": id, "modified": number + 1, "kind": "SessionSeries", "state": "updated",
        "data": { "@context": "https://openactive.io/", "@type": "SessionSeries",
            "@id": format!("https://partner.example/sessions/{number}"),
            "name": format!("Tai chi {number}"), "description": "Slow movement for all.",
            "location": { "@type": "Place", "name": "Leisure centre",
                "address": { "@type": "PostalAddress", "postalCode": "EH6 8RG" },
                "geo": { "@type": "GeoCoordinates", "latitude": 55.97, "longitude": -3.17 } } } })
}

fn sitemap(host: &str) -> String {
    let urls: Vec<String> = (0..PER_SITE)
        .map(|number| format!("<url><loc>http://{host}/page/{number}</loc></url>"))
        .collect();
    let urls = urls.concat();
    format!("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{urls}</urlset>")
}

fn page(host: &str, path: &str) -> String {
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
