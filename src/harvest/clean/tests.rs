use ::url::Url;
use proptest::prelude::*;

use super::*;

fn base() -> Url {
    Url::parse("https://partner.example/clubs/list.html").unwrap()
}

fn codes(notes: &[Note]) -> Vec<&'static str> {
    notes.iter().map(|note| note.code).collect()
}

#[track_caller]
fn check_paragraphs(text: &str, expected: &str, notes: &[&str]) {
    let cleaned = text::paragraphs(text, Some(&base()), DoubleEncoding::Repair);
    assert_eq!((cleaned.value.as_str(), codes(&cleaned.notes)), (expected, notes.to_vec()));
}

#[track_caller]
fn check_line(text: &str, expected: &str, notes: &[&str]) {
    let cleaned = text::one_line(text, DoubleEncoding::Repair);
    assert_eq!((cleaned.value.as_str(), codes(&cleaned.notes)), (expected, notes.to_vec()));
}

#[test]
fn html_becomes_paragraphs_and_lists() {
    check_paragraphs(
        "<h2>Tea dance</h2>\n<p>Every  <b>Tuesday</b>&nbsp;in\nthe hall.</p><ul><li>Tea</li><li>Cake</li></ul><p>Free<br>for all</p>",
        "Tea dance\n\nEvery Tuesday in the hall.\n\n- Tea\n- Cake\n\nFree\nfor all",
        &[],
    );
}

#[test]
fn plain_text_keeps_its_lines() {
    check_paragraphs(
        "First  line\r\nsecond\n\n\nthird\t one ",
        "First line\nsecond\n\nthird one",
        &[],
    );
    check_paragraphs("1 < 2 and a <3 b, 5 > 4", "1 < 2 and a <3 b, 5 > 4", &[]);
    check_paragraphs("one <b>bold</b> word\nnext line", "one bold word\nnext line", &[]);
}

#[test]
fn links_are_kept_with_their_complete_address() {
    check_paragraphs(
        r##"See <a href="../join.html?a=1&amp;b=2">how to join</a>, <a href='https://partner.example/'>partner.example</a>, <a href="mailto:tea@partner.example">write</a>, <a href="#top">top</a>, <a href="javascript:alert(1)">now</a>"##,
        "See how to join (https://partner.example/join.html?a=1&b=2), partner.example, write (tea@partner.example), top, now",
        &[],
    );
}

#[test]
fn scripts_styles_and_comments_are_gone() {
    check_paragraphs(
        "Hello<script>alert('</p>')</script> <!-- hidden <p> --><style>p{}</style><svg><text>x</text></svg>there<script>x",
        "Hello there",
        &[],
    );
    check_paragraphs("<p onclick=\"a>b\" title='>'>Text</p>", "Text", &[]);
    check_paragraphs("a <img src=x onerror=\"alert(1)> b", "a b", &[]);
}

#[test]
fn entities_are_decoded_once() {
    check_line("Tea &amp; cake &#8211; caf&eacute;", "Tea & cake – café", &[]);
    check_line("&amp;lt;b&amp;gt; &amp;amp;", "&lt;b&gt; &amp;", &[]);
    check_line("A & B; C &unknown; D", "A & B; C &unknown; D", &[]);
    check_line(
        "&frac12; &#150; &#x2013; &copy 2026 &#0;&",
        "½ – – © 2026 \u{fffd}&",
        &["lost-characters"],
    );
}

#[test]
fn html_that_was_escaped_once_too_often_is_read_with_a_note() {
    check_paragraphs(
        "&lt;p&gt;Tea &amp;amp; cake&lt;/p&gt;&lt;p&gt;Free&lt;/p&gt;",
        "Tea & cake\n\nFree",
        &["escaped-twice"],
    );
    check_line("&lt;script&gt;alert(1)&lt;/script&gt;Tea", "Tea", &["escaped-twice"]);
}

#[test]
fn invisible_and_control_characters_are_taken_out() {
    check_line(
        "Soft\u{ad}ware\u{200b} \u{202e}evil\u{202c}\u{0} \u{feff}x\u{7}",
        "Software evil x",
        &[],
    );
    check_line("Cafe\u{301}", "Café", &[]);
}

