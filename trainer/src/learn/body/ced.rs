//! CED-tiny (Dinkel et al. 2023, "CED: Consistent ensemble distillation for audio tagging"),
//! a tagger of `AudioSet`'s 527 classes, as an ONNX file run by tract.

use anyhow::{Context, Result, ensure};
use ndarray::{Array2, s};
use prost::Message;
use tract_onnx::pb::{GraphProto, ModelProto, NodeProto};
use undertone::card::sha256_hex;
use undertone::network::{Graph, MelDb, STEP, STEP_SECONDS, WINDOW_STEPS, window, windows};

use super::grid;
use super::proto::{keep_only, uncover};

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

/// The body's graph, with weights that are rounded.
pub struct Body {
    /// The graph; its outputs are [`Self::tokens`].
    pub(super) model: ModelProto,
    /// Names of the tokens `[1, 248, 192]` behind each of the layers.
    pub(super) tokens: Vec<String>,
}

impl Body {
    /// Of an ONNX file's bytes: a network that stands on the body already, or CED-tiny, whose
    /// weights are rounded so that their errors make up for each other on what `heard` gives,
    /// `[BANDS, FRAMES]` each.
    ///
    /// # Errors
    /// When it is another model; when there is nothing to hear.
    pub(super) fn of(
        bytes: &[u8],
        heard: impl FnOnce() -> Result<Vec<Array2<f32>>>,
    ) -> Result<Self> {
        let mut model = ModelProto::decode(bytes)?;
        let graph = model.graph.as_mut().context("the file has no graph")?;
        let found = uncover(graph);
        let is_rounded = found.is_some();
        let tokens = match found {
            Some(tokens) => tokens,
            None => (LAYERS.iter())
                .map(|layers| tokens_after(graph, *layers))
                .collect::<Result<_>>()?,
        };
        ensure!(
            tokens.len() == LAYERS.len(),
            "its last layers look at {} layers, expected {}",
            tokens.len(),
            LAYERS.len()
        );
        keep_only(graph, &tokens);
        if !is_rounded {
            grid::round(&mut model, &heard()?)?;
        }
        Ok(Self { model, tokens })
    }

    /// Of the bytes that [`Self::encode`] gave.
    ///
    /// # Errors
    /// When they are others.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self> {
        let model = ModelProto::decode(bytes)?;
        let graph = model.graph.as_ref().context("the file has no graph")?;
        let tokens = graph.output.iter().map(|output| output.name.clone());
        let tokens: Vec<String> = tokens.collect();
        ensure!(tokens.len() == LAYERS.len(), "the file is no body");
        Ok(Self { model, tokens })
    }

    /// As an ONNX file whose outputs are the tokens.
    pub(super) fn encode(&self) -> Vec<u8> {
        self.model.encode_to_vec()
    }

    /// SHA-256 of the graph, in hexadecimal, whatever file it came in.
    pub(super) fn id(&self) -> String {
        let graph = self.model.graph.as_ref();
        sha256_hex(&graph.map(GraphProto::encode_to_vec).unwrap_or_default())
    }
}

/// The loaded body.
pub struct Ced {
    graph: Graph,
    id: String,
}

impl Ced {
    /// Loads the body.
    ///
    /// # Errors
    /// When tract refuses.
    pub(super) fn new(body: &Body) -> Result<Self> {
        let graph = Graph::load(body.model.clone()).context("the body can't be run")?;
        Ok(Self {
            graph,
            id: body.id(),
        })
    }

    /// [`Body::id`].
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it hears in mono samples at 16 kHz, window by window as the library cuts them:
    /// `[windows · WINDOW_STEPS, WIDTH]`, for each second the mean tokens.
    ///
    /// # Errors
    /// When there are no samples, or tract refuses.
    pub fn hear(&self, samples: &[f32]) -> Result<Array2<f32>> {
        let (pooling, starts) = (pooling(), starts(samples)?);
        let mut front_end = MelDb::default();
        let mut heard = Array2::zeros((starts.len() * WINDOW_STEPS, WIDTH));
        for (index, start) in starts.into_iter().enumerate() {
            let mel_db = input(&mut front_end, samples, start)?;
            let outputs = self.graph.run(mel_db.view())?;
            let steps = index * WINDOW_STEPS..(index + 1) * WINDOW_STEPS;
            for (layer, tokens) in outputs.into_iter().enumerate() {
                let tokens = Array2::from_shape_vec((GRID[0] * GRID[1], TOKEN_WIDTH), tokens)?;
                let columns = layer * TOKEN_WIDTH..(layer + 1) * TOKEN_WIDTH;
                heard
                    .slice_mut(s![steps.clone(), columns])
                    .assign(&pooling.dot(&tokens));
            }
        }
        Ok(heard)
    }
}

/// What the body hears of the window in the middle of mono samples at 16 kHz, `[BANDS, FRAMES]`.
///
/// # Errors
/// When there are no samples.
pub(super) fn middle(samples: &[f32]) -> Result<Array2<f32>> {
    let starts = starts(samples)?;
    input(&mut MelDb::default(), samples, starts[starts.len() / 2])
}

/// Where the library's windows begin.
fn starts(samples: &[f32]) -> Result<Vec<usize>> {
    ensure!(!samples.is_empty(), "there is nothing to hear");
    Ok(windows((samples.len() / STEP).max(1), usize::MAX))
}

fn input(front_end: &mut MelDb, samples: &[f32], start: usize) -> Result<Array2<f32>> {
    Ok(front_end.of(&window(samples, start))? + LEVEL_DB)
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
