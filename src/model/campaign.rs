//! Parameters that others hang on an address to count who followed it.
//!
//! Newsletters, networks and advertisers add them to every link that they pass
//! on; none says anything of what is at the address. With and without them it
//! is the same page.

/// How the names of such parameters begin: Urchin and Google Analytics, Matomo
/// (now and before), `HubSpot`.
const BEGINNINGS: &[&str] = &["utm_", "mtm_", "pk_", "hsa_"];

/// The names of others.
const NAMES: &[&str] = &[
    // Google, and its own between sites.
    "gclid",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "srsltid",
    "_ga",
    "_gl",
    // Facebook and Instagram, Microsoft, X, LinkedIn, TikTok, Yandex.
    "fbclid",
    "igsh",
    "igshid",
    "msclkid",
    "twclid",
    "li_fat_id",
    "ttclid",
    "yclid",
    // Mailchimp, HubSpot, Marketo.
    "mc_cid",
    "mc_eid",
    "_hsenc",
    "_hsmi",
    "__hssc",
    "__hstc",
    "__hsfp",
    "hsCtaTracking",
    "mkt_tok",
];

/// Whether `name` is such a parameter. None of them is written in
/// percent-encoding by those who add it.
#[must_use]
pub fn is_campaign(name: &str) -> bool {
    NAMES.contains(&name) || BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
}

/// The query of an address without such parameters, the rest as it was
/// written; `None` when there are none.
#[must_use]
pub fn without_campaign(query: &str) -> Option<String> {
    let is_kept = |pair: &&str| !is_campaign(pair.split('=').next().unwrap_or_default());
    let kept: Vec<&str> = query.split('&').filter(is_kept).collect();
    (kept.len() < query.split('&').count()).then(|| kept.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_campaigns_add_is_taken_off_and_the_rest_stays_as_it_was() {
        for (query, expected) in [
            ("fbclid=IwAR0", Some("")),
            ("near=EH6+8RG&utm_source=a&utm_medium=b&q=%20&&", Some("near=EH6+8RG&q=%20&&")),
            ("mc_cid=1&topic=walking&_hsenc&page=2", Some("topic=walking&page=2")),
            ("near=EH6&q=utm_source", None),
            ("topics=walking", None),
            ("", None),
        ] {
            assert_eq!(without_campaign(query).as_deref(), expected, "{query}");
        }
    }
}
