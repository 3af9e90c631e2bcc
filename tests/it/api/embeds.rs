//! Frames and oEmbed: what other sites show of the register.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use insta::assert_snapshot;
use kist::web::tiles::Tiles;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::server::{BASE, TestServer};

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                      frame-ancestors *";

/// The path of a page as the value of a parameter.
fn encoded(address: &str) -> String {
    url::form_urlencoded::byte_serialize(address.as_bytes()).collect()
}

/// The address of a list with so many entries, without what is of frames.
fn limited(path: &str, most: usize) -> String {
    let path = path.replace("&limit=50", "").replace("&compact=true", "");
    let begin = if path.contains('?') { '&' } else { '?' };
    format!("{path}{begin}limit={most}")
}

/// The licences that a frame or fragment names.
fn credits(html: &str) -> Vec<&str> {
    let links = html.split("<a rel=\"license\" href=\"").skip(1);
    links.map(|link| link.split('"').next().unwrap()).collect()
}

#[tokio::test]
async fn a_frame_has_few_cards_numbers_as_text_and_a_way_to_all() {
    let server = TestServer::seeded();
    for path in [
        "/embed/v1/near/EH6%208RG?radius=5km",
        "/embed/v1/lists/all?near=EH6+8RG&limit=50",
        "/embed/v1/lists/beginning-a-partnership",
        "/embed/v1/lists/libraries-of-leith?lang=gd&heading-level=3&compact=true",
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {answer}");
        let html = answer.text();
        assert_eq!(answer.header("content-security-policy"), POLICY, "{path}");
        assert_eq!(answer.header("x-frame-options"), "", "{path}");
        assert!(answer.header("cache-control").starts_with("public, max-age=300"), "{path}");
        let entries = html.matches("<li class=\"").count();
        let most = if path.contains("compact") { 12 } else { 5 };
        assert!((1..=most).contains(&entries), "{path}: {entries}");
        assert!(html.contains("<base target=\"_top\">"), "{path}");
        assert!(!html.contains("href=\"tel:"), "{path}");
        for inline in ["<style", " style=\"", " onclick", "<form"] {
            assert!(!html.contains(inline), "{path}: {inline}");
        }
        let fragment = path.replace("/embed/v1", "").replacen('?', ".fragment.html?", 1);
        let fragment = if path.contains('?') { fragment } else { fragment + ".fragment.html" };
        let most = if path.contains("compact") { 12 } else { 5 };
        let fragment = server.get(&limited(&fragment, most)).await;
        assert_eq!(credits(html), credits(fragment.text()), "{path}");
        let last = html.rfind("<a class=\"whole\"").unwrap();
        assert!(last > html.rfind("</li>").unwrap(), "{path}");
        let again = server.get_with(path, "if-none-match", &answer.header("etag")).await;
        assert_eq!(again.status, 304, "{path}");
        assert_eq!(again.header("content-security-policy"), POLICY, "{path}");
    }
}

#[tokio::test]
async fn a_frame_looks_as_it_should() {
    let server = TestServer::seeded();
    let paths = [
        "/embed/v1/lists/beginning-a-partnership?limit=2&accent=1a4fb5",
        "/embed/v1/lists/libraries-of-leith?lang=gd&limit=1",
        "/embed/v1/lists/libraries-of-leith?lang=sco&limit=2&compact=true",
        "/embed/v1/colours.css?accent=%231A4FB5&on-accent=ffffff",
        "/embed/v1/colours.css?accent=red",
        "/embed/v1/lists/nowhere",
    ];
    assert_snapshot!(server.all(&paths).await);
    let style = server.get("/embed/v1/frame.css").await;
    assert_eq!(
        (style.status.as_u16(), style.header("content-type").as_str()),
        (200, "text/css; charset=utf-8")
    );
    assert!(style.body.len() < 4_000);
    let empty = server.get("/embed/v1/lists/libraries-of-leith?lang=&topic=&limit=1").await;
    let empty = String::from_utf8_lossy(&empty.body);
    assert!(empty.contains("/lists/libraries-of-leith\""), "{empty}");
    // As its siblings, it is kept and asked for again by its tag.
    let fresh = "public, max-age=3600, stale-while-revalidate=86400";
    assert_eq!(style.header("cache-control"), fresh);
    let tag = style.header("etag");
    let again = server.get_with("/embed/v1/frame.css", "if-none-match", &tag).await;
    assert_eq!(again.status, 304);
}

