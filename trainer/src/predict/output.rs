//! The forms of a result: a table for people, JSON as the page has it, flat CSV.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use clap::ValueEnum;
use undertone::Report;
use undertone::report::csv::{self, Reader};
use undertone::report::{Entry, Outcome};

/// Form of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Columns for people
    Table,
    /// The array that the page exports
    Json,
    /// One flat line a song
    Csv,
}

/// The entries in that form, with a newline at the end.
pub(super) fn text(entries: &[Entry], format: Format) -> Result<String> {
    match format {
        Format::Table => Ok(table(entries)),
        Format::Json => {
            let json = serde_json::to_string_pretty(entries)
                .context("the result can't be written as JSON")?;
            Ok(json + "\n")
        }
        Format::Csv => Ok(csv::table(entries, Reader::Program)),
    }
}

/// Judged songs only; the others are listed on stderr.
fn table(entries: &[Entry]) -> String {
    let reports: Vec<(&str, &Report)> = entries
        .iter()
        .filter_map(|entry| match &entry.outcome {
            Outcome::Ok { report } => Some((entry.file.as_str(), report.as_ref())),
            Outcome::Error { .. } => None,
        })
        .collect();
    if reports.is_empty() {
        return String::new();
    }
    let mut text = String::from(
        "mood         sad  calm happy energ.  arousal valence  agree  seconds  file\n",
    );
    for (file, report) in reports {
        let [sad, calm, happy, energetic] = report.moods.to_array();
        let unsure = if report.unsure { "?" } else { " " };
        // Writing to a String can't fail.
        let _ = writeln!(
            text,
            "{:<9}{unsure}  {sad:>4.2}  {calm:>4.2}  {happy:>4.2}   {energetic:>4.2}    {:>+5.2}   {:>+5.2}   {:>4.2}  {:>7.1}  {file}",
            report.mood,
            report.affect.arousal,
            report.affect.valence,
            report.agreement,
            report.duration_s,
        );
        for reason in &report.reasons {
            let _ = writeln!(text, "             {reason}");
        }
    }
    if text.contains("? ") {
        text.push_str(
            "? = unsure: the joint probabilities are flat, as where the judges disagree\n",
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use undertone::explain::{Contribution, Evidence, Factor, Impression, Word};
    use undertone::features::{Sound, TrackFeatures};
    use undertone::mood::Affect;
    use undertone::report::{JudgeVerdict, JudgeVerdicts, ModelIds};
    use undertone::{AnalysisError, Kind, Mood, MoodProbabilities};

    fn entries() -> Vec<Entry> {
        let moods = MoodProbabilities::from_weights([0.1, 0.6, 0.2, 0.1]);
        let report = Report {
            listed_s: None,
            duration_s: 12.5,
            kind: Kind::Music,
            mood: Mood::Calm,
            unsure: true,
            moods,
            binary: moods.binary(),
            three_class: moods.three_class(),
            affect: Affect {
                arousal: -0.4,
                valence: 0.6,
            },
            judges: JudgeVerdicts {
                network: JudgeVerdict { moods },
                ensemble: JudgeVerdict { moods },
            },
            agreement: 1.0,
            novelty: None,
            features: TrackFeatures::default(),
            sound: Sound::default(),
            timeline: Vec::new(),
            reasons: vec![
                "Slow: that speaks for calm.".to_owned(),
                "Second.".to_owned(),
            ],
            contributions: vec![Contribution {
                factor: Factor::Tempo,
                heard: "slow (72 BPM)".to_owned(),
                impression: Impression {
                    word: Word::Slow,
                    figure: "72".to_owned(),
                },
                shapley: 0.25,
                pull: 0.3,
            }],
            evidence: Evidence::default(),
            models: ModelIds::default(),
        };
        vec![
            Entry::new("a, b.mp3", Ok(report)),
            Entry::new("bad.mp3", Err(AnalysisError::NoAudio)),
        ]
    }

    #[test]
    fn csv_is_flat_and_every_line_has_every_column() {
        let text = text(&entries(), Format::Csv).unwrap();
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().unwrap().clone();
        let column = |name: &str| header.iter().position(|h| h == name).unwrap();
        let records: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(&records[0][column("file")], "a, b.mp3");
        assert_eq!(&records[0][column("mood")], "calm");
        assert_eq!(&records[0][column("arousal")], "-0.4");
        assert_eq!(&records[0][column("shapley_tempo")], "0.25");
        assert_eq!(&records[0][column("shapley_mode")], "");
        let reasons = "Slow: that speaks for calm.; Second.";
        assert_eq!(&records[0][column("reasons")], reasons);
        assert_eq!(&records[1][column("error_kind")], "no-audio");
        let unique: std::collections::HashSet<_> = header.iter().collect();
        assert_eq!(unique.len(), header.len());
    }

    #[test]
    fn json_is_one_array_with_a_status_each() {
        let text = text(&entries(), Format::Json).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value[0]["status"], "ok");
        assert_eq!(value[0]["report"]["mood"], "calm");
        assert_eq!(value[1]["error"]["kind"], "no-audio");
    }

    #[test]
    fn the_table_holds_what_was_judged() {
        let text = text(&entries(), Format::Table).unwrap();
        assert!(text.contains("calm     ?"), "{text}");
        assert!(text.contains("  Slow: that speaks for calm.\n"), "{text}");
        assert!(!text.contains("bad.mp3"), "{text}");
    }
}
