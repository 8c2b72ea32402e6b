//! The parts of an ONNX file, put together one by one.

use prost::Message;
use tract_onnx::pb::attribute_proto::AttributeType;
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::tensor_shape_proto::{Dimension, dimension};
use tract_onnx::pb::{
    AttributeProto, GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto,
    TensorShapeProto, TypeProto, ValueInfoProto, type_proto,
};
use tract_onnx::prelude::f16;

/// Operator set; from 18 on, axes move from attributes to inputs.
const OPSET: i64 = 17;
/// The version of the file format that goes with it.
const IR_VERSION: i64 = 8;

/// A length as ONNX writes it.
pub fn signed(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// A graph under construction. Its values are known by name.
#[derive(Debug)]
pub struct Graph {
    graph: GraphProto,
    half_precision: bool,
}

impl Graph {
    /// An empty graph; [`super::ExportOptions::half_precision`] says how
    /// [`Self::weight`] rounds.
    pub fn new(half_precision: bool) -> Self {
        let graph = GraphProto {
            name: "mood".to_owned(),
            ..GraphProto::default()
        };
        Self {
            graph,
            half_precision,
        }
    }

    /// Declares a 32-bit float input. A dimension is a number or a name.
    pub fn input(&mut self, name: &str, shape: &[&str]) {
        self.graph.input.push(declared(name, shape));
    }

    /// Declares a 32-bit float output.
    pub fn output(&mut self, name: &str, shape: &[&str]) {
        self.graph.output.push(declared(name, shape));
    }

    /// A constant of 32-bit floats, row by row; its name.
    pub fn exact(&mut self, name: &str, shape: &[usize], values: &[f32]) -> String {
        let raw = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        self.constant(name, shape, DataType::Float, raw)
    }

    /// A constant of weights, rounded as the graph was told; its name.
    pub fn weight(&mut self, name: &str, shape: &[usize], values: &[f32]) -> String {
        if !self.half_precision {
            return self.exact(name, shape, values);
        }
        let rounded: Vec<f32> = values.iter().map(|&v| f16::from_f32(v).to_f32()).collect();
        self.exact(name, shape, &rounded)
    }

    /// A constant vector of 64-bit integers; its name.
    pub fn integers(&mut self, name: &str, values: &[i64]) -> String {
        let raw = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        self.constant(name, &[values.len()], DataType::Int64, raw)
    }

    fn constant(
        &mut self,
        name: &str,
        shape: &[usize],
        kind: DataType,
        raw_data: Vec<u8>,
    ) -> String {
        self.graph.initializer.push(TensorProto {
            name: name.to_owned(),
            dims: shape.iter().copied().map(signed).collect(),
            data_type: kind as i32,
            raw_data,
            ..TensorProto::default()
        });
        name.to_owned()
    }

    /// Begins an operator with one output.
    pub fn node(&mut self, operator: &str, inputs: &[&str], output: &str) -> Node<'_> {
        let node = NodeProto {
            name: output.to_owned(),
            op_type: operator.to_owned(),
            input: inputs.iter().map(|&name| name.to_owned()).collect(),
            output: vec![output.to_owned()],
            ..NodeProto::default()
        };
        Node { graph: self, node }
    }

    /// The file.
    pub fn encode(self) -> Vec<u8> {
        ModelProto {
            ir_version: IR_VERSION,
            opset_import: vec![OperatorSetIdProto {
                domain: String::new(),
                version: OPSET,
            }],
            producer_name: "undertone".to_owned(),
            producer_version: env!("CARGO_PKG_VERSION").to_owned(),
            graph: Some(self.graph),
            ..ModelProto::default()
        }
        .encode_to_vec()
    }
}

/// An operator whose attributes are still to be given.
#[derive(Debug)]
pub struct Node<'a> {
    graph: &'a mut Graph,
    node: NodeProto,
}

impl Node<'_> {
    /// An attribute of one integer.
    pub fn integer(self, name: &str, value: i64) -> Self {
        self.attribute(AttributeProto {
            name: name.to_owned(),
            r#type: AttributeType::Int as i32,
            i: value,
            ..AttributeProto::default()
        })
    }

    /// An attribute of several integers.
    pub fn integers(self, name: &str, values: &[i64]) -> Self {
        self.attribute(AttributeProto {
            name: name.to_owned(),
            r#type: AttributeType::Ints as i32,
            ints: values.to_vec(),
            ..AttributeProto::default()
        })
    }

    /// An attribute of one float.
    pub fn float(self, name: &str, value: f32) -> Self {
        self.attribute(AttributeProto {
            name: name.to_owned(),
            r#type: AttributeType::Float as i32,
            f: value,
            ..AttributeProto::default()
        })
    }

    /// An attribute of text.
    pub fn text(self, name: &str, value: &str) -> Self {
        self.attribute(AttributeProto {
            name: name.to_owned(),
            r#type: AttributeType::String as i32,
            s: value.as_bytes().to_vec(),
            ..AttributeProto::default()
        })
    }

    fn attribute(mut self, attribute: AttributeProto) -> Self {
        self.node.attribute.push(attribute);
        self
    }

    /// Puts the operator into the graph; the name of its output.
    pub fn done(self) -> String {
        let name = self.node.name.clone();
        self.graph.graph.node.push(self.node);
        name
    }
}

fn declared(name: &str, shape: &[&str]) -> ValueInfoProto {
    let dim = shape
        .iter()
        .map(|&length| Dimension {
            denotation: String::new(),
            value: Some(length.parse().map_or_else(
                |_| dimension::Value::DimParam(length.to_owned()),
                dimension::Value::DimValue,
            )),
        })
        .collect();
    ValueInfoProto {
        name: name.to_owned(),
        r#type: Some(TypeProto {
            denotation: String::new(),
            value: Some(type_proto::Value::TensorType(type_proto::Tensor {
                elem_type: DataType::Float as i32,
                shape: Some(TensorShapeProto { dim }),
            })),
        }),
        doc_string: String::new(),
    }
}
