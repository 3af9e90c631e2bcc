//! Names made alike: the form in which they are compared.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// `text` in lower case, without accents, apostrophes and full stops; a
/// hyphen or comma is a space, `&` is “and”, “saint” is “st”.
///
/// Two names which people would take for the same are equal when folded:
/// `Port Rìgh` and `port righ`, `Saint Andrew’s` and `St. Andrews`.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for character in text.nfkd().filter(|character| !is_combining_mark(*character)) {
        match character {
            '\'' | '’' | '‘' | 'ʼ' | '`' | '´' | '.' => {}
            '&' => folded.push_str(" and "),
            'ø' | 'Ø' => folded.push('o'),
            'æ' | 'Æ' => folded.push_str("ae"),
            'ð' | 'Ð' => folded.push('d'),
            'þ' | 'Þ' => folded.push_str("th"),
            _ if character.is_alphanumeric() => folded.extend(character.to_lowercase()),
            _ => folded.push(' '),
        }
    }
    let words: Vec<&str> =
        folded.split_whitespace().map(|word| if word == "saint" { "st" } else { word }).collect();
    words.join(" ")
}

/// Whether `name` begins with `typed`, when one slip is forgiven: a wrong,
/// missing, needless or swapped letter. Both are folded.
pub(super) fn begins_nearly(name: &str, typed: &str) -> bool {
    let (name, typed) = (name.as_bytes(), typed.as_bytes());
    let same = name.iter().zip(typed).take_while(|(a, b)| a == b).count();
    if same == typed.len() {
        return true;
    }
    let name_from = |at: usize| name.get(at..).unwrap_or_default();
    let typed_from = |at: usize| typed.get(at..).unwrap_or_default();
    let wrong = same < name.len() && name_from(same + 1).starts_with(typed_from(same + 1));
    let missing = name_from(same + 1).starts_with(typed_from(same));
    let needless = name_from(same).starts_with(typed_from(same + 1));
    let swapped = same + 1 < typed.len()
        && name.get(same) == typed.get(same + 1)
        && name.get(same + 1) == typed.get(same)
        && name_from(same + 2).starts_with(typed_from(same + 2));
    wrong || (missing && same < name.len()) || needless || swapped
}

#[cfg(test)]
#[path = "fold_tests.rs"]
mod tests;
