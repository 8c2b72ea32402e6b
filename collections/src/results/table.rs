//! Columns for people.

use std::fmt::Write as _;

use undertone::Report;

/// Stands above the songs.
pub const HEADER: &str =
    "mood         sad  calm happy energ.  arousal valence  agree  seconds  file\n";

/// Stands below them, where a song is unsure.
pub const UNSURE: &str =
    "? = unsure: the joint probabilities are flat, as where the judges disagree\n";

/// One song: a line of numbers, then one for each reason.
#[must_use]
pub fn lines(file: &str, report: &Report) -> String {
    let [sad, calm, happy, energetic] = report.moods.to_array();
    let is_music = report.kind.is_music();
    let mood = if is_music {
        report.mood.name()
    } else {
        report.kind.name()
    };
    let unsure = if is_music && report.unsure { "?" } else { " " };
    let mut text = format!(
        "{:<9}{unsure}  {sad:>4.2}  {calm:>4.2}  {happy:>4.2}   {energetic:>4.2}    {:>+5.2}   {:>+5.2}   {:>4.2}  {:>7.1}  {file}\n",
        mood, report.affect.arousal, report.affect.valence, report.agreement, report.duration_s,
    );
    for reason in &report.reasons {
        // Writing to a String can't fail.
        let _ = writeln!(text, "             {reason}");
    }
    text
}
