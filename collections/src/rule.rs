//! What a song must meet to be on a list.

use std::ops::Bound::{self, Excluded, Included, Unbounded};
use std::ops::RangeBounds;
use std::str::FromStr;

use serde_json::Value;
use undertone::Report;

/// Where a bare name is looked up in a report, after the report itself.
const PARTS: [&str; 3] = ["features", "sound", "moods"];

/// One condition, such as `mood=calm`, `energy>=0.6`, `tempo=120..140`.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// A name, or the way to a nested one: `judges.network.moods.sad`.
    field: String,
    test: Test,
}

#[derive(Debug, Clone, PartialEq)]
enum Test {
    Is(String),
    IsNot(String),
    Within(Bound<f64>, Bound<f64>),
}

impl Rule {
    /// Whether the report meets it; a value that was not measured meets nothing.
    #[must_use]
    pub fn holds(&self, report: &Report) -> bool {
        let Ok(report) = serde_json::to_value(report) else {
            return false;
        };
        let value = self.value(&report);
        match &self.test {
            Test::Is(text) => says(value, text),
            Test::IsNot(text) => !value.is_null() && !says(value, text),
            Test::Within(low, high) => value.as_f64().is_some_and(|n| (*low, *high).contains(&n)),
        }
    }

    fn value<'a>(&self, report: &'a Value) -> &'a Value {
        let way = |value: &'a Value| self.field.split('.').fold(value, |at, name| &at[name]);
        let parts = PARTS.iter().map(|part| way(&report[*part]));
        let mut places = [way(report)].into_iter().chain(parts);
        places
            .find(|value| !value.is_null())
            .unwrap_or(&Value::Null)
    }
}

/// Whether a value is that text or number.
fn says(value: &Value, text: &str) -> bool {
    match value {
        Value::String(value) => value == text,
        Value::Number(value) => text.parse().is_ok_and(|n| value.as_f64() == Some(n)),
        Value::Bool(value) => text.parse() == Ok(*value),
        _ => false,
    }
}

impl FromStr for Rule {
    type Err = String;

    fn from_str(rule: &str) -> Result<Self, String> {
        let wrong = || {
            format!("{rule:?} is no rule; expected such as mood=calm, energy>=0.6, tempo=120..140")
        };
        let at = rule.find(['=', '<', '>', '!']).ok_or_else(wrong)?;
        let (field, rest) = rule.split_at(at);
        let sign_ends = rest.find(|sign| !"=<>!".contains(sign)).ok_or_else(wrong)?;
        let (sign, value) = rest.split_at(sign_ends);
        let (field, value) = (field.trim(), value.trim());
        let number = || value.parse().map_err(|_| wrong());
        let range = value.split_once("..").and_then(|(low, high)| {
            let (low, high) = (low.parse().ok()?, high.parse().ok()?);
            (low <= high).then_some((Included(low), Included(high)))
        });
        let test = match (sign, range) {
            ("=", Some((low, high))) => Test::Within(low, high),
            ("=", None) => Test::Is(value.to_owned()),
            ("!=", _) => Test::IsNot(value.to_owned()),
            (">=", _) => Test::Within(Included(number()?), Unbounded),
            ("<=", _) => Test::Within(Unbounded, Included(number()?)),
            (">", _) => Test::Within(Excluded(number()?), Unbounded),
            ("<", _) => Test::Within(Unbounded, Excluded(number()?)),
            _ => return Err(wrong()),
        };
        if field.is_empty() || value.is_empty() {
            return Err(wrong());
        }
        let field = field.to_owned();
        Ok(Self { field, test })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::record::tests::record;

    #[test]
    fn rules_look_at_any_field_of_a_report() {
        let mut report = record("a").report().unwrap().clone();
        report.unsure = false;
        report.features.tempo = Some(130.0);
        report.features.time_signature = None;
        let holds = |rule: &str| rule.parse::<Rule>().unwrap().holds(&report);
        let met = [
            "mood=calm",
            "mood!=sad",
            "unsure=false",
            "tempo=120..140",
            "tempo = 130",
            "energy<0.1",
            "calm>0.5",
            "onset_rate_hz>=4",
            "key=2",
            "arousal<=-0.7",
            "judges.network.moods.sad>0.3",
            "features.valence<0.1",
        ];
        for rule in met {
            assert!(holds(rule), "{rule}");
        }
        // Valence alone is the verdict's, which stands in the report itself.
        let unmet = [
            "mood=sad",
            "tempo=131..140",
            "valence<0.1",
            "time_signature=4",
            "time_signature!=4",
            "shoe_size>1",
            "tempo<130",
            "tempo>130",
        ];
        for rule in unmet {
            assert!(!holds(rule), "{rule}");
        }
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        for rule in [
            "",
            "mood",
            "=calm",
            "mood=",
            "energy>high",
            "energy=>1",
            "a<>1",
        ] {
            assert!(rule.parse::<Rule>().is_err(), "{rule}");
        }
    }
}
