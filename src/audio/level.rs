//! How loud a song is, whatever a single sample says.

use super::statistics::{energy, peak};

/// Blocks a second whose level is looked at.
const BLOCKS_PER_SECOND: usize = 10;
/// Blocks that must be as loud: a second in all.
const REACHED: usize = BLOCKS_PER_SECOND;
/// Of sound that is shorter than three seconds, this part must be.
const LEAST_PART: usize = 3;
/// How far a song rises above its level, as a factor: 30 dB. In 1,500 songs as they are
/// sold the highest sample was 25 dB above it, the loudest tenth of a second 12 dB.
const MOST_ABOVE: f32 = 32.0;
/// Length of the pieces that a thump is brought down in: 10 ms.
const PIECES_PER_SECOND: usize = 100;

/// Root mean square that samples at `rate` Hz reach for a second in all, in blocks of
/// 100 ms, each about its own mean: neither one sample nor a thump nor an offset raises
/// it, nor does silence lower it. 0 of nothing.
pub(super) fn level(samples: &[f32], rate: u32) -> f32 {
    let length = (rate as usize / BLOCKS_PER_SECOND).max(1);
    let mut energies: Vec<f64> = samples.chunks(length).map(energy).collect();
    let last = REACHED.min(energies.len().div_ceil(LEAST_PART));
    let Some(last) = last.checked_sub(1) else {
        return 0.0;
    };
    let descending = |a: &f64, b: &f64| b.total_cmp(a);
    energies.select_nth_unstable_by(last, descending).1.sqrt() as f32
}

/// Brings what rises above any song of that level down: thumps to the level, what is left
/// of single samples to the most that a song has. Says whether there was such a thing.
pub(super) fn tame(samples: &mut [f32], rate: u32, level: f32) -> bool {
    let most = MOST_ABOVE * level;
    if peak(samples) <= most {
        return false;
    }
    for piece in samples.chunks_mut((rate as usize / PIECES_PER_SECOND).max(1)) {
        let own = energy(piece).sqrt() as f32;
        if own > most {
            super::scale(piece, level / own);
        }
        for sample in piece {
            *sample = sample.clamp(-most, most);
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: u32 = 16_000;

    fn tone(seconds: usize, amplitude: f32) -> Vec<f32> {
        let sine = |n: usize| amplitude * (0.172_787_6 * n as f32).sin();
        (0..seconds * RATE as usize).map(sine).collect()
    }

    #[test]
    fn the_level_is_that_of_the_song() {
        let expected = 0.2 / 2.0_f32.sqrt();
        let close = |samples: &[f32]| (level(samples, RATE) / expected - 1.0).abs() < 0.01;
        let song = tone(5, 0.2);
        assert!(close(&song));
        let mut thump = song.clone();
        thump[20_000..24_000].fill(30.0);
        thump[50_000] = -1_000.0;
        assert!(close(&thump));
        let offset: Vec<f32> = song.iter().map(|s| s + 0.7).collect();
        assert!(close(&offset));
        let mut rare = vec![0.0; 100 * RATE as usize];
        rare.extend(song);
        assert!(close(&rare));
        assert!(level(&[], RATE) == 0.0 && level(&[0.3], RATE) == 0.0);
    }

    #[test]
    fn thumps_come_down_and_songs_stay() {
        let song = tone(5, 0.002);
        let level = level(&song, RATE);
        // As far above its level as songs go.
        let mut loud = song.clone();
        loud[1_000] = 31.0 * level;
        loud[40_000..41_000].fill(20.0 * level);
        let mut same = loud.clone();
        assert!(!tame(&mut same, RATE, level));
        assert_eq!(same, loud);

        let mut thump = song.clone();
        thump[1_000] = 0.3;
        for (n, sample) in thump[40_000..40_160].iter_mut().enumerate() {
            *sample = 0.9 * (0.5 * n as f32).sin();
        }
        assert!(tame(&mut thump, RATE, level));
        assert!((thump[1_000] - 32.0 * level).abs() < 1e-6);
        let peak = thump[40_000..40_160]
            .iter()
            .fold(0.0_f32, |p, s| p.max(s.abs()));
        assert!(peak < 2.0 * level, "{peak}");
        assert_eq!(thump[41_000..], song[41_000..]);
    }
}
