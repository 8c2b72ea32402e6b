//! Parts of an ONNX file.

use tract_onnx::pb::attribute_proto::AttributeType;
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::type_proto::{Tensor, Value};
use tract_onnx::pb::{AttributeProto, NodeProto, TensorProto, TypeProto, ValueInfoProto};

/// A whole number that a node is told.
#[must_use]
pub fn whole(name: &str, value: i64) -> AttributeProto {
    AttributeProto {
        name: name.to_owned(),
        r#type: AttributeType::Int as i32,
        i: value,
        ..AttributeProto::default()
    }
}

/// A node of one output.
#[must_use]
pub fn node(op_type: &str, inputs: &[&str], output: &str) -> NodeProto {
    NodeProto {
        op_type: op_type.to_owned(),
        input: inputs.iter().map(|&name| name.to_owned()).collect(),
        output: vec![output.to_owned()],
        ..NodeProto::default()
    }
}

/// Numbers of that shape, row by row.
#[must_use]
pub fn floats(name: &str, dims: &[i64], values: &[f32]) -> TensorProto {
    let raw = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    tensor(name, dims, DataType::Float, raw)
}

/// Numbers of that shape and type, as ONNX stores them: row by row, the lowest byte first.
#[must_use]
pub fn tensor(name: &str, dims: &[i64], data_type: DataType, raw_data: Vec<u8>) -> TensorProto {
    TensorProto {
        name: name.to_owned(),
        dims: dims.to_vec(),
        data_type: data_type as i32,
        raw_data,
        ..TensorProto::default()
    }
}

/// A value of numbers of any shape, as a graph's input or output.
#[must_use]
pub fn value(name: &str) -> ValueInfoProto {
    let numbers = Tensor {
        elem_type: DataType::Float as i32,
        ..Tensor::default()
    };
    ValueInfoProto {
        name: name.to_owned(),
        r#type: Some(TypeProto {
            value: Some(Value::TensorType(numbers)),
            ..TypeProto::default()
        }),
        ..ValueInfoProto::default()
    }
}
