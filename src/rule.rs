//! What a song must meet to be on a list: one language for page and trainer.

use std::borrow::Cow;
use std::fmt;
use std::ops::Bound::{self, Excluded, Included, Unbounded};
use std::ops::RangeBounds;
use std::str::FromStr;

use serde_json::Value;

use crate::features::Key;
use crate::report::Report;

/// Where a bare name is looked up in a report, after the report itself.
const PARTS: [&str; 3] = ["features", "sound", "moods"];
/// The fields of a song's key.
const KEY: &str = "key";

/// One condition, such as `mood=calm`, `energy>=0.6`, `tempo=120..140`, `tempo~120..140` (its
/// half and its double count, too), `artist~air` (the text holds that), `key=8A`.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// A name, or the way to a nested one: `judges.network.moods.sad`.
    field: String,
    test: Test,
    /// As it was written.
    text: String,
}

#[derive(Debug, Clone, PartialEq)]
enum Test {
    Is(String),
    IsNot(String),
    /// The text holds that, in any case; kept in small letters.
    Holds(String),
    Within(Bound<f64>, Bound<f64>),
    /// The number, its half or its double lies there.
    About(f64, f64),
}

/// A value that a rule looks at.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact<'a> {
    /// A text.
    Text(Cow<'a, str>),
    /// A number.
    Number(f64),
    /// Yes or no.
    Truth(bool),
}

/// What rules look at.
pub trait Facts {
    /// The value of that name; `None` where there is none.
    fn fact(&self, field: &str) -> Option<Fact<'_>>;

    /// The musical key.
    fn musical_key(&self) -> Option<Key>;
}

impl Rule {
    /// Whether the song meets it; a value that was not measured meets nothing.
    #[must_use]
    pub fn holds(&self, song: &impl Facts) -> bool {
        if self.field == KEY
            && let Test::Is(text) | Test::IsNot(text) = &self.test
            && let Some(wanted) = Key::parse(text)
        {
            let is_not = matches!(self.test, Test::IsNot(_));
            let key = song.musical_key();
            return key.is_some_and(|key| (key == wanted) != is_not);
        }
        let Some(fact) = song.fact(&self.field) else {
            return false;
        };
        let number = match fact {
            Fact::Number(number) => Some(number),
            _ => None,
        };
        match &self.test {
            Test::Is(text) => fact.says(text),
            Test::IsNot(text) => !fact.says(text),
            Test::Holds(text) => match fact {
                Fact::Text(value) => value.to_lowercase().contains(text),
                _ => false,
            },
            Test::Within(low, high) => number.is_some_and(|n| (*low, *high).contains(&n)),
            Test::About(low, high) => number.is_some_and(|n| {
                let range = *low..=*high;
                [n, n / 2.0, 2.0 * n].iter().any(|n| range.contains(n))
            }),
        }
    }
}

impl Fact<'_> {
    /// Whether it is that text or number.
    fn says(&self, text: &str) -> bool {
        match self {
            Self::Text(value) => value == text,
            Self::Number(value) => text.parse() == Ok(*value),
            Self::Truth(value) => text.parse() == Ok(*value),
        }
    }
}

/// A report as JSON, for rules to look at.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportFacts {
    json: Value,
    key: Option<Key>,
}

impl From<&Report> for ReportFacts {
    fn from(report: &Report) -> Self {
        Self {
            // Plain numbers and texts: this does not fail.
            json: serde_json::to_value(report).unwrap_or_default(),
            key: Key::of(&report.features),
        }
    }
}

impl Facts for ReportFacts {
    fn fact(&self, field: &str) -> Option<Fact<'_>> {
        let way = |from: &'_ Value| {
            let mut names = field.split('.');
            names.try_fold(from.clone(), |at, name| at.get(name).cloned())
        };
        let parts = PARTS.iter().filter_map(|part| self.json.get(*part));
        let mut places = std::iter::once(&self.json).chain(parts);
        match places.find_map(|place| way(place).filter(|value| !value.is_null()))? {
            Value::String(text) => Some(Fact::Text(Cow::Owned(text))),
            Value::Number(number) => number.as_f64().map(Fact::Number),
            Value::Bool(truth) => Some(Fact::Truth(truth)),
            _ => None,
        }
    }

    fn musical_key(&self) -> Option<Key> {
        self.key
    }
}

