//! CED-tiny (Dinkel et al. 2023, "CED: Consistent ensemble distillation for audio tagging"),
//! a tagger of `AudioSet`'s 527 classes, as an ONNX file run by tract.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use ndarray::{Array2, ArrayView2, s};
use prost::Message;
use tract_onnx::pb::{GraphProto, ModelProto, NodeProto};
use tract_onnx::prelude::*;
use undertone::card::sha256_hex;
use undertone::network::{BANDS, FRAMES, MelDb, STEP, STEP_SECONDS, WINDOW_STEPS, window, windows};

use super::grid;
use super::proto::{keep_only, uncover};
use collections::console::Hint;
use collections::files;

/// Rows of tokens over frequency, and tokens over the 10 s of a window.
pub const GRID: [usize; 2] = [4, 62];
/// Seconds that a token stands for.
const TOKEN_SECONDS: f64 = 0.16;
/// Added to the spectrogram: what a recording says of its mood is heard better louder than the
/// library's loudness (`trainer/reports/experiments.md`).
pub const LEVEL_DB: f32 = 6.0;

/// Layers of the transformer, counted from the input, whose tokens are looked at: the last
/// knows best what a song of its own kind says, an earlier one what carries over to others.
const LAYERS: [usize; 2] = [9, 12];
/// Numbers of a token.
const TOKEN_WIDTH: usize = 192;
/// Numbers that stand for a second: the mean tokens behind each of [`LAYERS`].
pub const WIDTH: usize = LAYERS.len() * TOKEN_WIDTH;

/// The body's graph, with weights of five bits.
pub struct Body {
    /// The graph; its outputs are [`Self::tokens`].
    pub(super) model: ModelProto,
    /// Names of the tokens `[1, 248, 192]` behind each of the layers.
    pub(super) tokens: Vec<String>,
    id: String,
}

impl Body {
    /// Reads the ONNX file: CED-tiny, whose weights are rounded, or a network that stands on
    /// it already.
    ///
    /// # Errors
    /// When the file is missing or is another model.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = files::read(path)
            .hint("name the ONNX file of a network, or of CED-tiny, with --body")?;
        Self::of(&bytes)
            .with_context(|| format!("{} has no body of the network", path.display()))
            .hint("the file must have the input mel_db [1, 64, 1001] and twelve layers")
    }

    /// Of the file's bytes.
    ///
    /// # Errors
    /// When it is another model.
    pub(super) fn of(bytes: &[u8]) -> Result<Self> {
        let mut model = ModelProto::decode(bytes)?;
        let graph = model.graph.as_mut().context("the file has no graph")?;
        let tokens = match uncover(graph) {
            Some(tokens) => tokens,
            None => (LAYERS.iter())
                .map(|layers| tokens_after(graph, *layers))
                .collect::<Result<_>>()?,
        };
        grid::round(graph)?;
        keep_only(graph, &tokens);
        let id = sha256_hex(&model.encode_to_vec());
        Ok(Self { model, tokens, id })
    }
}

/// The loaded body.
pub struct Ced {
    plan: Arc<TypedRunnableModel>,
    id: String,
}

impl Ced {
    /// Loads the file.
    ///
    /// # Errors
    /// As [`Body::read`]; when tract refuses.
    pub fn open(path: &Path) -> Result<Self> {
        let body = Body::read(path)?;
        let plan = plan(&body).with_context(|| format!("{} can't be run", path.display()))?;
        Ok(Self { plan, id: body.id })
    }

