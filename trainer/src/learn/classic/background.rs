//! The few training songs that explanations compare with.

use undertone::ensemble::background::Background;
use undertone::ensemble::scaler::to_grid;

use super::rows::{Rows, squared_distance};

/// Songs of each mood. Every explanation asks the ensemble 2^k questions for each song.
const PER_MOOD: usize = 3;

/// Most exchanges of a medoid; each one brings the songs nearer, so that few happen.
const MAX_EXCHANGES: usize = 100;

/// [`PER_MOOD`] medoids of every mood among standardised rows, so that an "average
/// song" is as much of one mood as of another and lies where songs lie (Kaufman &
/// Rousseeuw 1987, "Clustering by means of medoids": PAM, built greedily, then
/// improved by exchanges). The same rows give the same songs. A mood with fewer songs
/// gives all it has.
pub fn background(rows: &Rows) -> Background {
    let mut values = Vec::new();
    for class in 0..rows.n_classes {
        let own: Vec<usize> = (0..rows.len()).filter(|&i| rows.y[i] == class).collect();
        let points: Vec<&[f64]> = own.iter().map(|&i| rows.x[i].as_slice()).collect();
        for medoid in medoids(&points, PER_MOOD) {
            values.extend(points[medoid].iter().map(|&value| to_grid(value)));
        }
    }
    Background { values }
}

/// Positions of `k` points, or of all where there are fewer, in ascending order, from
/// which the sum of distances of all points to the nearest is a local minimum.
fn medoids(points: &[&[f64]], k: usize) -> Vec<usize> {
    let distances: Vec<Vec<f64>> = points
        .iter()
        .map(|a| {
            points
                .iter()
                .map(|b| squared_distance(a, b).sqrt())
                .collect()
        })
        .collect();
    let cost = |chosen: &[usize]| -> f64 {
        let nearest = distances
            .iter()
            .map(|row| chosen.iter().map(|&c| row[c]).fold(f64::INFINITY, f64::min));
        nearest.sum()
    };
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() < k.min(points.len()) {
        let with = |next: usize| [chosen.as_slice(), &[next]].concat();
        let free = (0..points.len()).filter(|i| !chosen.contains(i));
        let best = free.min_by(|&a, &b| cost(&with(a)).total_cmp(&cost(&with(b))));
        chosen.extend(best);
    }
    for _ in 0..MAX_EXCHANGES {
        let exchanges = (0..chosen.len()).flat_map(|place| {
            let free = (0..points.len()).filter(|i| !chosen.contains(i));
            let chosen = chosen.clone();
            free.map(move |next| {
                let mut other = chosen.clone();
                other[place] = next;
                other
            })
        });
        let best = exchanges
            .map(|other| (cost(&other), other))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        match best {
            Some((lower, other)) if lower < cost(&chosen) => chosen = other,
            _ => break,
        }
    }
    chosen.sort_unstable();
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One-dimensional songs of two classes around clear centres.
    fn rows() -> Rows {
        let x = [0.0, 0.1, -0.1, 5.0, 5.1, 4.9, 9.0, 9.2, 8.8, -3.0, -7.0];
        Rows {
            x: x.iter().map(|&value| vec![value, 1.0]).collect(),
            y: [[0; 9].as_slice(), &[1; 2]].concat(),
            n_classes: 2,
            weight: vec![1.0; x.len()],
            group: (0..x.len()).collect(),
        }
    }

    #[test]
    fn every_cluster_is_stood_for_by_its_middle() {
        let found = background(&rows());
        let grid = |value: f64| [to_grid(value), to_grid(1.0)];
        let expected = [0.0, 5.0, 9.0, -3.0, -7.0].map(grid).concat();
        assert_eq!(found.values, expected);
        assert!(found.check(2).is_ok());
    }

    #[test]
    fn few_songs_are_all_taken() {
        assert_eq!(medoids(&[&[1.0], &[2.0]], 3), [0, 1]);
        assert!(medoids(&[], 3).is_empty());
    }

    /// The greedy start takes the middle of all; only an exchange leaves it.
    #[test]
    fn exchanges_leave_a_bad_start() {
        let values = [0.0, 0.0, 0.0, 1.0, 2.0, 2.0, 2.0];
        let points: Vec<[f64; 1]> = values.map(|value| [value]).to_vec();
        let points: Vec<&[f64]> = points.iter().map(<[f64; 1]>::as_slice).collect();
        let found: Vec<f64> = medoids(&points, 2).into_iter().map(|i| values[i]).collect();
        assert_eq!(found, [0.0, 2.0]);
    }
}
