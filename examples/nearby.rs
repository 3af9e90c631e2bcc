//! What is near a postcode, page by page: a small client of the JSON API.
//!
//! ```sh
//! cargo run --example nearby -- https://register.example "EH6 8RG"
//! ```

use std::error::Error;
use std::io::Write;

use serde::Deserialize;
use url::Url;

/// A page of what was found. What is not named here is passed over.
#[derive(Debug, Deserialize)]
struct Page {
    total: u64,
    items: Vec<Item>,
    /// The address of the next page; absent on the last.
    next: Option<Url>,
    attribution: String,
}

#[derive(Debug, Deserialize)]
struct Item {
    name: Text,
    /// In metres, as the crow flies.
    distance: Option<u64>,
}

/// English texts stand alone, others by language.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Text {
    English(String),
    Languages(serde_json::Map<String, serde_json::Value>),
}

impl Text {
    fn any(&self) -> &str {
        match self {
            Self::English(text) => text,
            Self::Languages(texts) => {
                texts.values().next().and_then(|text| text.as_str()).unwrap_or_default()
            }
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(register), Some(postcode)) = (arguments.next(), arguments.next()) else {
        return Err("say the address of a register and a postcode".into());
    };
    show(&register, &postcode, &mut std::io::stdout()).await
}

/// Writes what is within two kilometres of a postcode, the nearest first, a
/// hundred at most.
///
/// # Errors
///
/// When the register can't be asked, or doesn't know the postcode.
pub(crate) async fn show(
    register: &str,
    postcode: &str,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    // TLS needs a provider of cryptography; any of rustls will do. It may be set already.
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = reqwest::Client::builder().user_agent("nearby-example/1.0").build()?;
    let register = Url::parse(register)?;
    let mut first = register.join("/api/v1/assets")?;
    first.query_pairs_mut().append_pair("near", postcode).append_pair("within", "2km");
    let (mut next, mut shown) = (Some(first), 0);
    while let Some(url) = next {
        // Pages are told by the register's public address; ask the one that was named.
        let target = format!("{}?{}", url.path(), url.query().unwrap_or_default());
        let reply = client.get(register.join(&target)?).send().await?.error_for_status()?;
        let page: Page = serde_json::from_slice(&reply.bytes().await?)?;
        if shown == 0 {
            writeln!(out, "{} assets within 2 km of {postcode}", page.total)?;
            writeln!(out, "{}", page.attribution)?;
        }
        for item in &page.items {
            let distance = item.distance.map_or_else(String::new, |metres| format!("{metres} m"));
            writeln!(out, "{distance:>8}  {}", item.name.any())?;
        }
        shown += page.items.len();
        next = page.next.filter(|_| shown < 100);
    }
    Ok(())
}
