//! Numbers as tables write them.

use std::cell::Cell;

use anyhow::{Result, anyhow};

use super::ranges::Range;
use super::sheet::Line;
use collections::console::Hint;

/// Words for a number that is not there, in lower case, as pandas, R, SQL, spreadsheets and
/// people write them.
const MISSING: [&str; 10] = [
    "", "nan", "na", "n/a", "#n/a", "null", "none", "\\n", "-", "?",
];

/// Reads the numbers of one table.
#[derive(Debug, Default)]
pub struct Numbers {
    /// What they are written with: a point or a comma.
    decimal: Cell<Option<char>>,
}

impl Numbers {
    /// A number; `None` where it is missing. A table that writes decimal commas writes no
    /// points: `1,000` beside `0.5` may be a thousand.
    ///
    /// # Errors
    /// When the field is no number.
    pub fn read(
        &self,
        line: Line<'_, '_>,
        place: Option<usize>,
        name: &str,
    ) -> Result<Option<f64>> {
        let word = line.at(place);
        let is_word = !word.starts_with(|c: char| c.is_ascii_digit());
        if is_word
            && MISSING
                .iter()
                .any(|missing| missing.eq_ignore_ascii_case(word))
        {
            return Ok(None);
        }
        let refuse = |what: &str| {
            let spot = spot(line, place, name);
            Err(anyhow!("{spot}: {word:?} {what}"))
                .hint("numbers are written as 0.5 or 0,5; a missing one is left empty")
        };
        let written = word.chars().find(|c| [',', '.'].contains(c));
        if written.is_some() {
            let usual = self.decimal.get().or(written);
            if usual != written {
                return refuse("has another decimal sign than the numbers before");
            }
            self.decimal.set(usual);
        }
        let parsed = if written == Some(',') {
            word.replacen(',', ".", 1).parse()
        } else {
            word.parse()
        };
        match parsed {
            Ok(value) if f64::is_finite(value) => Ok(Some(value)),
            _ => refuse("is not a number"),
        }
    }
}

/// `t.csv, line 3, column 2 (valence)`.
pub fn spot(line: Line<'_, '_>, place: Option<usize>, name: &str) -> String {
    let column = place.map_or(0, |place| place + 1);
    format!("{}, column {column} ({name})", line.place())
}

/// Refuses a value beyond the range of a feature.
///
/// # Errors
/// When it is.
pub fn check_range(
    line: Line<'_, '_>,
    place: Option<usize>,
    name: &str,
    range: Range,
    value: Option<f64>,
) -> Result<()> {
    match value {
        Some(value) if !range.holds(value) => {
            let spot = spot(line, place, name);
            Err(anyhow!("{spot}: {value} is out of range"))
                .hint(format!("{name} is in {range}, in Spotify's units"))
        }
        _ => Ok(()),
    }
}
