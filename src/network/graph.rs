//! An ONNX graph, run by tract.

use std::sync::Arc;

use ndarray::ArrayView2;
use tract_onnx::Onnx;
use tract_onnx::pb::ModelProto;
use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::TractErrorContext;
use tract_onnx::tract_core::optim::Optimizer;

use super::{BANDS, FRAMES, parts, weights};

/// An ONNX graph of one input `[1, 64, 1001]`, ready to run: its parts, each of which hears what
/// the one before it answers.
pub struct Graph {
    parts: Vec<Arc<TypedRunnableModel>>,
}

impl Graph {
    /// Makes a graph ready to run: its weights as plain numbers, in parts, and without what takes
    /// the engine long and gains nothing.
    ///
    /// # Errors
    /// Where the file has no graph, or the engine refuses it.
    pub fn load(mut file: ModelProto) -> TractResult<Self> {
        #[cfg(target_arch = "wasm32")]
        super::products::link();
        let engine = tract_onnx::onnx();
        let mut graph = file.graph.take().context("the file has no graph")?;
        weights::dequantize(&mut graph);
        let mut shape: TVec<usize> = tvec!(1, BANDS, FRAMES);
        let mut parts = Vec::new();
        for part in parts::cut(graph) {
            file.graph = Some(part);
            let model = optimized(&engine, &file, &shape)?;
            if let Some(answer) = model.output_fact(0)?.shape.as_concrete() {
                shape = answer.into();
            }
            parts.push(model.into_runnable()?);
        }
        Ok(Self { parts })
    }

    /// What the graph answers to `mel_db` `[64, 1001]`, output by output.
    ///
    /// # Errors
    /// What the engine says.
    pub fn run(&self, mel_db: ArrayView2<f32>) -> TractResult<Vec<Vec<f32>>> {
        let numbers: Vec<f32> = mel_db.iter().copied().collect();
        let input = Tensor::from_shape(&[1, BANDS, FRAMES], &numbers)?;
        let mut values: TVec<TValue> = tvec!(input.into());
        for part in &self.parts {
            values = part.run(values)?;
        }
        let numbers = values.iter().map(|value| {
            let value = value.to_plain_array_view::<f32>()?;
            Ok(value.iter().copied().collect())
        });
        numbers.collect()
    }
}

/// The graph of a file whose input has that shape, in the form in which the engine runs it.
fn optimized(engine: &Onnx, file: &ModelProto, shape: &[usize]) -> TractResult<TypedModel> {
    let mut model = engine.model_for_proto_model(file)?;
    model.set_input_fact(0, f32::fact(shape).into())?;
    let mut model = model.into_typed()?;
    // The other passes (for symbolic lengths and masks, and the search for better axes) take most of
    // the time, and find nothing that runs faster.
    let mut declutter = Optimizer::declutter();
    let is_needed = |pass: &_| {
        ["PropConst", "declutter"]
            .iter()
            .any(|name| format!("{pass:?}").starts_with(name))
    };
    declutter.passes.retain(is_needed);
    declutter.optimize(&mut model)?;
    model.optimize()?;
    Ok(model)
}
