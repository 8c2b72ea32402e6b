//! Weights in whole numbers of steps, and a `DequantizeLinear` behind them. Those of matrices are
//! about three and a half bits each once they are packed: rounded so, the body loses nothing that
//! the moods need (`trainer/reports/experiments.md`).

use anyhow::{Context, Result, ensure};
use kernels::gptq;
use ndarray::{Array1, Array2, Axis};
use rayon::prelude::*;
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::{AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto};
use undertone::network::Graph;

use undertone::network::proto::{floats, node};

use super::proto::keep_only;

/// A step of a matrix, as a share of the root mean square of its weights.
const STEP: f64 = 0.4;
/// The same of tensors whose errors nothing makes up for.
const FINE_STEP: f64 = 0.1;
/// Most steps from zero.
const MOST: f64 = 127.0;
/// Tensors of fewer numbers stay as they are.
const LEAST_NUMBERS: i64 = 4096;

/// Rounds every large tensor; the errors of a matrix make up for each other on `heard`, inputs of
/// the model.
///
/// # Errors
/// Where a tensor is cut off; where the engine refuses.
pub(super) fn round(model: &mut ModelProto, heard: &[Array2<f32>]) -> Result<()> {
    let products = products(graph(model)?);
    let is_factor = |name: &str| products.iter().any(|product| product.weights == name);
    round_to_nearest(graph(model)?, |name| !is_factor(name))?;
    // In their order: a matrix is rounded for what the rounded ones before it give.
    for product in products {
        let inputs = product.inputs(model, heard)?;
        product.round(graph(model)?, &inputs)?;
    }
    Ok(())
}

/// Rounds each number of the large tensors of these names to the nearest.
///
/// # Errors
/// Where a tensor is cut off.
pub(super) fn round_to_nearest(
    graph: &mut GraphProto,
    is_meant: impl Fn(&str) -> bool,
) -> Result<()> {
    let large = graph.initializer.iter().filter(|tensor| is_large(tensor));
    let large: Vec<String> = large.map(|tensor| tensor.name.clone()).collect();
    for name in large.iter().filter(|name| is_meant(name)) {
        let numbers = numbers(graph, name)?;
        let step = FINE_STEP * root_mean_square(&numbers);
        let steps = numbers.iter().map(|number| (number / step).round());
        store(graph, name, steps, step)?;
    }
    Ok(())
}

/// A product of values with a matrix of weights.
struct Product {
    input: String,
    weights: String,
    /// What is added.
    bias: Option<String>,
}

impl Product {
    /// What is multiplied when the model hears these, a row each.
    fn inputs(&self, model: &ModelProto, heard: &[Array2<f32>]) -> Result<Array2<f64>> {
        let mut part = model.clone();
        let graph = graph(&mut part)?;
        let rows = find(graph, &self.weights)?.dims[0];
        keep_only(graph, std::slice::from_ref(&self.input));
        let part = Graph::load(part)?;
        let inputs = heard.par_iter().map(|mel_db| part.run(mel_db.view()));
        let inputs: Result<Vec<_>> = inputs.collect();
        let inputs = inputs?.into_iter().flatten().flatten().map(f64::from);
        let inputs = Array1::from_iter(inputs);
        let rows = usize::try_from(rows)?;
        Ok(inputs.to_shape((inputs.len() / rows, rows))?.into_owned())
    }