#[test]
fn what_was_certainly_encoded_twice_is_repaired_and_said() {
    check_line("Dementia CafÃ©", "Dementia Café", &["encoded-twice"]);
    check_line("Itâ€™s Â£5 â€“ FÃ¡ilte", "It’s £5 – Fáilte", &["encoded-twice"]);
    check_line("Dementia Café", "Dementia Café", &[]);
    check_line("CAFÉ™ and SÃO", "CAFÉ™ and SÃO", &["encoded-twice-perhaps"]);
    check_line("Caf\u{fffd}", "Caf\u{fffd}", &["lost-characters"]);
}

#[test]
fn f50_what_was_encoded_twice_stays_and_is_told_unless_the_source_wants_it_repaired() {
    for text in ["Dementia CafÃ©", "Itâ€™s Â£5 â€“ FÃ¡ilte"] {
        let kept = text::one_line(text, DoubleEncoding::Keep);
        assert_eq!((kept.value.as_str(), codes(&kept.notes)), (text, vec!["encoded-twice"]));
        let repaired = text::one_line(text, DoubleEncoding::Repair);
        assert_eq!(codes(&repaired.notes), ["encoded-twice"]);
        assert!(!repaired.value.contains('Ã'), "{}", repaired.value);
    }
}

#[test]
fn lines_of_an_address_are_joined_by_commas() {
    assert_eq!(
        text::joined_lines("12 High Street,\nLeith<br>Edinburgh ", DoubleEncoding::Keep).value,
        "12 High Street, Leith, Edinburgh"
    );
}

#[test]
fn long_texts_are_cut_at_a_word() {
    assert_eq!(text::shortened("one two three", 13), None);
    assert_eq!(text::shortened("one two three", 12).as_deref(), Some("one two…"));
    assert_eq!(text::shortened("one two, three", 9).as_deref(), Some("one two…"));
    assert_eq!(text::shortened("éééééééééé", 5).as_deref(), Some("éééé…"));
    assert_eq!(text::shortened("ab", 0).as_deref(), Some("…"));
}

#[test]
fn a_text_of_a_hundred_megabytes_is_cut_and_said() {
    let cleaned = text::paragraphs(&"<b a='1'>word ".repeat(8 << 20), None, DoubleEncoding::Keep);
    assert!(cleaned.value.len() < 100_000);
    assert_eq!(codes(&cleaned.notes), ["text-cut"]);
}

#[test]
fn markup_that_never_ends_is_read_once_and_not_once_for_each_beginning() {
    // This would take minutes if each of them looked for its end.
    for piece in
        ["<a href=\"", "<a =\"", "<", "<svg>", "<!--", "</", "<b x='", "&amp;<b>", "<p><b a=1>"]
    {
        let cleaned = text::paragraphs(
            &piece.repeat(100_000 / piece.len()),
            Some(&base()),
            DoubleEncoding::Repair,
        );
        assert!(cleaned.value.len() <= 100_000);
    }
}

#[track_caller]
fn check_phone(text: &str, expected: Option<&str>, notes: &[&str]) {
    let cleaned = phone::telephone(text);
    let found = cleaned.as_ref().map(|cleaned| cleaned.value.as_str());
    assert_eq!(found, expected, "{text}");
    assert_eq!(cleaned.map(|cleaned| codes(&cleaned.notes)).unwrap_or_default(), notes, "{text}");
}

#[test]
fn british_numbers_get_the_national_form() {
    for text in [
        "0131 529 7844",
        "01315297844",
        "+44 131 529 7844",
        "+44 (0)131 529 7844",
        "0044 131 529 7844",
        "(0131) 529-7844",
        "0131.529.7844",
        "tel:+441315297844",
        "Tel: 0131 529 7844",
        "0131 529 7844 (office hours)",
    ] {
        check_phone(text, Some("0131 529 7844"), &[]);
    }
    check_phone("07911 123456", Some("07911 123456"), &[]);
    check_phone("0800 838587", Some("0800 838587"), &[]);
    check_phone("+353 1 677 0095", Some("+353 1 677 0095"), &[]);
}