    /// SHA-256 of the body, in hexadecimal, whatever file it came in.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it hears in mono samples at 16 kHz, window by window as the library cuts them:
    /// `[windows · WINDOW_STEPS, WIDTH]`, for each second the mean tokens.
    ///
    /// # Errors
    /// When there are no samples, or tract refuses.
    pub fn hear(&self, samples: &[f32]) -> Result<Array2<f32>> {
        ensure!(!samples.is_empty(), "there is nothing to hear");
        let (pooling, mut front_end) = (pooling(), MelDb::default());
        let starts = windows((samples.len() / STEP).max(1), usize::MAX);
        let mut heard = Array2::zeros((starts.len() * WINDOW_STEPS, WIDTH));
        for (index, start) in starts.into_iter().enumerate() {
            let mel = front_end.of(&window(samples, start))? + LEVEL_DB;
            let mel: Vec<f32> = mel.iter().copied().collect();
            let input = Tensor::from_shape(&[1, BANDS, FRAMES], &mel)?;
            let outputs = self.plan.run(tvec!(input.into()))?;
            let steps = index * WINDOW_STEPS..(index + 1) * WINDOW_STEPS;
            for (layer, output) in outputs.iter().enumerate() {
                let tokens = output.to_plain_array_view::<f32>()?;
                let tokens: Vec<f32> = tokens.iter().copied().collect();
                let tokens = ArrayView2::from_shape((GRID[0] * GRID[1], TOKEN_WIDTH), &tokens)?;
                let columns = layer * TOKEN_WIDTH..(layer + 1) * TOKEN_WIDTH;
                heard
                    .slice_mut(s![steps.clone(), columns])
                    .assign(&pooling.dot(&tokens));
            }
        }
        Ok(heard)
    }
}

/// How much of each token lies in each second of a window, `[WINDOW_STEPS, tokens]`; a row
/// adds up to 1.
pub fn pooling() -> Array2<f32> {
    let [rows, columns] = GRID;
    let mut shares = Array2::from_shape_fn((WINDOW_STEPS, rows * columns), |(step, token)| {
        let token = token % columns;
        let from = (token as f64 * TOKEN_SECONDS).max(step as f64 * STEP_SECONDS);
        let to = ((token + 1) as f64 * TOKEN_SECONDS).min((step + 1) as f64 * STEP_SECONDS);
        (to - from).max(0.0) as f32
    });
    for mut row in shares.rows_mut() {
        let sum = row.sum();
        row /= sum;
    }
    shares
}

fn plan(body: &Body) -> Result<Arc<TypedRunnableModel>> {
    let mut model = tract_onnx::onnx().model_for_proto_model(&body.model)?;
    model.set_input_fact(0, f32::fact([1, BANDS, FRAMES]).into())?;
    model.into_optimized()?.into_runnable()
}

/// Name of the tokens `[1, 248, 192]` after that many layers: each adds twice to what came
/// in, after its attention and after its perceptron, and a normalisation looks at either sum.
///
/// # Errors
/// Where the graph has fewer layers.
fn tokens_after(graph: &GraphProto, layers: usize) -> Result<String> {
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
        let path = folder.path().join("body.onnx");
        std::fs::write(&path, b"no model").unwrap();
        let error = Ced::open(&path).map(|_| ()).map_err(|e| format!("{e:#}"));
        assert!(error.is_err_and(|text| text.contains("body.onnx")));
        let missing = folder.path().join("absent.onnx");
        let error = Ced::open(&missing)
            .map(|_| ())
            .map_err(|e| format!("{e:#}"));
        assert!(error.is_err_and(|text| text.contains("absent.onnx")));
    }

    #[test]
    fn every_second_takes_its_share_of_the_tokens() {
        let shares = pooling();
        for row in shares.rows() {
            assert!((row.sum() - 1.0).abs() < 1e-6);
        }
        // The seventh token lies from 0.96 to 1.12 s: a quarter of it in the first second.
        assert!((shares[[0, 6]] - 0.01).abs() < 1e-6 && (shares[[1, 6]] - 0.03).abs() < 1e-6);
        assert!(
            (shares[[0, 62 + 6]] - 0.01).abs() < 1e-6,
            "each row of tokens alike"
        );
        assert!(shares[[0, 7]] == 0.0);
    }
}
