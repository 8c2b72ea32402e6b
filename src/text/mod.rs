//! Every text that is shown or spoken, in every language: one table, so that none lacks
//! a language.
//!
//! A [`Text`] is made by the `texts!` macro, which takes all languages or does not
//! compile. `index.html` names its texts by key (`data-text="question"`). What is said
//! of errors and of reasons is made here too, in [`trouble`] and [`reasons`]: the
//! library itself speaks English.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::kind::Kind;
use crate::mood::Mood;

/// A language that the page speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// Its tag as in the `lang` attribute (BCP 47).
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-Hans",
        }
    }

    /// The language of a tag such as `"en-GB"`, by its first part. Traditional Chinese
    /// counts as Chinese: nearer to its readers than English.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|language| language.primary().eq_ignore_ascii_case(primary))
    }

    /// The first of the visitor's languages that the page speaks, or else English.
    #[must_use]
    pub fn preferred<'a>(tags: impl IntoIterator<Item = &'a str>) -> Self {
        let known = tags.into_iter().find_map(Self::of_tag);
        known.unwrap_or_default()
    }

    /// What stands between the items of a list within a sentence.
    #[must_use]
    pub const fn list_separator(self) -> &'static str {
        match self {
            Self::English => ", ",
            Self::Chinese => "、",
        }
    }

    fn primary(self) -> &'static str {
        let tag = self.tag();
        tag.split_once('-').map_or(tag, |(primary, _)| primary)
    }
}

/// A text in every language; `{name}` in it stands for what [`Text::fill`] puts there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    /// Name in the table.
    name: &'static str,
    english: &'static str,
    chinese: &'static str,
}

impl Text {
    /// The text as it stands.
    #[must_use]
    pub const fn of(self, language: Language) -> &'static str {
        match language {
            Language::English => self.english,
            Language::Chinese => self.chinese,
        }
    }

    /// The text with a value for each `{name}`; a name without a value stays.
    #[must_use]
    pub fn fill(self, language: Language, values: &[(&str, &str)]) -> String {
        let mut rest = self.of(language);
        let mut filled = String::with_capacity(rest.len());
        while let Some((before, (name, after))) = rest
            .split_once('{')
            .and_then(|(before, after)| Some((before, after.split_once('}')?)))
        {
            filled.push_str(before);
            match values.iter().find(|(known, _)| *known == name) {
                Some((_, value)) => filled.push_str(value),
                None => filled.extend(["{", name, "}"]),
            }
            rest = after;
        }
        filled.push_str(rest);
        filled
    }

    /// Whether this is the text of that key: `"drop-hint"` is `DROP_HINT`.
    fn has_key(self, key: &str) -> bool {
        let plain = |byte: u8| if byte == b'-' { b'_' } else { byte };
        let key = key.bytes().map(|byte| plain(byte).to_ascii_uppercase());
        key.eq(self.name.bytes())
    }

    /// What the one `{name}` of this text stands for in an English phrase; empty where
    /// the text has none, `None` where the phrase is another.
    fn read<'a>(self, phrase: &'a str) -> Option<[&'a str; 2]>
    where
        Self: 'a,
    {
        let Some((before, rest)) = self.english.split_once('{') else {
            return (phrase == self.english).then_some(["", ""]);
        };
        let (name, after) = rest.split_once('}')?;
        let value = phrase.strip_prefix(before)?.strip_suffix(after)?;
        Some([name, value])
    }
}

/// Makes a constant [`Text`] of each line, and `ALL` of them.
macro_rules! texts {
    ($($name:ident = $english:literal, $chinese:literal;)*) => {
        $(
            #[doc = $english]
            pub const $name: $crate::text::Text = $crate::text::Text {
                name: stringify!($name),
                english: $english,
                chinese: $chinese,
            };
        )*
        /// All texts of this part.
        pub const ALL: &[$crate::text::Text] = &[$($name),*];
    };
}

pub mod backup;
pub mod features;
pub mod library;
pub mod list;
pub mod live;
pub mod page;
pub mod reasons;
pub mod song;
pub mod tagging;
pub mod trouble;

/// The parts that stand in `index.html`.
const STATIC: [&[Text]; 6] = [
    page::ALL,
    library::ALL,
    list::ALL,
    backup::ALL,
    live::ALL,
    tagging::ALL,
];

/// The static text of that key in `index.html`.
#[must_use]
pub fn by_key(key: &str) -> Option<Text> {
    let mut texts = STATIC.into_iter().flatten().copied();
    texts.find(|text| text.has_key(key))
}

/// A mood's name within a sentence.
#[must_use]
pub const fn mood_name(mood: Mood) -> Text {
    match mood {
        Mood::Sad => song::SAD,
        Mood::Calm => song::CALM,
        Mood::Happy => song::HAPPY,
        Mood::Energetic => song::ENERGETIC,
    }
}

/// What a sound is, within a sentence.
#[must_use]
pub const fn kind_name(kind: Kind) -> Text {
    match kind {
        Kind::Music => song::MUSIC,
        Kind::Speech => song::SPEECH,
        Kind::Noise => song::NOISE,
        Kind::Tone => song::TONE,
        Kind::Silence => song::SILENCE,
    }
}

/// A mood's name as a heading.
#[must_use]
pub const fn mood_title(mood: Mood) -> Text {
    match mood {
        Mood::Sad => page::TITLE_SAD,
        Mood::Calm => page::TITLE_CALM,
        Mood::Happy => page::TITLE_HAPPY,
        Mood::Energetic => page::TITLE_ENERGETIC,
    }
}

/// The text with a capital letter.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}