#[test]
fn short_numbers_stay() {
    check_phone("111", Some("111"), &[]);
    check_phone("116 123", Some("116 123"), &[]);
}

#[test]
fn of_several_numbers_the_first_is_taken_and_said() {
    check_phone("0131 529 7844 / 07911 123456", Some("0131 529 7844"), &["several-telephones"]);
    check_phone("0131 529 7844 or 07911 123456", Some("0131 529 7844"), &["several-telephones"]);
}

#[test]
fn a_number_that_is_none_is_kept_and_said() {
    check_phone("0131 000", Some("0131 000"), &["bad-telephone"]);
    check_phone("none", None, &[]);
    check_phone("", None, &[]);
}

#[test]
fn numbers_are_compared_in_one_form() {
    assert_eq!(phone::comparable("0131 529 7844"), phone::comparable("+44 (0) 131 5297844"));
    assert_eq!(phone::comparable("0131 529 7844").as_deref(), Some("+441315297844"));
    assert_eq!(phone::comparable("x"), None);
}

#[test]
fn postcodes_are_read_alone_and_found_in_texts() {
    let read = |text| {
        postcode::postcode(text)
            .map(|cleaned| (cleaned.value.to_string(), codes(&cleaned.notes).join(",")))
    };
    let some = |text: &str, code: &str| Some((text.to_owned(), code.to_owned()));
    assert_eq!(read("eh68rg "), some("EH6 8RG", ""));
    assert_eq!(read("EH6"), some("EH6", "part-of-postcode"));
    assert_eq!(read("Leith EH6 8RG."), some("EH6 8RG", "postcode-in-text"));
    assert_eq!(read("unknown"), None);
    let (found, range) = postcode::find("12 Élm Row, Edinburgh EH7 4AA, UK").unwrap();
    assert_eq!((found.to_string().as_str(), range), ("EH7 4AA", 23..30));
    assert_eq!(postcode::find("Flat 2B 1st floor"), None);
}

