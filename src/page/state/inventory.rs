//! What the page consists of, and how much of it is downloaded for what.

use serde::Deserialize;

/// Name of the list that the build writes.
pub const LIST: &str = "files.json";

/// A line of the list.
#[derive(Debug, Clone, Deserialize)]
struct File {
    url: String,
    bytes: u64,
}

/// Bytes by purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Inventory {
    /// The page itself.
    pub page: u64,
    /// The worker and its models.
    pub judges: u64,
    /// The sample songs.
    pub samples: u64,
}

impl Inventory {
    /// Sums up the list (JSON); `None` where it is none.
    #[must_use]
    pub fn read(list: &[u8]) -> Option<Self> {
        let files: Vec<File> = serde_json::from_slice(list).ok()?;
        let mut sums = Self::default();
        for File { url, bytes } in files {
            let judges = ["worker", "judge.js", "models/"];
            let sum = if judges.iter().any(|start| url.starts_with(start)) {
                &mut sums.judges
            } else if url.starts_with("samples/") {
                &mut sums.samples
            } else {
                &mut sums.page
            };
            *sum += bytes;
        }
        Some(sums)
    }

    /// All that everybody downloads.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.page + self.judges + self.samples
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_summed_by_purpose() {
        let list = br#"[{"url":"./","sha256":"0","bytes":1},{"url":"worker_bg.wasm","bytes":10},
            {"url":"models/mood.onnx","bytes":100},
            {"url":"samples/a.ogg","bytes":1000}]"#;
        let expected = Inventory {
            page: 1,
            judges: 110,
            samples: 1000,
        };
        assert_eq!(Inventory::read(list), Some(expected));
        assert_eq!(expected.total(), 1111);
        assert_eq!(Inventory::read(b"<!doctype html>"), None);
    }
}