impl FromStr for Rule {
    type Err = String;

    fn from_str(rule: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "{rule:?} is no rule; expected such as mood=calm, energy>=0.6, tempo=120..140, tempo~120..140, key=8A"
            )
        };
        let at = rule.find(['=', '<', '>', '!', '~']).ok_or_else(wrong)?;
        let (field, rest) = rule.split_at(at);
        let sign_ends = rest
            .find(|sign| !"=<>!~".contains(sign))
            .ok_or_else(wrong)?;
        let (sign, value) = rest.split_at(sign_ends);
        let (field, value) = (field.trim(), value.trim());
        let number = || value.parse().map_err(|_| wrong());
        let range = value.split_once("..").and_then(|(low, high)| {
            let (low, high) = (low.parse().ok()?, high.parse().ok()?);
            (low <= high).then_some((low, high))
        });
        let test = match (sign, range) {
            ("=", Some((low, high))) => Test::Within(Included(low), Included(high)),
            ("=", None) => Test::Is(value.to_owned()),
            ("!=", _) => Test::IsNot(value.to_owned()),
            ("~", Some((low, high))) => Test::About(low, high),
            ("~", None) => Test::Holds(value.to_lowercase()),
            (">=", _) => Test::Within(Included(number()?), Unbounded),
            ("<=", _) => Test::Within(Unbounded, Included(number()?)),
            (">", _) => Test::Within(Excluded(number()?), Unbounded),
            ("<", _) => Test::Within(Unbounded, Excluded(number()?)),
            _ => return Err(wrong()),
        };
        if field.is_empty() || value.is_empty() {
            return Err(wrong());
        }
        Ok(Self {
            field: field.to_owned(),
            test,
            text: format!("{field}{sign}{value}"),
        })
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::report;

    fn rule(text: &str) -> Rule {
        text.parse().unwrap()
    }

    #[test]
    fn rules_look_at_any_field_of_a_report() {
        let mut report = report();
        report.unsure = false;
        report.features.tempo = Some(130.0);
        report.features.key = Some(9.0);
        report.features.mode = Some(0.0);
        report.features.energy = Some(0.25);
        report.features.valence = Some(0.9);
        report.features.time_signature = None;
        report.affect.valence = 0.2;
        let facts = ReportFacts::from(&report);
        let met = [
            "mood=calm",
            "mood!=sad",
            "mood~CAL",
            "unsure=false",
            "tempo=120..140",
            "tempo = 130",
            "tempo~60..70",
            "tempo~255..265",
            "energy<0.3",
            "calm>0.5",
            "key=9",
            "key=8A",
            "key=Am",
            "key!=C",
            "features.valence>0.8",
        ];
        for text in met {
            assert!(rule(text).holds(&facts), "{text}");
        }
        // Valence alone is the verdict's, which stands in the report itself.
        let unmet = [
            "mood=sad",
            "mood~sad",
            "tempo=131..140",
            "tempo~131..140",
            "tempo=60..70",
            "valence>0.8",
            "time_signature=4",
            "time_signature!=4",
            "shoe_size>1",
            "tempo<130",
            "tempo>130",
            "key=8B",
        ];
        for text in unmet {
            assert!(!rule(text).holds(&facts), "{text}");
        }
    }

    #[test]
    fn a_rule_is_written_as_it_is_read() {
        for text in ["mood=calm", "tempo~120..140", "energy>=0.6", "artist~Björk"] {
            assert_eq!(rule(text).to_string(), text);
        }
        assert_eq!(rule(" tempo = 130 ").to_string(), "tempo=130");
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        for text in [
            "",
            "mood",
            "=calm",
            "mood=",
            "energy>high",
            "energy=>1",
            "a<>1",
            "artist~",
        ] {
            assert!(text.parse::<Rule>().is_err(), "{text}");
        }
    }
}
