//! Languages by their English names, as Open Referral's feeds write them.

/// Names in lower case, codes of ISO 639-2, and the tags of BCP 47: the
/// languages that the 2022 census of Scotland lists with most speakers, and
/// sign languages.
const NAMES: &[(&[&str], &str)] = &[
    (&["english", "eng"], "en"),
    (&["gaelic", "scottish gaelic", "scots gaelic", "gàidhlig", "gla"], "gd"),
    (&["scots", "sco"], "sco"),
    (&["british sign language", "bsl", "bfi"], "bfi"),
    (&["polish", "pol"], "pl"),
    (&["urdu", "urd"], "ur"),
    (&["punjabi", "panjabi", "pan"], "pa"),
    (&["arabic", "ara"], "ar"),
    (&["chinese", "zho", "chi"], "zh"),
    (&["cantonese", "yue"], "yue"),
    (&["mandarin", "cmn"], "cmn"),
    (&["french", "fra", "fre"], "fr"),
    (&["german", "deu", "ger"], "de"),
    (&["spanish", "spa"], "es"),
    (&["italian", "ita"], "it"),
    (&["portuguese", "por"], "pt"),
    (&["romanian", "ron", "rum"], "ro"),
    (&["russian", "rus"], "ru"),
    (&["ukrainian", "ukr"], "uk"),
    (&["lithuanian", "lit"], "lt"),
    (&["latvian", "lav"], "lv"),
    (&["slovak", "slk"], "sk"),
    (&["czech", "ces"], "cs"),
    (&["hungarian", "hun"], "hu"),
    (&["bulgarian", "bul"], "bg"),
    (&["turkish", "tur"], "tr"),
    (&["farsi", "persian", "fas"], "fa"),
    (&["kurdish", "kur"], "ku"),
    (&["pashto", "pus"], "ps"),
    (&["hindi", "hin"], "hi"),
    (&["bengali", "bangla", "ben"], "bn"),
    (&["gujarati", "guj"], "gu"),
    (&["tamil", "tam"], "ta"),
    (&["somali", "som"], "so"),
    (&["swahili", "swa"], "sw"),
    (&["tigrinya", "tir"], "ti"),
    (&["vietnamese", "vie"], "vi"),
    (&["welsh", "cymraeg", "cym"], "cy"),
    (&["irish", "gaeilge", "gle"], "ga"),
];

/// The tag of a language that is given by its name, code or tag.
pub(super) fn tag(text: &str) -> Option<String> {
    let lower = text.trim().to_lowercase();
    if let Some((_, tag)) = NAMES.iter().find(|(names, _)| names.contains(&lower.as_str())) {
        return Some((*tag).to_owned());
    }
    let mut parts = lower.split(['-', '_']);
    let first = parts.next()?;
    let is_tag = first.len() == 2
        && first.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.clone().all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
    is_tag.then(|| lower.replace('_', "-"))
}