/// The policy of a frame with a movable map, whose tiles come from `tiles`.
fn policy_with_map(tiles: &str) -> String {
    format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'{tiles}; \
         connect-src 'self'; frame-ancestors *"
    )
}

#[tokio::test]
async fn a_frame_with_a_map_has_its_list_and_its_script_and_no_other_host() {
    let server = TestServer::seeded();
    let path =
        "/embed/v1/near/EH6%208RG?radius=5km&topic=reading&view=map&compact=true&accent=1a4fb5";
    let answer = server.get(path).await;
    assert_eq!(answer.header("content-security-policy"), policy_with_map(""));
    let html = answer.text();
    assert!(html.contains("<script type=\"module\" src=\"/embed/v1/frame-map.js\">"), "{html}");
    let list = html.split("data-list=\"").nth(1).unwrap().split('"').next().unwrap();
    let list = list.replace("&amp;", "&").replace("&#38;", "&");
    let features = server.json(&list).await;
    let shown = html.matches("<li class=\"").count();
    assert_eq!(features["features"].as_array().unwrap().len(), shown, "{list}");
    assert_eq!(server.json("/embed/tiles.json").await, json!({ "tiles": null }));
    for without in ["/embed/v1/near/EH6%208RG", "/embed/v1/lists/all?kind=needs&view=map"] {
        let answer = server.get(without).await;
        assert!(!answer.text().contains("frame-map.js"), "{without}");
    }
}

#[tokio::test]
async fn the_host_of_tiles_is_named_by_what_shows_the_map_and_by_nothing_else() {
    let origin = "https://tiles.example:8443";
    let address = format!("{origin}/{{z}}/{{x}}/{{y}}.png");
    let server = TestServer::seeded_with_tiles(Tiles::new(&address, "© the people").unwrap());
    let told = server.json("/embed/tiles.json").await;
    let tiles = json!({ "address": address, "attribution": "© the people" });
    assert_eq!(told, json!({ "tiles": tiles }));
    let policy = async |path: &str| {
        server.get_with(path, "accept", "text/html").await.header("content-security-policy")
    };
    let of_map = policy("/embed/v1/near/EH6?view=map").await;
    assert_eq!(of_map, policy_with_map(&format!(" data: {origin}")));
    assert_eq!(policy("/embed/v1/near/EH6").await, POLICY);
    let of_generator = policy("/embed").await;
    assert!(of_generator.contains(&format!("img-src 'self' data: {origin};")), "{of_generator}");
    assert_eq!(of_generator.matches("://").count(), 1, "{of_generator}");
    for path in ["/", "/search?near=EH6", "/lists/all", "/near/EH6?view=map", "/embed/privacy"] {
        let policy = policy(path).await;
        assert!(!policy.contains("tiles.example"), "{path}: {policy}");
    }
    let generator = server.get("/embed").await;
    assert!(generator.text().contains(&format!("img-src {BASE} {origin} data:")), "{generator}");
    let privacy = server.get("/embed/privacy").await;
    assert_eq!(privacy.text().matches("tiles.example:8443").count(), 2, "{privacy}");
    let without = TestServer::seeded();
    assert!(!without.get("/embed/privacy").await.text().contains("The pictures of its ground"));
}

#[tokio::test]
async fn all_other_pages_refuse_to_be_framed() {
    let server = TestServer::seeded();
    for path in [
        "/",
        "/search",
        "/lists/all",
        "/near/EH6",
        "/assets",
        "/about",
        "/nowhere",
        "/lists/all.fragment.html",
    ] {
        let answer = server.get_with(path, "accept", "text/html").await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
    }
}

