//! CED-tiny (Dinkel et al. 2023, "CED: Consistent ensemble distillation for audio
//! tagging"), a tagger of `AudioSet`'s 527 classes, as an ONNX file run by tract.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use ndarray::{Array2, ArrayView2, s};
use prost::Message;
use tract_onnx::pb::{GraphProto, ModelProto, NodeProto, ValueInfoProto};
use tract_onnx::prelude::*;
use undertone::audio::SAMPLE_RATE;
use undertone::card::sha256_hex;
use undertone::network::STEP_SECONDS;
use undertone::tagger::{BANDS, FRAMES, MelDb, WINDOW, window, windows};

use crate::console::Hint;

/// Numbers of a token, rows of tokens over frequency, tokens over time and their length.
pub const WIDTH: usize = 192;
const ROWS: usize = 4;
const TOKENS: usize = 62;
const TOKEN_SECONDS: f64 = 0.16;
/// `AudioSet`'s classes of moods of music: happy, funny, sad, tender, exciting, angry, scary.
pub const MOODS: [usize; 7] = [276, 277, 278, 279, 280, 281, 282];
/// Transformer layers, counted from the input, whose tokens are kept beside those of the last.
pub const FIRST_LAYERS: usize = 6;
/// Numbers of a step of a lesson that the network learns to give: tokens and moods.
pub const TAUGHT: usize = WIDTH + MOODS.len();
/// Added to the spectrogram: what a recording says of its mood is heard better louder than the
/// library's loudness (`trainer/reports/experiments.md`).
pub const LEVEL_DB: f32 = 6.0;
/// Added to both sides of a log-odds ratio: the scores are rounded.
pub const LEAST_SHARE: f32 = 1e-6;
/// The file's outputs: class probabilities and the last layer's tokens.
const PROBABILITIES: &str = "probs";
const TOKENS_NAME: &str = "tokens";

/// The loaded teacher.
pub struct Ced {
    plan: Arc<TypedRunnableModel>,
    id: String,
}

/// What the teacher hears in one window.
struct Window {
    /// `[62, 192]`: the last layer's tokens, averaged over frequency.
    tokens: Array2<f32>,
    /// The same of [`FIRST_LAYERS`].
    first: Array2<f32>,
    /// Log-odds of [`MOODS`].
    moods: [f32; MOODS.len()],
}

impl Ced {
    /// Loads the file; its layer of tokens becomes an output where it is none.
    ///
    /// # Errors
    /// When the file is missing or is another model.
    pub fn open(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path)
            .with_context(|| format!("the teacher {} can't be read", path.display()))
            .hint("name the ONNX file of CED-tiny with --teacher")?;
        let plan = plan(&bytes)
            .with_context(|| format!("{} is not the teacher CED-tiny", path.display()))
            .hint("the file must have the input mel_db [1, 64, 1001] and the outputs probs and tokens")?;
        Ok(Self {
            plan,
            id: sha256_hex(&bytes),
        })
    }

    /// SHA-256 of the file, in hexadecimal.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it hears in mono samples at 16 kHz, for each of `steps` steps of the network:
    /// `[steps, TAUGHT + WIDTH]`, the mean token of the step, the log-odds of
    /// [`MOODS`] in the window of 10 s around it, and the mean token after [`FIRST_LAYERS`].
    ///
    /// # Errors
    /// When there are no samples, or tract refuses.
    pub fn hear(&self, samples: &[f32], steps: usize) -> Result<Array2<f32>> {
        ensure!(!samples.is_empty(), "there is nothing to hear");
        let mut front_end = MelDb::default();
        let windows = windows(samples.len(), usize::MAX)
            .into_iter()
            .map(|start| Ok((start, self.window(&window(samples, start), &mut front_end)?)))
            .collect::<Result<Vec<_>>>()?;
        let mut heard = Array2::zeros((steps, TAUGHT + WIDTH));
        for (step, mut row) in heard.outer_iter_mut().enumerate() {
            let (from_s, to_s) = (step as f64 * STEP_SECONDS, (step + 1) as f64 * STEP_SECONDS);
            let middle = (f64::midpoint(from_s, to_s) * f64::from(SAMPLE_RATE)) as usize;
            let holds = |window: &&(usize, Window)| middle < window.0 + WINDOW;
            let Some((start, window)) = windows.iter().find(holds).or(windows.last()) else {
                continue;
            };
            let start_s = *start as f64 / f64::from(SAMPLE_RATE);
            let token = |at_s: f64| ((at_s - start_s) / TOKEN_SECONDS).round().max(0.0) as usize;
            let to = token(to_s).clamp(1, TOKENS);
            let from = token(from_s).min(to - 1);
            for (tokens, at) in [(&window.tokens, 0), (&window.first, TAUGHT)] {
                let tokens = tokens.slice(s![from..to, ..]);
                if let Some(mean) = tokens.mean_axis(ndarray::Axis(0)) {
                    row.slice_mut(s![at..at + WIDTH]).assign(&mean);
                }
            }
            for (out, mood) in row.iter_mut().skip(WIDTH).zip(window.moods) {
                *out = mood;
            }
        }
        Ok(heard)
    }

    fn window(&self, samples: &[f32], front_end: &mut MelDb) -> Result<Window> {
        let mut mel = front_end.of(samples)?;
        for db in &mut mel {
            *db += LEVEL_DB;
        }
        let input = Tensor::from_shape(&[1, BANDS, FRAMES], &mel)?;
        let outputs = self.plan.run(tvec!(input.into()))?;
        let flat = |index: usize| -> Result<Vec<f32>> {
            let values = outputs[index].to_plain_array_view::<f32>()?;
            Ok(values.iter().copied().collect())
        };
        let mean = |tokens: &[f32]| -> Result<Array2<f32>> {
            let tokens = ArrayView2::from_shape((ROWS, TOKENS * WIDTH), tokens)?;
            let mean = tokens.mean_axis(ndarray::Axis(0)).context("no token")?;
            Ok(mean.into_shape_with_order((TOKENS, WIDTH))?)
        };
        let shares = flat(0)?;
        Ok(Window {
            tokens: mean(&flat(1)?)?,
            first: mean(&flat(2)?)?,
            moods: MOODS.map(|class| {
                let share = shares[class];
                ((share + LEAST_SHARE) / (1.0 - share + LEAST_SHARE)).ln()
            }),
        })
    }
}

