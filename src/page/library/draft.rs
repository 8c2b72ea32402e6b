//! A smart list as the visitor fills it in: fields instead of rules.

use super::smart::SmartList;
use crate::features::Key;
use crate::mood::Mood;

/// A field of two ends, by the name that rules have for it.
pub const RANGES: [&str; 4] = ["tempo", "energy", "arousal", "valence"];
/// A field of text.
pub const TEXTS: [&str; 2] = ["artist", "folder"];

/// What is filled in; an empty field asks for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// Name of the list.
    pub name: String,
    /// Name of a mood.
    pub mood: String,
    /// Least certainty in percent.
    pub certainty: String,
    /// From and to, in the order of [`RANGES`].
    pub ranges: [[String; 2]; 4],
    /// Whether half and twice the tempo count, too.
    pub half_and_double: bool,
    /// Key, as musicians or DJs write it.
    pub key: String,
    /// Parts of texts, in the order of [`TEXTS`].
    pub texts: [String; 2],
    /// Rules that no field shows.
    pub others: Vec<String>,
}

impl Draft {
    /// The list that is meant; `None` where the name is missing or a field can't be read.
    #[must_use]
    pub fn list(&self) -> Option<SmartList> {
        let mut rules = Vec::new();
        if let Some(mood) = Mood::from_name(&self.mood) {
            rules.push(format!("mood={}", mood.name()));
        }
        match self.certainty.trim() {
            "" => {}
            percent => rules.push(format!("certainty>={}", share(percent)?)),
        }
        for (field, range) in RANGES.iter().zip(&self.ranges) {
            let about = self.half_and_double && *field == RANGES[0];
            range_rule(field, range, about, &mut rules)?;
        }
        let key = self.key.trim();
        if !key.is_empty() {
            Key::parse(key)?;
            rules.push(format!("key={key}"));
        }
        for (field, text) in TEXTS.iter().zip(&self.texts) {
            let text = text.trim();
            if !text.is_empty() {
                rules.push(format!("{field}~{text}"));
            }
        }
        rules.extend(self.others.iter().cloned());
        SmartList::new(&self.name, rules)
    }

    /// How a list would be filled in.
    #[must_use]
    pub fn of(list: &SmartList) -> Self {
        let mut draft = Self {
            name: list.name.clone(),
            ..Self::default()
        };
        for rule in &list.rules {
            if draft.take(rule).is_none() {
                draft.others.push(rule.clone());
            }
        }
        draft
    }

    /// Puts a rule into its field; `None` where none fits it.
    fn take(&mut self, rule: &str) -> Option<()> {
        let at = rule.find(['=', '<', '>', '!', '~'])?;
        let (field, rest) = rule.split_at(at);
        let value = rest.trim_start_matches(['=', '<', '>', '!', '~']);
        let sign = &rest[..rest.len() - value.len()];
        let range = RANGES.iter().position(|one| *one == field);
        let text = TEXTS.iter().position(|one| *one == field);
        match (field, sign) {
            ("mood", "=") => set(&mut self.mood, Mood::from_name(value)?.name()),
            ("key", "=") => set(&mut self.key, value),
            ("certainty", ">=") => {
                let share: f64 = value.parse().ok()?;
                set(&mut self.certainty, &format!("{:.0}", 100.0 * share))
            }
            (_, "~") if text.is_some() => set(&mut self.texts[text?], value),
            (_, "=" | "~" | ">=" | "<=") if range.is_some() => {
                let range = range?;
                let about = sign == "~";
                if about && range != 0 {
                    return None;
                }
                let ends = match (sign, value.split_once("..")) {
                    ("=" | "~", Some((low, high))) => [low, high],
                    (">=", None) => [value, ""],
                    ("<=", None) => ["", value],
                    _ => return None,
                };
                let fields = &mut self.ranges[range];
                if fields.iter().any(|field| !field.is_empty()) {
                    return None;
                }
                *fields = ends.map(str::to_owned);
                self.half_and_double |= about;
                Some(())
            }
            _ => None,
        }
    }
}

/// Fills in a field that is empty.
fn set(field: &mut String, value: &str) -> Option<()> {
    field.is_empty().then(|| value.clone_into(field))
}

/// A number of percent as a share.
fn share(percent: &str) -> Option<f64> {
    let percent: f64 = number(percent)?.parse().ok()?;
    (0.0..=100.0).contains(&percent).then_some(percent / 100.0)
}

/// The text of a number, with a point where it has a comma; `None` for anything else.
fn number(text: &str) -> Option<String> {
    let text = text.trim().replace(',', ".").replace('−', "-");
    let value: f64 = text.parse().ok()?;
    value.is_finite().then_some(text)
}

/// Adds the rule for a number between two ends, each of which may be open; `None` where one
/// can't be read, or they are the wrong way around.
fn range_rule(
    field: &str,
    range: &[String; 2],
    about: bool,
    rules: &mut Vec<String>,
) -> Option<()> {
    let sign = if about { '~' } else { '=' };
    rules.push(match range.each_ref().map(|end| end.trim()) {
        ["", ""] => return Some(()),
        [low, ""] => format!("{field}>={}", number(low)?),
        ["", high] => format!("{field}<={}", number(high)?),
        [low, high] => {
            let (low, high) = (number(low)?, number(high)?);
            let [least, most]: [f64; 2] = [low.parse().ok()?, high.parse().ok()?];
            (least <= most).then(|| format!("{field}{sign}{low}..{high}"))?
        }
    });
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled_in() -> Draft {
        let range = |low: &str, high: &str| [low.to_owned(), high.to_owned()];
        Draft {
            name: "Run".to_owned(),
            mood: "happy".to_owned(),
            certainty: "60".to_owned(),
            ranges: [
                range("160", "180"),
                range("0,6", ""),
                range("", "0.5"),
                range("", ""),
            ],
            half_and_double: true,
            key: "8A".to_owned(),
            texts: ["Air".to_owned(), String::new()],
            others: vec!["year>=1990".to_owned()],
        }
    }

    #[test]
    fn fields_become_rules_and_rules_fields() {
        let list = filled_in().list().unwrap();
        let expected = [
            "mood=happy",
            "certainty>=0.6",
            "tempo~160..180",
            "energy>=0.6",
            "arousal<=0.5",
            "key=8A",
            "artist~Air",
            "year>=1990",
        ];
        assert_eq!(list.rules, expected);
        let draft = Draft::of(&list);
        assert_eq!(draft.list().unwrap(), list);
        assert_eq!(draft.others, ["year>=1990"]);
        assert_eq!(draft.ranges[1], ["0.6", ""]);
    }

    #[test]
    fn what_can_not_be_read_makes_no_list() {
        let broken: [fn(&mut Draft); 5] = [
            |draft| draft.name = " ".to_owned(),
            |draft| draft.certainty = "much".to_owned(),
            |draft| draft.certainty = "600".to_owned(),
            |draft| draft.ranges[0] = ["180".to_owned(), "160".to_owned()],
            |draft| draft.key = "H".to_owned(),
        ];
        for change in broken {
            let mut draft = filled_in();
            change(&mut draft);
            assert_eq!(draft.list(), None, "{draft:?}");
        }
    }
}
