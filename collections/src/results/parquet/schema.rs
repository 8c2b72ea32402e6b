//! The columns, as `docs/collections.md` lists them.

use std::sync::Arc;

use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef};
use undertone::Mood;
use undertone::features::TrackFeatures;

use DataType::{Boolean, Float32, Float64, Utf8};

/// Of these columns; it stands in the file's metadata as [`VERSION_KEY`].
pub const VERSION: &str = "1";
/// Where the version stands.
pub const VERSION_KEY: &str = "undertone.schema";

/// Columns that are no part of a report.
pub const OWN: [&str; 5] = ["file", "sha256", "status", "error", "said"];

/// Every field of a report, named and nested as in its JSON. All may be null: a song without
/// a verdict has none of them.
#[must_use]
pub fn schema() -> SchemaRef {
    let moods = || all(Float32, Mood::ALL.map(Mood::name));
    let judge = || group([("moods", moods())]);
    let mut columns = vec![
        ("file", Utf8),
        ("sha256", Utf8),
        ("status", Utf8),
        ("error", all(Utf8, ["kind", "message"])),
        ("said", Utf8),
        ("duration_s", Float64),
        ("listed_s", Float64),
        ("kind", Utf8),
        ("mood", Utf8),
        ("unsure", Boolean),
        ("moods", moods()),
        ("binary", all(Float32, ["positive", "negative"])),
        ("three_class", all(Float32, ["sad", "healing", "joyful"])),
        ("arousal", Float32),
        ("valence", Float32),
    ];
    let judges = ["network", "ensemble"].map(|name| (name, judge()));
    columns.extend([
        ("judges", group(judges)),
        ("agreement", Float32),
        ("novelty", Float32),
        ("features", all(Float64, TrackFeatures::NAMES)),
        ("sound", sound()),
        ("timeline", list(moment(moods()))),
        ("reasons", list(Utf8)),
        ("contributions", list(contribution())),
        ("evidence", evidence()),
        ("models", all(Utf8, ["network", "ensemble", "features"])),
    ]);
    Arc::new(Schema::new(fields(columns)))
}

fn sound() -> DataType {
    let numbers = [
        "loudness_range_lu",
        "true_peak_dbtp",
        "dynamic_range_db",
        "spectral_centroid_hz",
        "spectral_flux",
        "onset_rate_hz",
        "pulse_clarity",
        "tempo_confidence",
        "key_confidence",
        "tuning_cents",
    ];
    let numbers = numbers.map(|name| (name, Float64));
    let others = [("mode_open", Boolean), ("beats_s", list(Float64))];
    group(numbers.into_iter().chain(others))
}

fn moment(moods: DataType) -> DataType {
    group([
        ("t_s", Float64),
        ("kind", Utf8),
        ("moods", moods),
        ("arousal", Float32),
        ("valence", Float32),
    ])
}

fn contribution() -> DataType {
    let words = ["factor", "heard", "word", "figure"].map(|name| (name, Utf8));
    let numbers = ["shapley", "pull"].map(|name| (name, Float64));
    group(words.into_iter().chain(numbers))
}

fn evidence() -> DataType {
    let band = [("low_hz", Float64), ("high_hz", Float64), ("drop", Float32)];
    group([
        ("moments", list(Float32)),
        ("strongest_s", list(Float64)),
        ("bands", list(group(band))),
    ])
}

fn fields<'a>(named: impl IntoIterator<Item = (&'a str, DataType)>) -> Fields {
    let field = |(name, kind)| Field::new(name, kind, true);
    named.into_iter().map(field).collect()
}

fn group<'a>(named: impl IntoIterator<Item = (&'a str, DataType)>) -> DataType {
    DataType::Struct(fields(named))
}

fn all<const N: usize>(kind: DataType, names: [&str; N]) -> DataType {
    group(names.map(|name| (name, kind.clone())))
}

fn list(kind: DataType) -> DataType {
    DataType::List(Arc::new(Field::new_list_field(kind, true)))
}
