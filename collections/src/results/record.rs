//! What is known of one song of a collection.

use serde::{Deserialize, Serialize};
use undertone::Report;
use undertone::report::{Entry, ErrorText, Outcome};

/// One song: an entry as the page exports it, and the hash of the file's contents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The name of the file, and the report or an error.
    #[serde(flatten)]
    pub entry: Entry,
    /// SHA-256 of the contents in hexadecimal, where they could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

impl Record {
    /// A song that never came to be heard: `kind` is a stable name beside those of
    /// [`undertone::AnalysisError::kind`].
    #[must_use]
    pub fn failed(file: impl Into<String>, kind: &str, message: impl Into<String>) -> Self {
        let error = ErrorText {
            kind: kind.to_owned(),
            message: message.into(),
        };
        let entry = Entry {
            file: file.into(),
            outcome: Outcome::Error { error },
            said: None,
            tags: Box::default(),
        };
        Self {
            entry,
            sha256: None,
        }
    }

    /// The report, where there is one.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        match &self.entry.outcome {
            Outcome::Ok { report } => Some(report),
            Outcome::Error { .. } => None,
        }
    }

    /// Why there is none.
    #[must_use]
    pub const fn error(&self) -> Option<&ErrorText> {
        match &self.entry.outcome {
            Outcome::Ok { .. } => None,
            Outcome::Error { error } => Some(error),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A judged song of that name, as `trainer predict --format jsonl` wrote it of a sample,
    /// cut to three moments.
    pub fn record(file: &str) -> Record {
        let text = include_str!("../../tests/data/verdict.json");
        let mut record: Record = serde_json::from_str(text).unwrap();
        file.clone_into(&mut record.entry.file);
        record
    }

    #[test]
    fn a_record_is_an_entry_of_the_page_and_a_hash() {
        let record = record("a.ogg");
        let json = serde_json::to_value(&record).unwrap();
        assert_eq!(json["status"], "ok");
        assert_eq!(json["sha256"].as_str().unwrap().len(), 64);
        let entry: Entry = serde_json::from_value(json).unwrap();
        assert_eq!(entry, record.entry);
        assert_eq!(
            Record::failed("a", "empty", "b").error().unwrap().kind,
            "empty"
        );
    }
}
