//! The parts of an ONNX file, put together one by one.

use prost::Message;
use tract_onnx::pb::attribute_proto::AttributeType;
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::tensor_shape_proto::{Dimension, dimension};
use tract_onnx::pb::{
    AttributeProto, GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto,
    TensorShapeProto, TypeProto, ValueInfoProto, type_proto,
};

/// Operator set; from 18 on, axes move from attributes to inputs.
const OPSET: i64 = 17;
/// The version of the file format that goes with it.
const IR_VERSION: i64 = 8;

/// A length as ONNX writes it.
pub fn signed(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// A graph under construction. It names its own values: the operator, then a number.
#[derive(Debug)]
pub struct Graph {
    graph: GraphProto,
}

/// What an attribute of an operator is set to.
#[derive(Debug, Clone, Copy)]
pub enum Attribute<'a> {
    /// One integer.
    Int(i64),
    /// Several integers.
    Ints(&'a [i64]),
    /// A 32-bit float.
    Float(f32),
    /// Text.
    Text(&'a str),
}

impl Graph {
    /// An empty graph.
    pub fn new(name: &str) -> Self {
        let graph = GraphProto {
            name: name.to_owned(),
            ..GraphProto::default()
        };
        Self { graph }
    }

    /// Declares a 32-bit float input. A dimension is a number or a name.
    pub fn input(&mut self, name: &str, shape: &[&str]) -> String {
        self.graph.input.push(declared(name, shape));
        name.to_owned()
    }

    /// Declares a value, which no operator needs any more, as a 32-bit float output of that
    /// name.
    pub fn output(&mut self, value: &str, name: &str, shape: &[&str]) {
        let nodes = self.graph.node.iter_mut();
        for output in nodes.flat_map(|node| &mut node.output) {
            if output == value {
                name.clone_into(output);
            }
        }
        self.graph.output.push(declared(name, shape));
    }

    /// A constant of 32-bit floats, row by row; its name.
    pub fn exact(&mut self, shape: &[usize], values: &[f32]) -> String {
        let raw = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        self.constant(shape, DataType::Float, raw)
    }

    /// A constant vector of 64-bit integers; its name.
    pub fn integers(&mut self, values: &[i64]) -> String {
        let raw = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        self.constant(&[values.len()], DataType::Int64, raw)
    }

    fn constant(&mut self, shape: &[usize], kind: DataType, raw_data: Vec<u8>) -> String {
        let name = format!("constant_{}", self.graph.initializer.len());
        self.graph.initializer.push(TensorProto {
            name: name.clone(),
            dims: shape.iter().copied().map(signed).collect(),
            data_type: kind as i32,
            raw_data,
            ..TensorProto::default()
        });
        name
    }

    /// An operator with one output; its name.
    pub fn node(
        &mut self,
        operator: &str,
        inputs: &[&str],
        attributes: &[(&str, Attribute)],
    ) -> String {
        let name = format!("{operator}_{}", self.graph.node.len());
        self.graph.node.push(NodeProto {
            name: name.clone(),
            op_type: operator.to_owned(),
            input: inputs.iter().map(|&name| name.to_owned()).collect(),
            output: vec![name.clone()],
            attribute: attributes.iter().map(attribute).collect(),
            ..NodeProto::default()
        });
        name
    }

    /// The axes of a value in another order; its name.
    pub fn transpose(&mut self, value: &str, order: &[i64]) -> String {
        self.node("Transpose", &[value], &[("perm", Attribute::Ints(order))])
    }

    /// A value in another shape, as ONNX writes it; its name.
    pub fn reshape(&mut self, value: &str, shape: &[i64]) -> String {
        let shape = self.integers(shape);
        self.node("Reshape", &[value, &shape], &[])
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

fn attribute(&(name, value): &(&str, Attribute)) -> AttributeProto {
    let mut attribute = AttributeProto {
        name: name.to_owned(),
        ..AttributeProto::default()
    };
    attribute.r#type = match value {
        Attribute::Int(value) => {
            attribute.i = value;
            AttributeType::Int
        }
        Attribute::Ints(values) => {
            attribute.ints = values.to_vec();
            AttributeType::Ints
        }
        Attribute::Float(value) => {
            attribute.f = value;
            AttributeType::Float
        }
        Attribute::Text(value) => {
            attribute.s = value.as_bytes().to_vec();
            AttributeType::String
        }
    } as i32;
    attribute
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