#[tokio::test]
async fn a_frame_that_can_not_show_its_list_says_so_and_may_be_framed_all_the_same() {
    let server = TestServer::seeded();
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for (path, status, said) in [
        ("/embed/v1/lists/nowhere", 404, "This is not in the register."),
        ("/embed/v1/lists/nowhere?lang=gd", 404, "Chan eil seo anns a’ chlàr."),
        ("/embed/v1/records/assets/nowhere", 404, "This is not in the register."),
        ("/embed/v1/nowhere", 404, "This is not in the register."),
        (
            "/embed/v1/lists/all?topic=nonsense",
            400,
            "“nonsense” is no category of the scheme “topic”.",
        ),
        (
            "/embed/v1/lists/all?topics=%3Cb%3E",
            400,
            "“topics” is unknown here; did you mean “topic”?<",
        ),
        ("/embed/v1/near/ZZ99%209ZZ", 400, "has a mistake"),
        (
            "/embed/v1/near/Newtown?limit=2&lang=gd",
            400,
            "<li><a href=\"/embed/v1/near/Newtown,%20Falkirk?limit=2&#38;lang=gd\" target=\"_self\">",
        ),
        (
            "/embed/v1/lists/all?near=Newtown",
            400,
            "<h1 class=\"heading\">Which place do you mean?</h1>",
        ),
    ] {
        let answer = server.get_with(path, "accept", browser).await;
        assert_eq!(answer.status, status, "{path}: {answer}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert_eq!(answer.header("content-security-policy"), POLICY, "{path}");
        assert_eq!(answer.header("x-frame-options"), "", "{path}");
        let html = answer.text();
        assert!(html.contains(said), "{path}: {html}");
        assert!(html.contains("<base target=\"_top\">"), "{path}");
        assert!(html.contains("/embed/v1/frame.js"), "{path}: it tells its height");
        assert!(html.contains("href=\"https://kist.example/\""), "{path}");
        assert!(!html.contains("<nav") && !html.contains("<footer"), "{path}: {html}");
        assert_eq!(html.matches("<h1").count(), 1, "{path}: {html}");
    }
    let program = server.get_with("/embed/v1/lists/nowhere", "accept", "application/json").await;
    assert_eq!(program.json()["status"], 404);
}

#[tokio::test]
async fn oembed_quotes_and_frames_each_list_record_and_search() {
    let server = TestServer::seeded();
    let organisation = server.json("/api/v1/organisations.json?limit=1").await;
    let organisation = organisation["items"][0]["id"].as_str().unwrap();
    let organisation = organisation.rsplit_once('/').unwrap().1;
    for (page, frame) in [
        ("/lists/libraries-of-leith", "/embed/v1/lists/"),
        ("/lists/all?near=EH6+8RG&radius=2km", "/embed/v1/lists/all?near="),
        ("/near/EH6%208RG?lang=gd", "/embed/v1/near/EH6%208RG?lang=gd"),
        ("/near/EH6%208RG.html", "/embed/v1/near/EH6%208RG?"),
        (
            "/search?near=EH6+8RG&within=2km&page=2",
            "/embed/v1/lists/all?near=EH6%208RG&amp;radius=2km&amp;limit=",
        ),
        ("/collections/beginning-a-partnership", "/embed/v1/lists/"),
        (&format!("/id/organisation/{organisation}"), "/embed/v1/records/organisations/"),
        ("/resources", "/embed/v1/lists/all?kind=resources&amp;limit="),
        (&format!("/organisations/{organisation}"), "/embed/v1/records/organisations/"),
    ] {
        let address = format!("/oembed?url={}&dnt=1", encoded(&format!("{BASE}{page}")));
        let answer = server.get(&address).await;
        assert_eq!(answer.status, 200, "{page}: {answer}");
        assert_eq!(answer.header("content-type"), "application/json");
        let embed = answer.json();
        assert_eq!((&embed["version"], &embed["type"]), (&json!("1.0"), &json!("rich")));
        let html = embed["html"].as_str().unwrap();
        assert!(html.starts_with("<blockquote><a href=\"https://kist.example/"), "{html}");
        assert!(
            html.contains("</blockquote><iframe src=\"https://kist.example/embed/v1/"),
            "{html}"
        );
        assert!(html.contains(&format!("src=\"{BASE}{frame}")), "{page}: {html}");
        let source = html.split("src=\"").nth(1).unwrap().split('"').next().unwrap();
        let framed = server.get(&source.replace("&amp;", "&")[BASE.len()..]).await;
        assert_eq!(framed.status, 200, "{source}: {framed}");
        let quoted = html.split("href=\"").nth(1).unwrap().split('"').next().unwrap();
        let quoted = server.get(&quoted.replace("&amp;", "&")[BASE.len()..]).await;
        assert_eq!(quoted.status, 200, "{html}");
    }
}

#[tokio::test]
async fn an_embed_is_called_as_its_list_is() {
    let server = TestServer::seeded();
    for (list, title) in [
        ("/lists/all", "What is in the register"),
        ("/lists/all?lang=gd", "Na tha sa chlàr"),
        ("/lists/all?kind=events", "Events"),
        ("/lists/all?kind=events&lang=gd", "Tachartasan"),
        ("/lists/all?kind=guides", "Guides and case studies"),
        ("/lists/all?kind=guides&lang=gd", "Stiùiridhean is sgrùdaidhean cùise"),
        ("/lists/all?kind=organisations&lang=gd", "Buidhnean"),
        ("/near/EH6?kind=assets&lang=gd", "So-mhaoin faisg air EH6"),
        ("/lists/all?kind=needs&lang=sco", "Needs"),
        ("/near/EH6?kind=events", "Events near EH6"),
        ("/near/EH6?kind=events&lang=gd", "Tachartasan faisg air EH6"),
        ("/near/EH6?kind=assets", "Assets near EH6"),
        ("/near/EH6?kind=events&heading=What+is+on", "What is on"),
    ] {
        let url = encoded(&format!("{BASE}{list}"));
        let embed = server.json(&format!("/oembed?url={url}")).await;
        assert_eq!(embed["title"], title, "{list}");
        let frame = server.get(&format!("/embed/v1{list}")).await;
        assert!(frame.text().contains(&format!("{title}</")), "{list}: {frame}");
    }
}

#[tokio::test]
async fn a_field_of_the_generator_takes_the_place_of_what_the_address_of_the_list_has() {
    let server = TestServer::seeded();
    let choices = [
        ("/embed?list=/near/EH6&near=G2", "/near/G2\""),
        ("/embed?list=/near/EH6%3Fradius%3D2km&radius=5km", "/near/EH6?radius=5km\""),
        ("/embed?list=/search%3Fq%3Dlibrary&q=museum", "/lists/all?q=museum\""),
        ("/embed?list=/search%3Fq%3Dlibrary%26near%3DEH6", "/lists/all?q=library&amp;near=EH6\""),
    ];
    for (path, list) in choices {
        let answer = server.get_with(path, "accept", "text/html").await;
        assert_eq!(answer.status, 200, "{path}: {answer}");
        let frame = format!("<iframe src=\"{BASE}/embed/v1{list}");
        let codes = codes(answer.text());
        assert!(codes.iter().any(|code| code.contains(&frame)), "{path}: {codes:?}");
    }
}

#[tokio::test]
async fn oembed_keeps_to_the_room_that_there_is() {
    let server = TestServer::seeded();
    let url = encoded(&format!("{BASE}/lists/all"));
    for (asked, width, height, limit) in [
        // Among them three or one lines in which the sources are named.
        ("", 600, 974, "limit=5"),
        ("&maxwidth=320&maxheight=500", 320, 500, "limit=2"),
        ("&maxwidth=5000&maxheight=310", 1200, 302, "limit=2&amp;compact=true"),
    ] {
        let embed = server.json(&format!("/oembed?url={url}{asked}")).await;
        assert_eq!((&embed["width"], &embed["height"]), (&json!(width), &json!(height)), "{asked}");
        assert!(embed["html"].as_str().unwrap().contains(limit), "{asked}: {embed}");
    }
}

#[tokio::test]
async fn oembed_refuses_as_its_standard_says() {
    let server = TestServer::seeded();
    let here = encoded(&format!("{BASE}/lists/libraries-of-leith"));
    let mut told = String::new();
    for query in [
        format!("url={here}&format=xml"),
        format!("url={here}&format=yaml"),
        format!("url={here}&maxwidth=-1"),
        String::new(),
        "url=nonsense".to_owned(),
        format!("url={}", encoded("https://elsewhere.example/lists/all")),
        format!("url={}", encoded("https://kist.example:444/lists/all")),
        format!("url={}", encoded(&format!("{BASE}/about/bot"))),
        format!("url={}", encoded(&format!("{BASE}/lists/nowhere"))),
        format!("url={}", encoded(&format!("{BASE}/lists/all?topic=zzz"))),
        format!("url={}", encoded("javascript:alert(1)")),
    ] {
        told.push_str(&server.all(&[&format!("/oembed?{query}")]).await);
    }
    assert_snapshot!(told);
}

/// The addresses of oEmbed that a page names, by media type, as `WordPress`
/// finds them: it reads the links of the head, undoes entities, and asks at
/// what stands there without making it absolute. Source:
/// `WP_oEmbed::discover`, `wp-includes/class-wp-oembed.php`.
fn discovered(html: &str) -> Vec<(String, String)> {
    let head = html.split("</head>").next().unwrap();
    let attribute = |link: &str, name: &str| {
        let value = link.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
        Some(value.replace("&#38;", "&").replace("&amp;", "&"))
    };
    let links = head.split("<link").skip(1).map(|rest| rest.split('>').next().unwrap());
    links
        .filter_map(|link| Some((attribute(link, "type")?, attribute(link, "href")?)))
        .filter(|(media_type, _)| media_type.ends_with("+oembed"))
        .collect()
}

#[tokio::test]
async fn an_address_that_is_pasted_into_wordpress_becomes_a_frame_of_it() {
    let server = TestServer::seeded();
    let record = server.json("/api/v1/assets.json?limit=1").await;
    let record = record["items"][0]["id"].as_str().unwrap().rsplit_once('/').unwrap().1.to_owned();
    for path in [
        "/lists/all",
        "/lists/all?topic=walking&page=2",
        "/near/EH6",
        "/collections/beginning-a-partnership",
        "/search?near=EH6",
        "/assets",
        &format!("/assets/{record}"),
    ] {
        let mut answer = server.get_with(path, "accept", "text/html").await;
        if answer.status.is_redirection() {
            let to = answer.header("location");
            answer = server.get_with(&to[BASE.len()..], "accept", "text/html").await;
        }
        let found = discovered(answer.text());
        let types: Vec<&str> = found.iter().map(|(media_type, _)| media_type.as_str()).collect();
        assert_eq!(types, ["application/json+oembed", "text/xml+oembed"], "{path}");
        for (media_type, address) in found {
            let own = address.strip_prefix(BASE);
            let own = own.unwrap_or_else(|| panic!("{path}: {address} is not absolute"));
            let answer = server.get(own).await;
            assert_eq!(answer.status, 200, "{path}: {address}");
            let text = answer.text();
            assert!(text.contains("https://kist.example/embed/v1/"), "{path} {media_type}: {text}");
        }
    }
}

#[tokio::test]
async fn a_form_with_a_number_that_is_wrong_comes_back_with_what_was_typed_and_says_so_beside_it() {
    let server = TestServer::seeded();
    let typed = "near=EH6&q=tea+room&limit=99&heading=Near+us&accent=0a5&nonsense=1&lang=gd";
    let answer = server.get_with(&format!("/embed?{typed}"), "accept", "text/html").await;
    assert_eq!(answer.status, 400, "{answer}");
    for part in [
        "<html lang=\"gd\"",
        "value=\"EH6\"",
        "value=\"tea room\"",
        "value=\"Near us\"",
        "value=\"0a5\"",
        "<a href=\"#limit\"><span lang=\"en\">How many: ",
        "value=\"99\" min=\"1\" max=\"50\" aria-invalid=\"true\" aria-describedby=\"limit-fault\">",
        "<p class=\"fault\" id=\"limit-fault\"><span lang=\"en\">How many: ",
        "<title>Mearachd: Seall liosta air an làrach-lìn agad – ",
        "<li><span lang=\"en\">“nonsense” is unknown here",
    ] {
        assert!(answer.text().contains(part), "lacks {part}: {answer}");
    }
    assert!(!answer.text().contains("name=\"nonsense\""), "{answer}");
    assert_eq!(answer.text().matches("aria-invalid").count(), 2, "{answer}");
    let near = server.get_with("/embed?near=Zzyzx", "accept", "text/html").await;
    assert!(near.text().contains("aria-describedby=\"near-fault near-hint\""), "{near}");
}

#[tokio::test]
async fn the_policy_for_the_element_allows_the_style_that_stands_in_its_code() {
    let server = TestServer::seeded();
    let plain = server.get("/embed").await;
    assert!(!plain.text().contains("style-src &#39;sha256-"), "{plain}");
    let page = server.get("/embed?accent=7a2f1d&on-accent=ffffff").await;
    let html = page.text().replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">");
    let style = html.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
    let digest = STANDARD.encode(Sha256::digest(style));
    assert!(html.contains(&format!("; style-src 'sha256-{digest}'")), "{html}");
}