    /// Rounds the matrix for these inputs.
    fn round(&self, graph: &mut GraphProto, inputs: &Array2<f64>) -> Result<()> {
        let weights = numbers(graph, &self.weights)?;
        let columns = weights.len() / inputs.ncols();
        let step = STEP * root_mean_square(&weights);
        let weights = Array2::from_shape_vec((inputs.ncols(), columns), weights)?;
        // What the inputs are on average, the bias makes up for.
        let mean = inputs.mean_axis(Axis(0)).filter(|_| self.bias.is_some());
        let mean = mean.unwrap_or_else(|| Array1::zeros(inputs.ncols()));
        let centred = inputs - &mean;
        let moments = centred.t().dot(&centred) / inputs.nrows() as f64;
        let steps = gptq::round(&weights, &moments, step)?.clamp(-MOST, MOST);
        store(graph, &self.weights, steps.iter().copied(), step)?;
        if let Some(bias) = &self.bias {
            let made_up = Array1::from(numbers(graph, bias)?) + mean.dot(&(weights - steps * step));
            let made_up: Vec<f32> = made_up.iter().map(|&number| number as f32).collect();
            let tensor = find(graph, bias)?;
            *tensor = floats(bias, &tensor.dims.clone(), &made_up);
        }
        Ok(())
    }
}

/// The products with large matrices, in the order of the graph.
fn products(graph: &GraphProto) -> Vec<Product> {
    let product = |node: &NodeProto| {
        let ("Gemm" | "MatMul", [input, weights, rest @ ..]) = (&*node.op_type, &*node.input)
        else {
            return None;
        };
        // Nothing is scaled or transposed.
        let is_plain = |told: &AttributeProto| told.i == 0 && [0.0, 1.0].contains(&told.f);
        let mut tensors = graph.initializer.iter().filter(|tensor| is_large(tensor));
        let matrix = tensors.find(|tensor| tensor.name == *weights)?;
        (matrix.dims.len() == 2 && node.attribute.iter().all(is_plain)).then(|| Product {
            input: input.clone(),
            weights: weights.clone(),
            bias: rest.first().cloned(),
        })
    };
    graph.node.iter().filter_map(product).collect()
}

fn is_large(tensor: &TensorProto) -> bool {
    let numbers: i64 = tensor.dims.iter().product();
    tensor.data_type == DataType::Float as i32 && numbers >= LEAST_NUMBERS
}

/// Puts whole numbers of that step in the place of a tensor.
fn store(
    graph: &mut GraphProto,
    name: &str,
    steps: impl IntoIterator<Item = f64>,
    step: f64,
) -> Result<()> {
    let tensor = find(graph, name)?;
    let [whole, unit] = ["steps", "step"].map(|part| format!("{name}.{part}"));
    tensor.name.clone_from(&whole);
    tensor.data_type = DataType::Int8 as i32;
    tensor.float_data.clear();
    let steps = steps.into_iter();
    let steps = steps.map(|steps| steps.clamp(-MOST, MOST) as i8);
    tensor.raw_data = steps.map(i8::cast_unsigned).collect();
    let step = floats(&unit, &[], &[step as f32]);
    graph.initializer.push(step);
    let node = node("DequantizeLinear", &[&whole, &unit], name);
    graph.node.insert(0, node);
    Ok(())
}

fn root_mean_square(numbers: &[f64]) -> f64 {
    let sum: f64 = numbers.iter().map(|number| number * number).sum();
    (sum / numbers.len() as f64)
        .sqrt()
        .max(f64::from(f32::MIN_POSITIVE))
}

fn graph(model: &mut ModelProto) -> Result<&mut GraphProto> {
    model.graph.as_mut().context("the file has no graph")
}

fn find<'a>(graph: &'a mut GraphProto, name: &str) -> Result<&'a mut TensorProto> {
    let mut tensors = graph.initializer.iter_mut();
    let tensor = tensors.find(|tensor| tensor.name == name);
    tensor.with_context(|| format!("the graph has no tensor {name}"))
}

fn numbers(graph: &mut GraphProto, name: &str) -> Result<Vec<f64>> {
    let tensor = find(graph, name)?;
    if tensor.raw_data.is_empty() {
        return Ok(tensor.float_data.iter().copied().map(f64::from).collect());
    }
    let (chunks, rest) = tensor.raw_data.as_chunks();
    ensure!(rest.is_empty(), "the tensor {name} is cut off");
    let numbers = chunks.iter().copied().map(f32::from_le_bytes);
    Ok(numbers.map(f64::from).collect())
}

