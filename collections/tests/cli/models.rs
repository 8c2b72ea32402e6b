//! Two small judges that need no training, exported as the real ones are.

use std::fs;
use std::path::Path;

use prost::Message;
use serde::Serialize;
use tract_onnx::pb::attribute_proto::AttributeType;
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::tensor_shape_proto::{Dimension, dimension};
use tract_onnx::pb::{
    AttributeProto, GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto,
    TensorShapeProto, TypeProto, ValueInfoProto, type_proto,
};
use undertone::Mood;
use undertone::card::{
    About, EnsembleCard, FileStamp, FrontEnd, LabelSpace, NetworkCard, VerdictRule,
};
use undertone::ensemble::background::Background;
use undertone::ensemble::forest::ForestModel;
use undertone::ensemble::scaler::StandardScaler;
use undertone::ensemble::stack::LogisticRegression;
use undertone::ensemble::svm::{PAIRS, SvcModel};
use undertone::ensemble::tree::TreeModel;
use undertone::ensemble::{Ensemble, EnsembleModel, STACK_INPUTS};
use undertone::features::Descriptors;
use undertone::network::{BANDS, FRAMES, OUTPUTS, WINDOW_STEPS};
use undertone::regressor::{
    FeatureRegressor, FeaturesCard, Fit, RegressorModel, Target, TargetCard, TargetModel,
};

/// Writes `mood.onnx`, `ensemble.bin`, `features.bin` and their cards into `folder`.
pub fn write(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    let network = network();
    let stamp = FileStamp::of("mood.onnx", &network);
    let card = NetworkCard {
        stamp,
        front_end: FrontEnd::current(),
        most_windows: None,
        temperature: 1.0,
        verdict: VerdictRule {
            network_weight: 0.5,
            temperature: 1.0,
            unsure_below: 0.5,
            music_at_least: 0.1,
            unfamiliar: None,
        },
        parameters: BANDS * OUTPUTS,
        about: about(),
    };
    write_json(&folder.join("mood.json"), &card);
    fs::write(folder.join("mood.onnx"), network).unwrap();

    let ensemble = Ensemble::new(ensemble(), "ensemble.bin").unwrap();
    let bytes = ensemble.to_bytes().unwrap();
    let card = EnsembleCard {
        stamp: FileStamp::of("ensemble.bin", &bytes),
        inputs: Descriptors::NAMES.map(str::to_owned).to_vec(),
        about: about(),
    };
    write_json(&folder.join("ensemble.json"), &card);
    fs::write(folder.join("ensemble.bin"), bytes).unwrap();

    let regressor = FeatureRegressor::new(regressor(), vec![Target::Energy], "features.bin");
    let bytes = regressor.unwrap().to_bytes().unwrap();
    let card = FeaturesCard {
        stamp: FileStamp::of("features.bin", &bytes),
        inputs: Descriptors::NAMES.map(str::to_owned).to_vec(),
        targets: vec![TargetCard {
            name: Target::Energy,
            measured: true,
            fit: Fit::default(),
            held_out: None,
            rival: None,
        }],
        about: about(),
    };
    write_json(&folder.join("features.json"), &card);
    fs::write(folder.join("features.bin"), bytes).unwrap();
}

/// Energy is 0.5 everywhere.
fn regressor() -> RegressorModel {
    RegressorModel {
        scaler: StandardScaler {
            mean: vec![0.0; Descriptors::COUNT],
            scale: vec![1.0; Descriptors::COUNT],
        },
        gamma: 0.1,
        rows: Vec::new(),
        targets: vec![TargetModel {
            intercept: 0.0,
            dual_coef: Vec::new(),
        }],
    }
}

/// Changes one field of a card.
pub fn edit_card(path: &Path, field: &[&str], value: serde_json::Value) {
    let mut card: serde_json::Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let mut place = &mut card;
    for name in field {
        place = &mut place[*name];
    }
    *place = value;
    write_json(path, &card);
}

fn write_json(path: &Path, value: &impl Serialize) {
    fs::write(path, serde_json::to_vec(value).unwrap()).unwrap();
}

