//! Artists and titles as they compare: without case, accents, punctuation, guests and
//! remarks on remastering.

use super::super::artist;

/// Words after which guests are named.
const GUESTS: [&str; 4] = ["feat", "ft", "featuring", "with"];

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
            c if c.is_alphanumeric() => plain.push(unaccented(c)),
            _ => plain.push(' '),
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The letter without its accent, for the accents of western and central Europe.
fn unaccented(c: char) -> char {
    const FOLDS: [(char, &str); 15] = [
        ('a', "àáâãäåāăą"),
        ('c', "çćĉċč"),
        ('d', "ďđ"),
        ('e', "èéêëēĕėęě"),
        ('g', "ĝğġģ"),
        ('i', "ìíîïĩīĭįı"),
        ('l', "ĺļľł"),
        ('n', "ñńņňŉ"),
        ('o', "òóôõöøōŏő"),
        ('r', "ŕŗř"),
        ('s', "śŝşšș"),
        ('t', "ţťŧț"),
        ('u', "ùúûüũūŭůűų"),
        ('y', "ýÿŷ"),
        ('z', "źżž"),
    ];
    if c.is_ascii() {
        return c;
    }
    FOLDS
        .iter()
        .find(|(_, accented)| accented.contains(c))
        .map_or(c, |(base, _)| *base)
}

/// The title without bracketed guests ("(feat. Ann)", "[with Bob]"), guests at its end
/// ("feat. Ann") and remarks on remastering ("- Remastered 2011", "(2011 Remaster)"). A
/// live take, a remix or an acoustic version is another recording and stays.
fn without_remarks(title: &str) -> String {
    let mut rest = title.to_lowercase();
    for (open, close) in [('(', ')'), ('[', ']')] {
        rest = without_brackets(&rest, open, close);
    }
    if let Some(dash) = rest.rfind(" - ")
        && is_remark(&rest[dash + 3..])
    {
        rest.truncate(dash);
    }
    // Not `with`: that may be the title's own word.
    let guests = GUESTS[..3].iter().flat_map(|word| {
        let forms = [format!(" {word}. "), format!(" {word} ")];
        forms.map(|form| rest.find(&form))
    });
    if let Some(end) = guests.flatten().min() {
        rest.truncate(end);
    }
    rest
}

/// `text` without the brackets that hold a remark.
fn without_brackets(text: &str, open: char, close: char) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(open) {
        // A title that was cut off may lack the end of its bracket.
        let close = rest[start..]
            .find(close)
            .map_or(rest.len(), |length| start + length);
        let (inside, end) = (&rest[start + 1..close], rest.len().min(close + 1));
        out.push_str(&rest[..if is_remark(inside) { start } else { end }]);
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// Whether lower-case words after a dash or in brackets name guests or a remaster.
fn is_remark(words: &str) -> bool {
    let first = words.split_whitespace().next().unwrap_or("");
    GUESTS.contains(&first.trim_end_matches('.')) || words.contains("remaster")
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
        ] {
            assert_ne!(name_of("Ann", title), name, "{title}");
        }
        assert_ne!(name_of("Ann", "(I Can't) Stay"), name);
        assert_ne!(name_of("Ann", "夜"), name_of("Ann", "昼"));
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
