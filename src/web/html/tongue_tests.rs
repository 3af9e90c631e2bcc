use super::*;

#[track_caller]
fn check(language: Language, wanted: Language, suffix: &str) {
    let tongue = Tongue::chosen(language, wanted);
    assert_eq!(tongue.suffix(), suffix, "{language:?} for who wants {wanted:?}");
    assert_eq!(tongue.localised(&Address::new("/x")).to_string(), format!("/x{suffix}"));
    let field = tongue.field().map(|(name, value)| format!("?{name}={value}"));
    assert_eq!(field.unwrap_or_default(), suffix);
}

#[test]
fn links_name_english_to_those_alone_whose_browser_wants_another_language() {
    check(Language::English, Language::English, "");
    check(Language::English, Language::Gaelic, "?lang=en");
    check(Language::English, Language::Scots, "?lang=en");
    check(Language::Gaelic, Language::English, "?lang=gd");
    check(Language::Gaelic, Language::Gaelic, "?lang=gd");
    check(Language::Scots, Language::Gaelic, "?lang=sco");
}

#[test]
fn pages_with_other_links_are_told_apart() {
    let plain = Tongue::chosen(Language::English, Language::English);
    let named = Tongue::chosen(Language::English, Language::Gaelic);
    assert_ne!(plain.variant(), named.variant());
}