fn about() -> About {
    About {
        title: "made up for a test".to_owned(),
        licence: "CC0-1.0".to_owned(),
        label_space: LabelSpace::PerceivedQuadrant,
        data: Vec::new(),
        metrics: Vec::new(),
        limits: Vec::new(),
        made_by: "tests".to_owned(),
    }
}

/// One leaf for all, and a combiner that leans towards calm.
fn ensemble() -> EnsembleModel {
    let leaf = TreeModel {
        nodes: vec![0],
        thresholds: Vec::new(),
        leaves: vec![255; Mood::COUNT],
    };
    EnsembleModel {
        scaler: StandardScaler {
            mean: vec![0.0; Descriptors::COUNT],
            scale: vec![1.0; Descriptors::COUNT],
        },
        svm: SvcModel {
            gamma: 0.1,
            n_support: vec![0; Mood::COUNT],
            support_vectors: Vec::new(),
            dual_coef: Vec::new(),
            intercept: vec![0.0; PAIRS],
            prob_a: vec![-1.0; PAIRS],
            prob_b: vec![0.0; PAIRS],
        },
        forest: ForestModel {
            trees: vec![leaf.clone()],
        },
        tree: leaf,
        stack: LogisticRegression {
            coef: vec![vec![0.1; STACK_INPUTS]; Mood::COUNT],
            intercept: vec![0.0, 0.5, 0.0, 0.0],
        },
        background: Background {
            values: vec![0; Descriptors::COUNT],
        },
    }
}

/// The mean frame of every step, times a matrix: low bands speak for calm, and high ones
/// for energetic, each against the other.
fn network() -> Vec<u8> {
    let weights: Vec<f32> = (0..BANDS * OUTPUTS)
        .map(|i| match (i / OUTPUTS, i % OUTPUTS) {
            (band, 1 | 3) if (band < BANDS / 2) == (i % OUTPUTS == 1) => 0.05,
            (_, 1 | 3) => -0.05,
            _ => 0.0,
        })
        .collect();
    let matrix = TensorProto {
        name: "weights".to_owned(),
        dims: [BANDS, OUTPUTS].map(dimension_of).to_vec(),
        data_type: DataType::Float as i32,
        raw_data: weights.iter().flat_map(|w| w.to_le_bytes()).collect(),
        ..TensorProto::default()
    };
    let floor = TensorProto {
        name: "floor".to_owned(),
        dims: [1, 1, 1].map(dimension_of).to_vec(),
        data_type: DataType::Float as i32,
        raw_data: (-10.0_f32).to_le_bytes().to_vec(),
        ..TensorProto::default()
    };
    let step = dimension_of(FRAMES / WINDOW_STEPS);
    let swap = || vec![integers("perm", &[0, 2, 1])];
    let graph = GraphProto {
        name: "mood".to_owned(),
        input: vec![value("mel_db", &["1", "64", "1001"])],
        output: vec![value("answers", &["1", "10", "10"])],
        initializer: vec![matrix, floor],
        node: vec![
            // What a codec does to silence changes nothing.
            node("Max", &["mel_db", "floor"], "loud", Vec::new()),
            node(
                "AveragePool",
                &["loud"],
                "steps",
                vec![
                    integers("kernel_shape", &[step]),
                    integers("strides", &[step]),
                ],
            ),
            node("Transpose", &["steps"], "frames", swap()),
            node("MatMul", &["frames", "weights"], "answers", Vec::new()),
        ],
        ..GraphProto::default()
    };
    model(graph)
}

fn model(graph: GraphProto) -> Vec<u8> {
    ModelProto {
        ir_version: 8,
        opset_import: vec![OperatorSetIdProto {
            domain: String::new(),
            version: 17,
        }],
        graph: Some(graph),
        ..ModelProto::default()
    }
    .encode_to_vec()
}

