//! The report of the study: what a paper needs, as `report.json`, `report.md` and
//! `report.html`. The same runs give the same bytes.

pub mod about;
mod compose;
mod document;
mod earlier;
mod held;
mod plot;
mod study;
pub mod system;
pub mod task;
#[cfg(test)]
mod tests;
mod variant;

use std::path::Path;

use anyhow::{Context, Result};

pub use self::held::SongRef;
pub use self::study::StudyReport;
use collections::files;

/// Writes `report.json`, `report.md` and `report.html` into a folder, each whole or not
/// at all.
///
/// # Errors
/// Where a plot can't be drawn or the folder can't be written to.
pub fn write(report: &StudyReport, dir: &Path) -> Result<()> {
    let document = compose::document(report)?;
    let json = serde_json::to_string_pretty(report).context("the report is no JSON")? + "\n";
    for (name, text) in [
        ("report.json", json),
        ("report.md", document.to_markdown().to_owned()),
        ("report.html", document.to_html()),
    ] {
        files::write(&dir.join(name), text.as_bytes())?;
    }
    Ok(())
}
