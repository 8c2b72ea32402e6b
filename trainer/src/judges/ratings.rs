//! How right a network is about what is no mood: arousal and valence as listeners rate them,
//! and what is music at all.

use std::collections::BTreeMap;

use undertone::card::LabelSpace;
use undertone::kind::Kind;
use undertone::network::{OUTPUTS, Step};

use crate::evaluate::format::score;
use crate::evaluate::table::Table;
use crate::songs::song::Song;

/// Answers of a network by the names of songs.
type Answers = BTreeMap<String, [f32; OUTPUTS]>;

/// The probabilities of music of all songs that are music.
pub fn music(songs: &[Song], answers: &Answers) -> Vec<f32> {
    let asked = asked(songs, answers).filter(|(song, _)| kind(song).is_music());
    asked.map(|(_, step)| step.kinds[0]).collect()
}

/// R² and correlation of arousal and valence, corpus by corpus.
pub fn affects(songs: &[Song], answers: &Answers) -> Table {
    let mut corpora: BTreeMap<&str, [Vec<[f64; 2]>; 2]> = BTreeMap::new();
    for (song, step) in asked(songs, answers) {
        if let (Some(truth), LabelSpace::PerceivedAffect) = (song.affect, song.label_space) {
            let [arousal, valence] = corpora.entry(&song.corpus).or_default();
            let pair = |truth, said| [f64::from(truth), f64::from(said)];
            arousal.push(pair(truth.arousal, step.rated.arousal));
            valence.push(pair(truth.valence, step.rated.valence));
        }
    }
    let rows = corpora.into_iter().map(|(corpus, [arousal, valence])| {
        let figures = [r2(&arousal), r2(&valence)].map(score);
        let [arousal_r2, valence_r2] = figures;
        vec![
            corpus.to_owned(),
            arousal_r2,
            valence_r2,
            arousal.len().to_string(),
        ]
    });
    Table::new("songs", "R² of arousal | R² of valence | n", rows)
}

/// What every kind of sound is called, a row a kind.
pub fn kinds(songs: &[Song], answers: &Answers, music_at_least: f32) -> Table {
    let mut called = [[0_usize; Kind::HEARD_COUNT]; Kind::HEARD_COUNT];
    let place = |kind| Kind::HEARD.iter().position(|one| *one == kind).unwrap_or(0);
    for (song, step) in asked(songs, answers) {
        called[place(kind(song))][place(Kind::of(step.kinds, music_at_least))] += 1;
    }
    let rows = Kind::HEARD.iter().zip(called).map(|(kind, row)| {
        let counts = row.iter().map(ToString::to_string);
        std::iter::once(kind.name().to_owned())
            .chain(counts)
            .collect()
    });
    let names = Kind::HEARD.map(Kind::name).join(" | ");
    Table::new("what it is", &names, rows)
}

fn asked<'a>(songs: &'a [Song], answers: &'a Answers) -> impl Iterator<Item = (&'a Song, Step)> {
    songs.iter().filter_map(|song| {
        let answer = answers.get(&song.id)?;
        Some((song, Step::of(answer)))
    })
}

/// What a song is; all that has no such label is music.
fn kind(song: &Song) -> Kind {
    let labelled = song.label_space == LabelSpace::SoundKind;
    let named = Kind::HEARD
        .into_iter()
        .find(|kind| kind.name() == &*song.label);
    named.filter(|_| labelled).unwrap_or_default()
}

/// Share of the variance of the truth (first of each pair) that the answers explain.
fn r2(pairs: &[[f64; 2]]) -> f64 {
    let n = pairs.len() as f64;
    let mean = pairs.iter().map(|pair| pair[0]).sum::<f64>() / n;
    let rest: f64 = pairs
        .iter()
        .map(|[truth, said]| (truth - said).powi(2))
        .sum();
    let all: f64 = pairs.iter().map(|[truth, _]| (truth - mean).powi(2)).sum();
    1.0 - rest / all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r2_is_one_of_the_truth_and_zero_of_its_mean() {
        assert!((r2(&[[1.0, 1.0], [3.0, 3.0]]) - 1.0).abs() < 1e-12);
        assert!(r2(&[[1.0, 2.0], [3.0, 2.0]]).abs() < 1e-12);
    }
}