#[cfg(test)]
mod tests {
    use prost::Message;
    use undertone::network::{BANDS, FRAMES};

    use super::*;
    use crate::learn::neural::{Attribute, Graph};

    const COLUMNS: usize = 80;

    fn drawn(len: usize) -> Vec<f32> {
        let number = |at: usize| ((at * at * 37 + at * 11) % 1009) as f32 / 504.5 - 1.0;
        (0..len).map(number).collect()
    }

    /// Every frame and something added, times a matrix, and a bias. Names of the three tensors.
    fn model() -> (ModelProto, [String; 3]) {
        let mut graph = Graph::new("body");
        let bands = graph.input("mel_db", &["1", "64", "1001"]);
        let places = graph.exact(&[1, BANDS, FRAMES], &drawn(BANDS * FRAMES));
        let matrix = graph.exact(&[BANDS, COLUMNS], &drawn(BANDS * COLUMNS));
        let bias = graph.exact(&[COLUMNS], &drawn(COLUMNS));
        let raised = graph.node("Add", &[&bands, &places], &[]);
        let frames = graph.transpose(&raised, &[0, 2, 1]);
        let rows = graph.node("Flatten", &[&frames], &[("axis", Attribute::Int(2))]);
        let answers = graph.node("Gemm", &[&rows, &matrix, &bias], &[]);
        graph.output(&answers, "answers", &["1001", "80"]);
        let model = ModelProto::decode(&*graph.encode()).unwrap();
        (model, [places, matrix, bias])
    }

    /// Bands that are much alike, as those of music are, and far from 0.
    fn heard() -> Vec<Array2<f32>> {
        let mel_db = |song: usize| {
            Array2::from_shape_fn((BANDS, FRAMES), |(band, frame)| {
                let beat = ((frame * (song + 3)) % 97) as f32 / 20.0;
                let own = ((band * 31 + frame * 7) % 13) as f32 / 20.0;
                beat + own - 5.0
            })
        };
        (0..3).map(mel_db).collect()
    }

    fn answers(model: &ModelProto) -> Array1<f32> {
        let graph = undertone::network::Graph::load(model.clone()).unwrap();
        let songs = heard();
        let all = songs.iter().map(|mel_db| graph.run(mel_db.view()).unwrap());
        Array1::from_iter(all.flatten().flatten())
    }

    #[test]
    fn tensors_are_whole_numbers_and_answer_nearly_as_before() {
        let (mut rounded, [places, matrix, bias]) = model();
        let mut nearest = rounded.clone();
        let before = answers(&rounded);
        round(&mut rounded, &heard()).unwrap();
        let stored = graph(&mut rounded).unwrap();
        let kinds = [format!("{places}.steps"), format!("{matrix}.steps"), bias]
            .map(|name| find(stored, &name).unwrap().data_type);
        let [byte, float] = [DataType::Int8, DataType::Float].map(|kind| kind as i32);
        assert_eq!(kinds, [byte, byte, float]);

        // The same steps, each weight to the nearest.
        let of = graph(&mut nearest).unwrap();
        let weights = numbers(of, &matrix).unwrap();
        let step = STEP * root_mean_square(&weights);
        let steps: Vec<f64> = weights.iter().map(|w| (w / step).round()).collect();
        store(of, &matrix, steps, step).unwrap();

        let [made_up, nearest] = [&rounded, &nearest].map(|model| {
            let off = answers(model) - &before;
            off.mapv(|off| off * off).mean().unwrap()
        });
        assert!(
            made_up < 0.1 * nearest,
            "{made_up}, to the nearest {nearest}"
        );
    }

    #[test]
    fn a_tensor_that_is_cut_off_is_named() {
        let (mut model, [_, matrix, _]) = model();
        let tensor = graph(&mut model).unwrap();
        find(tensor, &matrix).unwrap().raw_data.pop();
        let error = round(&mut model, &heard()).unwrap_err();
        assert!(format!("{error:#}").contains(&matrix), "{error:#}");
    }
}
