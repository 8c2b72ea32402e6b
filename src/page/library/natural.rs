//! Names in the order in which people count: 2 before 10, without regard to case.

use std::cmp::Ordering;

/// Compares names.
#[must_use]
pub fn natural(a: &str, b: &str) -> Ordering {
    natural_key(a).cmp(&natural_key(b)).then_with(|| a.cmp(b))
}

/// A text that sorts as [`natural`] does: small letters, and before each run of digits its
/// length, without zeros at the front.
#[must_use]
pub fn natural_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len() + 4);
    let mut rest = name;
    while let Some(letter) = rest.chars().next() {
        if letter.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_digit());
            let (run, after) = rest.split_at(end.unwrap_or(rest.len()));
            let digits = run.trim_start_matches('0');
            key.push('0');
            key.push(length_sign(digits.len()));
            key.push_str(digits);
            rest = after;
        } else {
            // Some capitals have more than one small letter.
            key.extend(letter.to_lowercase().next());
            rest = &rest[letter.len_utf8()..];
        }
    }
    key
}

/// A letter that sorts as the number does.
fn length_sign(length: usize) -> char {
    const MOST: u32 = 0xd7ff;
    let code = u32::try_from(length).unwrap_or(MOST).min(MOST);
    char::from_u32(code).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_as_people_count() {
        assert_eq!(natural("Track 2", "track 10"), Ordering::Less);
        assert_eq!(natural("a007", "a7b"), Ordering::Less);
        assert_eq!(natural("Ärger", "ärger"), "Ärger".cmp("ärger"));
        assert_eq!(natural("x", "x"), Ordering::Equal);
        let long = "9".repeat(255);
        assert_eq!(natural(&long, &format!("1{long}")), Ordering::Less);
        assert_eq!(natural("歌 2", "歌 11"), Ordering::Less);
        assert_eq!(natural("a 1", "a b"), Ordering::Less);
    }
}
