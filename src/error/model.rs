//! Why a model file is refused.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::{Language, Text, trouble};

/// Why a model file is refused. Every text names the file.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[error("{}", self.say(Language::English))]
pub enum ModelError {
    /// The file is not there.
    Missing {
        /// File name.
        name: String,
        /// What the loader said.
        detail: String,
    },
    /// The size differs from the card's.
    Size {
        /// File name.
        name: String,
        /// Bytes that came.
        got: u64,
        /// Bytes on the card.
        expected: u64,
    },
    /// The contents differ from the card's SHA-256.
    Hash {
        /// File name.
        name: String,
        /// SHA-256 that came, in hexadecimal.
        got: String,
        /// SHA-256 on the card, in hexadecimal.
        expected: String,
    },
    /// The card asks for another front end than this library has.
    FrontEnd {
        /// File name.
        name: String,
        /// Name of the parameter.
        field: String,
        /// Value on the card.
        got: String,
        /// Value in the library.
        expected: String,
    },
    /// The file can't be read as what it claims to be.
    Invalid {
        /// File name.
        name: String,
        /// What the reader said.
        detail: String,
    },
    /// The model loaded but failed on a song.
    Run {
        /// File name.
        name: String,
        /// What the engine said.
        detail: String,
    },
}

impl ModelError {
    /// Why the file is refused, without a capital letter or a full stop.
    #[must_use]
    pub fn say(&self, language: Language) -> String {
        let say = |text: Text, values: &[(&str, &str)]| text.fill(language, values);
        match self {
            Self::Missing { name, detail } => {
                let detail = trouble::detail(language, detail);
                say(
                    trouble::MODEL_MISSING,
                    &[("name", name), ("detail", &detail)],
                )
            }
            Self::Size {
                name,
                got,
                expected,
            } => say(
                trouble::MODEL_SIZE,
                &[
                    ("name", name),
                    ("got", &got.to_string()),
                    ("expected", &expected.to_string()),
                ],
            ),
            Self::Hash {
                name,
                got,
                expected,
            } => say(
                trouble::MODEL_HASH,
                &[("name", name), ("got", got), ("expected", expected)],
            ),
            Self::FrontEnd {
                name,
                field,
                got,
                expected,
            } => say(
                trouble::MODEL_FRONT_END,
                &[
                    ("name", name),
                    ("field", field),
                    ("got", got),
                    ("expected", expected),
                ],
            ),
            Self::Invalid { name, detail } => say(
                trouble::MODEL_INVALID,
                &[("name", name), ("detail", detail)],
            ),
            Self::Run { name, detail } => {
                say(trouble::MODEL_RUN, &[("name", name), ("detail", detail)])
            }
        }
    }
}