/// The texts of the codes that the generator shows, as a person copies them.
fn codes(html: &str) -> Vec<String> {
    let unescape = |text: &str| {
        text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#34;", "\"")
            .replace("&#39;", "'")
            .replace("&#38;", "&")
            .replace("&#60;", "<")
            .replace("&#62;", ">")
            .replace("&amp;", "&")
    };
    let blocks = html.split("<pre tabindex=\"0\"><code>").skip(1);
    blocks.map(|block| unescape(block.split("</code>").next().unwrap())).collect()
}

/// The addresses of this register in a text.
fn addresses(text: &str) -> Vec<String> {
    let parts = text.split(BASE).skip(1);
    parts
        .map(|part| part.split(['"', '\'', '<', ' ', '\n']).next().unwrap().replace("&amp;", "&"))
        .filter(|path| path.starts_with('/'))
        .collect()
}

#[tokio::test]
async fn the_generator_makes_code_whose_addresses_are_all_answered() {
    let server = TestServer::seeded();
    for query in [
        "",
        "?near=EH6+8RG&radius=2km&topic=reading&list-lang=gd&heading=Near+us&heading-level=3",
        "?list=%2Flists%2Flibraries-of-leith&limit=3&accent=%231a4fb5&on-accent=ffffff",
        "?list=https%3A%2F%2Fkist.example%2Fsearch%3Fnear%3DEH6%26within%3D1km&for=unpaid-carers",
        "?list=%2Fcollections%2Fbeginning-a-partnership&q=partnership",
        "?kind=guides&cost=free&topic=reading&topic=walking",
    ] {
        let answer = server.get_with(&format!("/embed{query}"), "accept", "text/html").await;
        assert_eq!(answer.status, 200, "{query}: {answer}");
        let html = answer.text();
        let codes = codes(html);
        assert_eq!(codes.len(), 7, "{query}: {codes:?}");
        assert!(codes[5].contains("/embed/v1/resize.js"), "{query}: {codes:?}");
        assert!(codes[0].contains("<asset-list src=\"https://kist.example/"), "{query}");
        for path in codes.iter().flat_map(|code| addresses(code)) {
            assert_eq!(server.get(&path).await.status, 200, "{query}: {path}");
        }
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"));
        for part in
            ["script-src https://kist.example; connect-src", "frame-src https://kist.example"]
        {
            assert!(html.contains(part), "{query}: {part}");
        }
    }
}

