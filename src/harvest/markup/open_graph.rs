//! What the head of a page says of the page: Open Graph
//! (<https://ogp.me/>), description, canonical address, other languages.

use url::Url;

use super::Page;

/// How many other languages of a page are kept.
const MOST_LANGUAGES: usize = 100;

/// What the head of a page says of the page.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::harvest) struct About {
    /// The page's own address, complete: `rel=canonical`, then `og:url`.
    pub(in crate::harvest) canonical: Option<Url>,
    /// `og:title`, or the title.
    pub(in crate::harvest) title: Option<String>,
    /// `og:description`, or the description.
    pub(in crate::harvest) description: Option<String>,
    /// `og:type`, such as `article`.
    pub(in crate::harvest) kind: Option<String>,
    /// `og:site_name`.
    pub(in crate::harvest) site: Option<String>,
    /// The first picture, and what it shows.
    pub(in crate::harvest) image: Option<(Url, Option<String>)>,
    /// The language, as a BCP 47 tag.
    pub(in crate::harvest) language: Option<String>,
    /// When it was first published, and last changed, as written.
    pub(in crate::harvest) published: Option<String>,
    /// When it was last changed, as written.
    pub(in crate::harvest) modified: Option<String>,
    /// Address of its licence.
    pub(in crate::harvest) licence: Option<Url>,
    /// The same page in other languages: tag and address.
    pub(in crate::harvest) languages: Vec<(String, Url)>,
    /// The head says more than a title: Open Graph or a description.
    pub(in crate::harvest) is_described: bool,
}

/// What the head of `page` says.
pub(in crate::harvest) fn about(page: &Page) -> About {
    let Page { outline, base, .. } = page;
    let first =
        |names: &[&str]| names.iter().find_map(|name| outline.meta(name)).map(ToOwned::to_owned);
    let address = |written: Option<&str>| {
        let url = base.join(written?.trim()).ok()?;
        matches!(url.scheme(), "http" | "https").then_some(url)
    };
    let canonical = address(outline.link("canonical")).or_else(|| address(outline.meta("og:url")));
    let image = address(first(&["og:image:secure_url", "og:image", "og:image:url"]).as_deref());
    let language = first(&["og:locale"]).map(|locale| locale.replace('_', "-"));
    let alternates = outline
        .links
        .iter()
        .filter(|link| !link.is_in_text && link.is("alternate") && !link.language.is_empty());
    About {
        canonical,
        title: first(&["og:title"])
            .or_else(|| Some(outline.title.clone()).filter(|title| !title.is_empty())),
        description: first(&["og:description", "description", "twitter:description"]),
        kind: first(&["og:type"]).map(|kind| kind.to_lowercase()),
        site: first(&["og:site_name"]),
        image: image.map(|image| (image, first(&["og:image:alt"]))),
        language: outline.language.clone().filter(|tag| !tag.trim().is_empty()).or(language),
        published: first(&["article:published_time", "og:article:published_time"]),
        modified: first(&["article:modified_time", "og:updated_time"]),
        licence: address(outline.link("license")),
        languages: alternates
            .filter_map(|link| Some((link.language.clone(), address(Some(&link.href))?)))
            .take(MOST_LANGUAGES)
            .collect(),
        is_described: outline.metas.iter().any(|meta| {
            let is_one = meta.name.starts_with("og:") || meta.name == "description";
            is_one && !meta.content.trim().is_empty()
        }),
    }
}
