//! Results as a flat table: one line an entry, one value a column.

use super::{Entry, Outcome, Report};
use crate::explain::Factor;
use crate::features::TrackFeatures;
use crate::mood::{Mood, MoodProbabilities};

/// Who reads the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// A program: nothing but RFC 4180, lines ending in a line feed.
    Program,
    /// A spreadsheet as well: a byte order mark, lines as RFC 4180 asks for, last columns
    /// with what the visitor and the file's tags said, and texts that can't be taken for
    /// formulas.
    Spreadsheet(Separator),
}

/// What stands between the fields of a table for spreadsheets: which one opens in columns
/// depends on the spreadsheet's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Separator {
    /// A comma, and numbers with a point.
    #[default]
    Comma,
    /// A semicolon, and numbers with a comma, as where people write those (German, French …).
    Semicolon,
    /// A tab, and numbers with a point.
    Tab,
}

impl Separator {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Comma, Self::Semicolon, Self::Tab];

    /// The name in the page's choice.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Comma => "comma",
            Self::Semicolon => "semicolon",
            Self::Tab => "tab",
        }
    }

    /// The separator of that [`Separator::name`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }

    /// The sign itself.
    const fn sign(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Semicolon => ';',
            Self::Tab => '\t',
        }
    }
}

impl Reader {
    const fn separator(self) -> Separator {
        match self {
            Self::Program => Separator::Comma,
            Self::Spreadsheet(separator) => separator,
        }
    }

    const fn is_spreadsheet(self) -> bool {
        matches!(self, Self::Spreadsheet(_))
    }

    /// A number as this reader takes it.
    fn number(self, value: impl ToString) -> String {
        let text = value.to_string();
        match self.separator() {
            Separator::Semicolon => text.replace('.', ","),
            Separator::Comma | Separator::Tab => text,
        }
    }

    /// What a table begins with.
    pub(super) const fn mark(self) -> &'static str {
        if self.is_spreadsheet() {
            "\u{feff}"
        } else {
            ""
        }
    }
}

/// Columns that stand before the moods.
const FIRST: [&str; 6] = ["file", "status", "duration_s", "kind", "mood", "unsure"];
/// Columns of the derived views, in the order of [`views`].
const VIEWS: [&str; 8] = [
    "positive",
    "negative",
    "three_class_sad",
    "three_class_healing",
    "three_class_joyful",
    "arousal",
    "valence",
    "agreement",
];
/// Column of [`Report::novelty`].
const NOVELTY: &str = "novelty";
/// Columns of the reasons, after one for each factor's Shapley value.
const WHY: [&str; 3] = ["strongest_from_s", "strongest_to_s", "reasons"];
/// Columns that stand last.
const LAST: [&str; 2] = ["error_kind", "error_message"];
/// What the visitor said, then what the file says.
const SAID: [&str; 8] = [
    "said",
    "title",
    "artist",
    "album",
    "track_number",
    "year",
    "tag_bpm",
    "tag_key",
];

/// The entries as a table with a header; empty where there is no value.
#[must_use]
pub fn table(entries: &[Entry], reader: Reader) -> String {
    let mut text = String::from(reader.mark());
    let mut header = columns();
    if reader.is_spreadsheet() {
        header.extend(SAID.map(str::to_owned));
    }
    push_line(&mut text, &header, reader);
    for entry in entries {
        push_line(&mut text, &record(entry, reader), reader);
    }
    text
}

/// Songs with a mood that a person gave them, as `trainer import` reads them.
#[must_use]
pub fn manifest<'a>(songs: impl IntoIterator<Item = (&'a str, Mood)>) -> String {
    let mut text = String::from("path,mood\n");
    for (path, mood) in songs {
        let line = [path.to_owned(), mood.to_string()];
        push_line(&mut text, &line, Reader::Program);
    }
    text
}

/// Appends one line.
pub(super) fn push_line(text: &mut String, fields: &[String], reader: Reader) {
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            text.push(reader.separator().sign());
        }
        push_field(text, field, reader);
    }
    text.push_str(match reader {
        Reader::Program => "\n",
        Reader::Spreadsheet(_) => "\r\n",
    });
}