#[tokio::test]
async fn the_generator_keeps_what_was_chosen_and_tells_what_is_wrong() {
    let server = TestServer::seeded();
    for (query, status, parts) in [
        (
            "near=EH6+8RG&radius=2km",
            200,
            &["value=\"EH6 8RG\"", "<option value=\"2km\" selected>", "Near EH6 8RG"][..],
        ),
        ("cost=free&near=EH6", 200, &["<input type=\"hidden\" name=\"cost\" value=\"free\">"]),
        (
            "accent=ffff00&on-accent=ffffff",
            200,
            &["1.0 to 1: not enough", "/embed/v1/colours.css?accent=ffff00"],
        ),
        ("", 200, &["9.3 to 1: enough for any text"]),
        (
            "near=EH6&accent=zzz",
            200,
            &["There is a problem", "“zzz” is not a colour of six", "id=\"accent-fault\""],
        ),
        (
            "near=Zzyzx",
            400,
            &["There is a problem", "value=\"Zzyzx\"", "<title>Error: Show a list"],
        ),
        ("topic=nonsense", 400, &["<a href=\"#topic\">“nonsense” is not one of the choices.</a>"]),
        (
            "radius=2km",
            400,
            &["<a href=\"#near\">You chose a distance", "id=\"near-fault\">You chose a distance"],
        ),
        (
            "near=Newtown&limit=3",
            400,
            &[
                "<a href=\"#near\">Which place do you mean?</a>",
                "<li><a href=\"/embed?limit=3&#38;near=Newtown%2C+Falkirk\">Newtown, Falkirk</a></li>",
                "aria-invalid=\"true\" aria-describedby=\"near-fault near-hint\"",
            ],
        ),
        ("list=https%3A%2F%2Felsewhere.example%2F", 400, &["is not a page of this register"]),
        ("list=%2Flists%2Fnowhere", 400, &["No collection, organisation or other record"]),
        ("heading=%3Cscript%3Ealert(1)%3C%2Fscript%3E", 200, &["alert(1)"]),
    ] {
        let path = format!("/embed?{query}");
        let answer = server.get_with(&path, "accept", "text/html").await;
        assert_eq!(answer.status, status, "{path}: {answer}");
        for part in parts {
            assert!(answer.text().contains(part), "{path} lacks {part}: {answer}");
        }
        assert!(!answer.text().contains("<script>"), "{path}");
    }
    let privacy = server.get_with("/embed/privacy", "accept", "text/html").await;
    assert!(privacy.text().contains("sets no cookies"), "{privacy}");
}