/// A body with the input of CED-tiny: every token is a sixteenth of a second of the mel bands
/// times a matrix. Its twelve layers each add it to itself twice, a normalisation beside either
/// sum.
pub fn body() -> Vec<u8> {
    let matrix = |name: &str, width: usize| TensorProto {
        name: name.to_owned(),
        dims: [64, width].map(dimension_of).to_vec(),
        data_type: DataType::Float as i32,
        raw_data: (0..64 * width)
            .map(|i| {
                if i / width == i % width % 64 {
                    0.01_f32
                } else {
                    0.0
                }
            })
            .flat_map(f32::to_le_bytes)
            .collect(),
        ..TensorProto::default()
    };
    let pool = |size: usize, output: &str| {
        let size = dimension_of(size);
        let sizes = ["kernel_shape", "strides"].map(|name| integers(name, &[size]));
        node("AveragePool", &["mel_db"], output, sizes.to_vec())
    };
    let swap = || vec![integers("perm", &[0, 2, 1])];
    let axis = AttributeProto {
        name: "axis".to_owned(),
        r#type: AttributeType::Int as i32,
        i: 1,
        ..AttributeProto::default()
    };
    let layers = (0..24).flat_map(|half| {
        let sum = format!("sum{half}");
        let before = match half {
            0 => "deep".to_owned(),
            half => format!("sum{}", half - 1),
        };
        [
            node("Add", &[&before, "deep"], &sum, Vec::new()),
            node(
                "LayerNormalization",
                &[&sum, "ones"],
                &format!("normal{half}"),
                Vec::new(),
            ),
        ]
    });
    let ones = TensorProto {
        name: "ones".to_owned(),
        dims: vec![dimension_of(192)],
        data_type: DataType::Float as i32,
        raw_data: [1.0_f32; 192]
            .iter()
            .flat_map(|v| v.to_le_bytes())
            .collect(),
        ..TensorProto::default()
    };
    let graph = GraphProto {
        name: "body".to_owned(),
        input: vec![value("mel_db", &["1", "64", "1001"])],
        output: vec![value("probs", &["1", "1", "527"])],
        initializer: vec![matrix("to_tokens", 192), matrix("to_classes", 527), ones],
        node: vec![
            pool(16, "pieces"),
            node("Transpose", &["pieces"], "pieces_first", swap()),
            node("MatMul", &["pieces_first", "to_tokens"], "row", Vec::new()),
            node("Concat", &["row"; 4], "deep", vec![axis]),
            node("Identity", &["deep"], "tokens", Vec::new()),
            pool(1001, "whole"),
            node("Transpose", &["whole"], "whole_first", swap()),
            node(
                "MatMul",
                &["whole_first", "to_classes"],
                "scores",
                Vec::new(),
            ),
            node("Sigmoid", &["scores"], "probs", Vec::new()),
        ]
        .into_iter()
        .chain(layers)
        .collect(),
        ..GraphProto::default()
    };
    model(graph)
}

/// A size as ONNX counts it.
fn dimension_of(size: usize) -> i64 {
    i64::try_from(size).unwrap()
}

fn node(op: &str, input: &[&str], output: &str, attribute: Vec<AttributeProto>) -> NodeProto {
    NodeProto {
        name: output.to_owned(),
        op_type: op.to_owned(),
        input: input.iter().map(|&name| name.to_owned()).collect(),
        output: vec![output.to_owned()],
        attribute,
        ..NodeProto::default()
    }
}

fn integers(name: &str, values: &[i64]) -> AttributeProto {
    AttributeProto {
        name: name.to_owned(),
        r#type: AttributeType::Ints as i32,
        ints: values.to_vec(),
        ..AttributeProto::default()
    }
}

/// A float tensor; a dimension is a number or a name.
fn value(name: &str, shape: &[&str]) -> ValueInfoProto {
    let dim = shape
        .iter()
        .map(|size| Dimension {
            denotation: String::new(),
            value: Some(match size.parse() {
                Ok(number) => dimension::Value::DimValue(number),
                Err(_) => dimension::Value::DimParam((*size).to_owned()),
            }),
        })
        .collect();
    let tensor = type_proto::Tensor {
        elem_type: DataType::Float as i32,
        shape: Some(TensorShapeProto { dim }),
    };
    ValueInfoProto {
        name: name.to_owned(),
        r#type: Some(TypeProto {
            value: Some(type_proto::Value::TensorType(tensor)),
            ..TypeProto::default()
        }),
        ..ValueInfoProto::default()
    }
}
