//! "More like this": the nearest songs by what was measured and judged.

use super::kept::Kept;
use super::song::LibrarySong;

/// Numbers that songs are compared by; the first [`JUDGED`] are the judges'.
pub(super) const DIMENSIONS: usize = 19;
/// The moods, arousal and valence.
const JUDGED: usize = 6;
/// Weight of each of those against a measured one: so that the judges, who heard more than
/// is measured here, count for as much as all the rest.
const JUDGED_WEIGHT: f64 = (DIMENSIONS - JUDGED) as f64 / JUDGED as f64;

/// What songs are compared by, in an order of its own.
pub(super) type Place = [Option<f64>; DIMENSIONS];

/// What songs are compared by, `None` where it was not measured. Key, mode and time
/// signature are left out, since neighbours in number are not neighbours in sound, and
/// the duration, since it does not sound at all.
pub(super) fn place(kept: &Kept) -> Place {
    let features = kept.features;
    let judged = |value: f32| kept.kind.is_music().then_some(f64::from(value));
    let [sad, calm, happy, energetic] = kept.moods.to_array();
    [
        judged(sad),
        judged(calm),
        judged(happy),
        judged(energetic),
        judged(kept.affect.arousal),
        judged(kept.affect.valence),
        features.danceability,
        features.energy,
        features.loudness,
        features.speechiness,
        features.acousticness,
        features.instrumentalness,
        features.liveness,
        features.valence,
        // Twice as fast is as far as half as fast.
        features.tempo.filter(|bpm| *bpm > 0.0).map(f64::log2),
        Some(kept.centroid_hz.max(1.0).log2()),
        Some(kept.onset_rate_hz),
        Some(kept.pulse_clarity),
        Some(kept.dynamic_range_db),
    ]
}

/// The nearest `count` songs to that one, nearest first, with their distances: the weighted
/// root mean square of the differences, each in standard deviations over the library. What one
/// of two songs lacks is not compared. Empty where the library does not hold the song.
#[must_use]
pub fn nearest<'a>(
    songs: impl IntoIterator<Item = &'a LibrarySong>,
    hash: &str,
    count: usize,
) -> Vec<(&'a LibrarySong, f64)> {
    let songs: Vec<_> = songs
        .into_iter()
        .map(|song| (song, place(&song.kept)))
        .collect();
    let Some((_, centre)) = songs.iter().find(|(song, _)| song.hash() == hash) else {
        return Vec::new();
    };
    let scales = deviations(&songs);
    let mut found: Vec<_> = songs
        .iter()
        .filter(|(song, _)| song.hash() != hash)
        .map(|(song, place)| (*song, distance(centre, place, &scales)))
        .collect();
    found.sort_by(|a, b| a.1.total_cmp(&b.1));
    found.truncate(count);
    found
}

/// Standard deviation of each number; those that never differ say nothing and get 0.
pub(super) fn deviations(songs: &[(&LibrarySong, Place)]) -> [f64; DIMENSIONS] {
    std::array::from_fn(|dimension| {
        let values: Vec<f64> = songs.iter().filter_map(|(_, p)| p[dimension]).collect();
        let n = values.len().max(1) as f64;
        let mean = values.iter().sum::<f64>() / n;
        let spread = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
        spread.sqrt()
    })
}

fn distance(
    a: &[Option<f64>; DIMENSIONS],
    b: &[Option<f64>; DIMENSIONS],
    scales: &[f64; DIMENSIONS],
) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for (dimension, ((a, b), scale)) in a.iter().zip(b).zip(scales).enumerate() {
        if let (Some(a), Some(b)) = (a, b)
            && *scale > 0.0
        {
            let weight = if dimension < JUDGED {
                JUDGED_WEIGHT
            } else {
                1.0
            };
            sum += weight * ((a - b) / scale).powi(2);
            weights += weight;
        }
    }
    if weights > 0.0 {
        (sum / weights).sqrt()
    } else {
        0.0
    }
}