#[tokio::test]
async fn choices_of_forms_that_are_not_in_the_language_of_the_page_say_theirs() {
    let server = TestServer::seeded();
    let option = regex::Regex::new("<option value=\"([^\"]*)\"([^>]*)>([^<]*)</option>").unwrap();
    for (path, expected) in [
        (
            "/embed?lang=gd",
            &[
                r#"<option value="" lang="en">Any distance</option>"#,
                r#"<option value="">Rud sam bith</option>"#,
                r#"<option value="assets">Seirbheisean, buidhnean is àiteachan</option>"#,
                r#"<option value="events">Tachartasan</option>"#,
                r#"<option value="en" lang="en">English</option>"#,
                r#"<option value="gd">Gàidhlig</option>"#,
                r#"<option value="sco" lang="sco">Scots</option>"#,
                r#"<option value="library">Leabharlann</option>"#,
                r#"<option value="allotments" lang="en">Allotments</option>"#,
                r#"<option value="2">2</option>"#,
            ][..],
        ),
        (
            "/search?lang=gd&near=EH6",
            &[
                r#"<option value="" lang="en">Any distance</option>"#,
                r#"<option value="name" lang="en">By name</option>"#,
                r#"<option value="mo 10:00">Diluain, madainn (10:00)</option>"#,
            ],
        ),
        (
            "/embed",
            &[
                r#"<option value="assets">Services, groups and places</option>"#,
                r#"<option value="gd" lang="gd">Gàidhlig</option>"#,
                r#"<option value="library">Library</option>"#,
            ],
        ),
    ] {
        let page = server.get_with(path, "accept", "text/html").await;
        for expected in expected {
            assert!(page.text().contains(expected), "{path} lacks {expected}:\n{page}");
        }
        let count = option.captures_iter(page.text()).count();
        assert!(count > 20, "{path}: {count}");
    }
    let page = server.get("/embed?lang=gd").await;
    assert!(page.text().contains("<span lang=\"en\">"), "the verdict on contrast: {page}");
}
