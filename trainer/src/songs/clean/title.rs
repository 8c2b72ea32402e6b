//! Artists and titles as they compare: without case, accents, punctuation, guests and
//! remarks on remastering.

use deunicode::deunicode_char;
use itertools::Itertools;

use crate::songs::artist;

/// Words after which guests are named; `with` only in square brackets, as elsewhere it
/// may be the title's own word.
const GUESTS: [&str; 4] = ["feat", "ft", "featuring", "with"];
/// Words of a remark on remastering beside its year; one of the first two is in it.
const REMASTER: [&str; 5] = ["remaster", "remastered", "version", "edition", "digital"];

/// First artist and title in the form that compares; `None` where one of them is empty or
/// nothing is left of it.
pub(super) fn name_of(artists: &str, title: &str) -> Option<(String, String)> {
    let artist = plain(&artist::group_of(artists, ""));
    let title = plain(&without_remarks(title));
    (!artist.is_empty() && !title.is_empty()).then_some((artist, title))
}

/// Letters and digits in lower case without accents, words one space apart.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.to_lowercase().chars() {
        match c {
            '&' => plain.push_str(" and "),
            // Within a word: "don't" is "dont".
            '\'' | '\u{2019}' | '`' | '\u{b4}' | '.' | '\u{300}'..='\u{36f}' => {}
            // Latin letters alone: others have more than one spelling in Latin ones.
            '\u{80}'..='\u{24f}' if c.is_alphabetic() => {
                let letters = deunicode_char(c).unwrap_or_default().chars();
                plain.extend(letters.filter(char::is_ascii_alphabetic));
            }
            c if c.is_alphanumeric() => plain.push(c),
            _ => plain.push(' '),
        }
    }
    plain.split_whitespace().join(" ")
}

/// The title without bracketed guests ("(feat. Ann)", "[with Bob]"), guests at its end
/// ("feat. Ann") and remarks on remastering ("- Remastered 2011", "(2011 Remaster)"). A
/// live take, a remix or an acoustic version is another recording and stays, whatever
/// else its remark says ("- Live; Remastered 2011").
fn without_remarks(title: &str) -> String {
    let mut rest = title.to_lowercase();
    for (open, close, guests) in [('(', ')', &GUESTS[..3]), ('[', ']', &GUESTS[..])] {
        rest = without_brackets(&rest, open, close, guests);
    }
    if let Some(dash) = rest.rfind(" - ") {
        let own = without_remark_parts(&rest[dash + 3..], &GUESTS[..3]);
        rest.truncate(dash);
        rest.push(' ');
        rest.push_str(&own);
    }
    let guests = GUESTS[..3].iter().flat_map(|word| {
        let forms = [format!(" {word}. "), format!(" {word} ")];
        forms.map(|form| rest.find(&form))
    });
    if let Some(end) = guests.flatten().min() {
        rest.truncate(end);
    }
    rest
}

/// `text` without the remarks that stand in brackets, and without those brackets in which
/// nothing else stands.
fn without_brackets(text: &str, open: char, close: char, guests: &[&str]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(open) {
        // A title that was cut off may lack the end of its bracket.
        let end = rest[start..]
            .find(close)
            .map_or(rest.len(), |length| start + length);
        let own = without_remark_parts(&rest[start + 1..end], guests);
        out.push_str(&rest[..start]);
        if !own.is_empty() {
            out.extend([open.to_string(), own, close.to_string()]);
        }
        rest = &rest[rest.len().min(end + 1)..];
    }
    out.push_str(rest);
    out
}

/// What lower-case words after a dash or in brackets say besides naming guests or a
/// remaster; their parts are parted by `;` and `/`. A slash may belong to a guest.
fn without_remark_parts(words: &str, guests: &[&str]) -> String {
    let parts = words.split(';').filter(|part| !names_guests(part, guests));
    let parts = parts.flat_map(|part| part.split('/'));
    parts.filter(|part| !is_remaster(part)).join("/")
}

fn names_guests(words: &str, guests: &[&str]) -> bool {
    let first = words.split_whitespace().next().unwrap_or("");
    guests.contains(&first.trim_end_matches('.'))
}

/// Whether there are only words of a remaster and digits, as in "2011 digital remaster".
fn is_remaster(words: &str) -> bool {
    let is_digits = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let all = |is: &dyn Fn(&str) -> bool| words.split_whitespace().all(is);
    all(&|word| is_digits(word) || REMASTER.contains(&word))
        && !all(&|word| !REMASTER[..2].contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_song_has_one_name_however_it_is_written() {
        let name = name_of("Beyoncé", "Don't Stop");
        assert!(name.is_some());
        for (artist, title) in [
            ("BEYONCE", "don\u{2019}t stop!"),
            ("Beyonce\u{301}", "Don't  Stop"),
            ("Beyoncé, Ann", "Don't Stop (feat. Ann)"),
            ("['Beyoncé', 'Ann']", "Don't Stop [with Ann]"),
            ("Beyoncé", "Don't Stop - Remastered 2011"),
            ("Beyoncé", "Don't Stop (2011 Remaster)"),
            ("Beyoncé", "Don't Stop ft. Ann"),
            ("Beyoncé", "Don't Stop - 2011 Digital Remaster"),
            ("Beyoncé", "Don't Stop (Remastered Version; feat. AC/DC)"),
        ] {
            assert_eq!(name_of(artist, title), name, "{artist}: {title}");
        }
    }

    #[test]
    fn other_recordings_have_other_names() {
        let name = name_of("Ann", "Stay");
        for title in [
            "Stay - Live",
            "Stay (Acoustic)",
            "Stay (Bob Remix)",
            "Stay With Me",
            "Stay (With Me)",
            "Stay - Live; Remastered 2011",
            "Stay (Live at Home / 2011 Remaster)",
            "Stay - Demo Remastered",
            "Stay (Acoustic Version)",
        ] {
            assert_ne!(name_of("Ann", title), name, "{title}");
        }
        let live = name_of("Ann", "Stay - Live");
        assert_eq!(name_of("Ann", "Stay - Live / Remastered 2011"), live);
        assert_ne!(name_of("Ann", "(I Can't) Stay"), name);
        assert_ne!(name_of("Ann", "夜"), name_of("Ann", "昼"));
        assert_eq!(name_of("Łona", "Groß"), name_of("lona", "gross"));
    }

    #[test]
    fn what_is_not_known_has_no_name() {
        assert_eq!(name_of("", "Stay"), None);
        assert_eq!(name_of("Ann", " "), None);
        assert_eq!(name_of("Ann", "?!"), None);
        assert_eq!(name_of("Ann", "(feat. Bob)"), None);
        assert_eq!(
            name_of("Ann", "Stay (feat. Bob").map(|name| name.1),
            Some("stay".into())
        );
    }
}