#[test]
fn addresses_are_completed() {
    let complete = |text| url::complete(text, &base()).map(|cleaned| cleaned.value);
    for (text, expected) in [
        ("https://example.org/a?utm_source=x#y", "https://example.org/a?utm_source=x#y"),
        (" HTTPS://Example.ORG ", "https://example.org/"),
        ("www.example.org/a b", "http://www.example.org/a%20b"),
        ("example.scot", "http://example.scot/"),
        ("example.org.uk/page", "http://example.org.uk/page"),
        ("about.html", "https://partner.example/clubs/about.html"),
        ("/about", "https://partner.example/about"),
        ("../x?y=1", "https://partner.example/x?y=1"),
        ("//cdn.example/x.png", "https://cdn.example/x.png"),
        ("https://dùn.example/caf\u{e9}", "https://xn--dn-oka.example/caf%C3%A9"),
        ("https://example.org/a[1]?b={c}|d", "https://example.org/a%5B1%5D?b=%7Bc%7D%7Cd"),
        ("mailto:Info@Example.org?subject=Hello", "mailto:Info@example.org"),
        ("info@example.org", "mailto:info@example.org"),
        ("tel:0131 529 7844", "tel:+441315297844"),
        ("http://http://example.org/", "http://example.org/"),
        ("http//example.org", "http://example.org/"),
        ("https://user:secret@example.org/", "https://example.org/"),
        ("webcal://example.org/a.ics", "https://example.org/a.ics"),
    ] {
        assert_eq!(complete(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn addresses_that_are_none_or_unsafe_are_refused() {
    for text in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "\u{1}javascript:alert(1)",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "ftp://example.org/x",
        "vbscript:x",
        "n/a",
        "none",
        "see our leaflet",
        "",
        "http://",
        "https://exa mple.org/",
        "mailto:nobody",
        "tel:none",
    ] {
        assert!(
            url::complete(text, &base()).is_err(),
            "{text}: {:?}",
            url::complete(text, &base())
        );
    }
    let long = format!("https://example.org/{}", "a".repeat(3_000));
    assert!(matches!(url::complete(&long, &base()), Err(url::UrlError::TooLong(_))));
}

#[test]
fn e_mail_addresses_are_read() {
    let read = |text| email::email(text).map(|c| (c.value, codes(&c.notes).join(",")));
    let some = |text: &str, code: &str| Some((text.to_owned(), code.to_owned()));
    assert_eq!(read("mailto:Jo.Bloggs@Example.ORG"), some("Jo.Bloggs@example.org", ""));
    assert_eq!(read("Office <office@example.org>"), some("office@example.org", ""));
    assert_eq!(read("a@example.org; b@example.org"), some("a@example.org", "several-emails"));
    assert_eq!(read("jo [at] example [dot] org"), some("jo@example.org", "hidden-email"));
    assert_eq!(read("jo [at] example.org"), some("jo@example.org", "hidden-email"));
    for text in ["", "none", "a@b", "@example.org", "a@example..org", "a b c"] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[track_caller]
fn check_position(latitude: f64, longitude: f64, expected: Result<(f64, f64, &str), &str>) {
    let read = position::position(latitude, longitude, position::united_kingdom());
    let read = read
        .map(|Cleaned { value, notes }| {
            (value.latitude(), value.longitude(), codes(&notes).join(","))
        })
        .map_err(|note| note.code);
    assert_eq!(read, expected.map(|(north, east, code)| (north, east, code.to_owned())));
}

#[test]
fn positions_that_cant_be_right_are_put_right_or_said() {
    check_position(55.95, -3.19, Ok((55.95, -3.19, "")));
    check_position(-3.19, 55.95, Ok((55.95, -3.19, "position-swapped")));
    check_position(0.0, 0.0, Err("null-position"));
    check_position(355.95, -3.19, Err("bad-position"));
    check_position(f64::NAN, -3.19, Err("bad-position"));
    check_position(55.95, 3.19, Ok((55.95, 3.19, "position-outside")));
    check_position(48.85, 2.35, Ok((48.85, 2.35, "position-outside")));
}

proptest! {
    #[test]
    fn no_text_makes_the_cleaners_panic(text in any::<String>()) {
        let base = base();
        let _ = (text::one_line(&text, DoubleEncoding::Repair), text::paragraphs(&text, Some(&base), DoubleEncoding::Repair));
        let _ = (text::joined_lines(&text, DoubleEncoding::Repair), text::shortened(&text, 5));
        let _ = (phone::telephone(&text), postcode::postcode(&text), email::email(&text));
        let _ = url::complete(&text, &base);
    }

    #[test]
    fn no_markup_makes_the_cleaners_panic(
        text in "(<|>|&|;|/|!|-|a|href|=|\"|'|script|p|é| |#|x41|lt|\n){0,60}"
    ) {
        let base = base();
        let _ = (text::one_line(&text, DoubleEncoding::Repair), text::paragraphs(&text, Some(&base), DoubleEncoding::Repair));
    }

    #[test]
    fn no_number_makes_the_cleaner_of_telephones_panic(
        text in "[0-9+() .x/;orextnd-]{0,40}"
    ) {
        let _ = (phone::telephone(&text), phone::comparable(&text));
    }

    #[test]
    fn a_cleaned_text_is_clean(text in any::<String>()) {
        let once = text::one_line(&text, DoubleEncoding::Repair).value;
        prop_assert!(!once.chars().any(char::is_control));
        prop_assert_eq!(once.trim(), &once);
    }

    #[test]
    fn an_address_that_is_given_is_one_of_the_safe_schemes(text in any::<String>()) {
        if let Ok(cleaned) = url::complete(&text, &base()) {
            let scheme = cleaned.value.split(':').next().unwrap().to_owned();
            prop_assert!(["http", "https", "mailto", "tel"].contains(&scheme.as_str()));
            prop_assert!(oxiri::Iri::parse(cleaned.value.as_str()).is_ok());
        }
    }
}