/// Appends a field, in quotes where RFC 4180 asks for them.
fn push_field(text: &mut String, field: &str, reader: Reader) {
    if field.contains(['"', reader.separator().sign(), '\n', '\r']) {
        text.push('"');
        text.push_str(&field.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(field);
    }
}

/// A text that no spreadsheet takes for a formula: an apostrophe goes before the signs that
/// formulas start with (OWASP, "CSV Injection").
pub(super) fn plain(text: &str, reader: Reader) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if reader.is_spreadsheet() && formula {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn columns() -> Vec<String> {
    let moods = |prefix: &str| Mood::ALL.map(|mood| format!("{prefix}{mood}"));
    let mut columns: Vec<String> = FIRST.map(str::to_owned).to_vec();
    columns.extend(moods(""));
    columns.extend(VIEWS.map(str::to_owned));
    columns.push(NOVELTY.to_owned());
    columns.extend(moods("network_"));
    columns.extend(moods("ensemble_"));
    // The prefix tells the track's valence from the verdict's.
    columns.extend(TrackFeatures::NAMES.map(|name| format!("track_{name}")));
    columns.extend(Factor::ALL.map(|factor| format!("shapley_{}", factor.name())));
    columns.extend(WHY.map(str::to_owned));
    columns.extend(LAST.map(str::to_owned));
    columns
}

fn record(entry: &Entry, reader: Reader) -> Vec<String> {
    let mut record = vec![plain(&entry.file, reader)];
    let width = columns().len();
    match &entry.outcome {
        Outcome::Ok { report } => {
            push_report(&mut record, report, reader);
            record.resize(width, String::new());
        }
        Outcome::Error { error } => {
            record.push("error".to_owned());
            record.resize(width - LAST.len(), String::new());
            record.push(error.kind.clone());
            record.push(plain(&error.message, reader));
        }
    }
    if reader.is_spreadsheet() {
        record.extend(said(entry, reader));
    }
    record
}

fn said(entry: &Entry, reader: Reader) -> [String; SAID.len()] {
    let tags = &entry.tags;
    let number = |value: Option<f64>| value.map_or_else(String::new, |v| reader.number(v));
    [
        entry.said.map_or_else(String::new, |mood| mood.to_string()),
        plain(&tags.title, reader),
        plain(&tags.artist, reader),
        plain(&tags.album, reader),
        number(tags.track.map(f64::from)),
        number(tags.year.map(f64::from)),
        number(tags.bpm),
        plain(&tags.key, reader),
    ]
}

fn push_report(record: &mut Vec<String>, report: &Report, reader: Reader) {
    let moods = |p: &MoodProbabilities| p.to_array().map(|p| reader.number(p));
    record.push("ok".to_owned());
    record.push(reader.number(report.duration_s));
    record.push(report.kind.name().to_owned());
    let mood = report.kind.is_music().then(|| report.mood.to_string());
    record.push(mood.unwrap_or_default());
    record.push(report.unsure.to_string());
    record.extend(moods(&report.moods));
    record.extend(views(report).map(|value| reader.number(value)));
    let novelty = report.novelty.map(|value| reader.number(value));
    record.push(novelty.unwrap_or_default());
    record.extend(moods(&report.judges.network.moods));
    record.extend(moods(&report.judges.ensemble.moods));
    let features = report.features.to_array();
    record.extend(features.map(|value| value.map_or_else(String::new, |v| reader.number(v))));
    record.extend(Factor::ALL.map(|factor| {
        let mut all = report.contributions.iter();
        let value = all.find(|c| c.factor == factor).map(|c| c.shapley);
        value.map_or_else(String::new, |v| reader.number(v))
    }));
    record.extend(report.evidence.strongest_s.map(|s| reader.number(s)));
    record.push(plain(&report.reasons.join("; "), reader));
}

fn views(report: &Report) -> [f32; VIEWS.len()] {
    [
        report.binary.positive,
        report.binary.negative,
        report.three_class.sad,
        report.three_class.healing,
        report.three_class.joyful,
        report.affect.arousal,
        report.affect.valence,
        report.agreement,
    ]
}