fn plan(bytes: &[u8]) -> Result<Arc<TypedRunnableModel>> {
    let mut proto = ModelProto::decode(bytes)?;
    let graph = proto.graph.as_mut().context("the file has no graph")?;
    let made: Vec<&String> = graph.node.iter().flat_map(|node| &node.output).collect();
    for name in [PROBABILITIES, TOKENS_NAME] {
        ensure!(
            made.iter().any(|made| *made == name),
            "the graph has no {name}"
        );
    }
    let first = after_layers(graph, FIRST_LAYERS)?;
    graph.output = [PROBABILITIES, TOKENS_NAME, &first]
        .map(|name| ValueInfoProto {
            name: name.to_owned(),
            ..ValueInfoProto::default()
        })
        .to_vec();
    let mut model = tract_onnx::onnx().model_for_proto_model(&proto)?;
    model.set_input_fact(0, f32::fact([1, BANDS, FRAMES]).into())?;
    model.into_optimized()?.into_runnable()
}

/// Name of the tokens after that many layers: each adds twice to what came in, after its
/// attention and after its perceptron, and a normalisation looks at either sum.
///
/// # Errors
/// Where the graph has fewer layers.
pub fn after_layers(graph: &GraphProto, layers: usize) -> Result<String> {
    let is_normalised = |name: &str| {
        let reads = |node: &NodeProto| {
            node.op_type == "LayerNormalization" && node.input.first().is_some_and(|i| i == name)
        };
        graph.node.iter().any(reads)
    };
    let mut sums = graph
        .node
        .iter()
        .filter(|node| node.op_type == "Add")
        .filter_map(|node| node.output.first())
        .filter(|name| is_normalised(name));
    let last = sums.nth(2 * layers.max(1) - 1).cloned();
    last.with_context(|| format!("the graph has fewer than {layers} layers"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_file_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("teacher.onnx");
        std::fs::write(&path, b"no model").unwrap();
        let error = Ced::open(&path).map(|_| ()).map_err(|e| format!("{e:#}"));
        assert!(error.is_err_and(|text| text.contains("teacher.onnx")));
        let missing = folder.path().join("absent.onnx");
        let error = Ced::open(&missing)
            .map(|_| ())
            .map_err(|e| format!("{e:#}"));
        assert!(error.is_err_and(|text| text.contains("absent.onnx")));
    }
}
