//! What a teacher says of the songs, where one was asked.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Result;
use ndarray::{Array2, Axis, s};
use undertone::Mood;

use crate::evaluate::Predictions;
use crate::learn::classic;
use crate::learn::tagger::Prior;
use crate::learn::teach::{self, TOKEN_WIDTH};
use crate::measured::example::Example;

/// Penalty of a regression on the teacher's numbers, as scikit-learn's `C=0.003`: there are
/// four times as many of them as descriptors, and they are correlated.
const TEACHER_ALPHA: f64 = 300.0;
/// Name of a logistic regression on the teacher's mean token.
pub const TEACHER_PROBE: &str = "regression on the teacher";

/// What a work folder holds that can be asked.
pub struct Witnesses {
    /// What a teacher says of the recordings; empty where none was asked.
    pub(super) lessons: HashMap<String, Array2<f32>>,
}

impl Witnesses {
    /// Reads the teacher's lessons, where there are some.
    ///
    /// # Errors
    /// When they are damaged.
    pub fn of(work: &Path) -> Result<Self> {
        let lessons = if teach::is_there(work) {
            teach::lessons(work)?
        } else {
            HashMap::new()
        };
        Ok(Self { lessons })
    }

    /// The teacher as it came, and a logistic regression on its mean token fitted on the
    /// training split, on the validation split of `examples`; none without lessons.
    ///
    /// # Errors
    /// When the regression can't be fitted.
    pub fn teacher(&self, examples: &[Example]) -> Result<Vec<Predictions>> {
        let taught: Vec<Example> = examples
            .iter()
            .filter_map(|example| {
                let lesson = self.lessons.get(&example.id)?.mean_axis(Axis(0))?;
                let descriptors = lesson.iter().map(|&value| f64::from(value)).collect();
                Some(Example {
                    descriptors,
                    ..light(example)
                })
            })
            .collect();
        if taught.len() < examples.len() || taught.is_empty() {
            return Ok(Vec::new());
        }
        let mut probed = taught.clone();
        for example in &mut probed {
            example.descriptors.truncate(TOKEN_WIDTH);
        }
        let mut probe = classic::baseline::regression(&probed, TEACHER_ALPHA)?;
        TEACHER_PROBE.clone_into(&mut probe.system);
        Ok(vec![untrained(&taught), probe])
    }
}

/// The teacher's mood classes, their log-odds standardised over the songs that are asked
/// about, and the softmax of their means.
fn untrained(taught: &[Example]) -> Predictions {
    let asked: Vec<(usize, &Example)> = classic::validation(taught).collect();
    let odds = Array2::from_shape_fn((asked.len(), teach::MOODS.len()), |(song, class)| {
        asked[song].1.descriptors[TOKEN_WIDTH + class]
    });
    let logits = Prior::of(odds.view(), 1.0).logits(odds.view());
    let mut system = Predictions::new("teacher, untrained");
    system.rows = asked
        .iter()
        .zip(logits.rows())
        .map(|((at, _), row)| {
            let weights: [f64; Mood::COUNT] = std::array::from_fn(|mood| row[mood].exp());
            let sum: f64 = weights.iter().sum();
            (*at, weights.map(|weight| weight / sum))
        })
        .collect();
    system
}

/// The example without its frames.
pub(super) fn light(example: &Example) -> Example {
    Example {
        id: example.id.clone(),
        corpus: example.corpus.clone(),
        label_kind: example.label_kind.clone(),
        group: example.group.clone(),
        split: example.split,
        mood: example.mood,
        weight: example.weight,
        log_mel: example.log_mel.slice(s![..0, ..]).to_owned(),
        descriptors: example.descriptors.clone(),
    }
}
