//! Tests of [`language`](super).

use super::*;

#[test]
fn each_part_of_a_tag_has_its_place() {
    for tag in [
        "en",
        "GD",
        "sco",
        "bfi",
        "en-GB",
        "zh-Hant",
        "zh-Hant-HK",
        "es-419",
        "sl-rozaj-biske",
        "de-CH-1901",
        "zh-cmn-Hans-CN",
        "de-DE-u-co-phonebk",
        "en-x-easy",
        "x-whatever",
        "ar-a-aaa-b-bbb-x-ccc",
        "de-1996",
    ] {
        assert!(is_language_tag(tag), "{tag}");
    }
    for tag in [
        "",
        "e",
        "-",
        "en-",
        "-en",
        "en--GB",
        "xx-yy-zz",
        "xx-yy-zz-!!",
        "en_GB",
        "gàidhlig",
        "english language",
        "abcdefghi",
        "en-GB-GB",
        "419",
        "de-419-DE",
        "x",
        "en-x",
        "en-u",
        "en-u-u",
        "a-DE",
        "de-1996-1996",
        "en-a-bb-a-cc",
        "en-Latn-Cyrl",
        "en,gd",
    ] {
        assert!(!is_language_tag(tag), "{tag}");
    }
}
