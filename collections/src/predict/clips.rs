//! Songs whose bytes lie in a Parquet table.

use std::fs::File;
use std::path::{Path, PathBuf};

use ::parquet::arrow::ProjectionMask;
use anyhow::{Context, Result, anyhow};
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_cast::cast;
use arrow_schema::{DataType, Schema};

use super::song::{Song, Sound};
use crate::console::Hint;
use crate::results::{Record, Shard, parquet};

/// Rows whose bytes are in memory at once, beside the songs at work.
const BATCH: usize = 16;

/// Columns that may name a row's song.
const NAMES: [&str; 4] = ["file", "path", "name", "id"];

/// A table with a song's bytes in each row.
pub struct Clips {
    file: PathBuf,
    /// Where the bytes are.
    bytes: Column,
    /// Where their names are.
    names: Option<Column>,
    rows: usize,
}

/// The name of a column, and of a field in it where it is a struct.
type Column = (String, Option<String>);

impl Clips {
    /// Looks at the table's columns: the bytes lie in `column`, which may hold a field
    /// `bytes` beside a field `path`, as in data sets of Hugging Face.
    ///
    /// # Errors
    /// When it is no Parquet file, is cut off, or has no such column.
    pub fn open(file: &Path, column: &str) -> Result<Self> {
        let unread = || format!("{} can't be read", file.display());
        let builder = File::open(file).map_err(anyhow::Error::from);
        let builder = builder.and_then(parquet::open).with_context(unread)?;
        let schema = builder.schema();
        let bytes = bytes_column(schema, column)
            .ok_or_else(|| anyhow!("there is no column {column} of bytes"))
            .with_context(unread)
            .hint(format!(
                "name one with --column; there are: {}",
                columns(schema)
            ))?;
        let names = name_column(schema, &bytes);
        let rows = builder.metadata().file_metadata().num_rows();
        Ok(Self {
            file: file.to_owned(),
            bytes,
            names,
            rows: usize::try_from(rows)?,
        })
    }

    /// Number of songs.
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// The songs of that shard, group by group; a place that can't be read ends the table.
    ///
    /// # Errors
    /// When the table can't be read.
    pub fn songs(self, shard: Shard) -> Result<impl Iterator<Item = Result<Song, Record>> + Send> {
        let name = self.file.to_string_lossy().into_owned();
        let builder = File::open(&self.file).map_err(anyhow::Error::from);
        let builder = builder.and_then(parquet::open);
        let builder = builder.with_context(|| format!("{name} can't be read"))?;
        let columns = [Some(&self.bytes), self.names.as_ref()];
        let wanted = columns
            .into_iter()
            .flatten()
            .map(|(column, _)| column.as_str());
        let mask = ProjectionMask::columns(builder.parquet_schema(), wanted);
        let builder = builder.with_projection(mask).with_batch_size(BATCH);
        let batches = parquet::batches(builder.build()?);
        let mut first = 0;
        let songs = batches.flat_map(move |batch| match batch {
            Ok(batch) => {
                let start = first;
                first += batch.num_rows();
                self.songs_of(&batch, start)
            }
            Err(error) => {
                let message = format!("from row {first} on {error:#}");
                vec![Err(Record::failed(&name, "unreadable", message))]
            }
        });
        Ok(songs.filter(move |song| {
            let name = match song {
                Ok(song) => &song.name,
                Err(record) => &record.entry.file,
            };
            shard.holds(name)
        }))
    }

    /// The songs of a batch whose first row has that number.
    fn songs_of(&self, batch: &RecordBatch, start: usize) -> Vec<Result<Song, Record>> {
        let bytes = array(batch, &self.bytes, &DataType::LargeBinary);
        let bytes = bytes.as_ref().map(AsArray::as_binary::<i64>);
        let names = self.names.as_ref();
        let names = names.and_then(|names| array(batch, names, &DataType::LargeUtf8));
        let names = names.as_ref().map(AsArray::as_string::<i64>);
        let song = |row: usize| {
            let given = names.filter(|names| names.is_valid(row));
            let given = given
                .map(|names| names.value(row))
                .filter(|name| !name.is_empty());
            let unnamed = || format!("{}#{}", self.file.display(), start + row);
            let name = given.map_or_else(unnamed, str::to_owned);
            match bytes.filter(|bytes| bytes.is_valid(row)) {
                Some(bytes) => Ok(Song {
                    name,
                    sound: Sound::Bytes(bytes.value(row).to_vec()),
                }),
                None => Err(Record::failed(name, "empty", "the row holds no bytes")),
            }
        };
        (0..batch.num_rows()).map(song).collect()
    }
}

const fn is_bytes(kind: &DataType) -> bool {
    use DataType::{Binary, BinaryView, LargeBinary};
    matches!(kind, Binary | BinaryView | LargeBinary)
}

/// A number may be a name, too.
fn is_name(kind: &DataType) -> bool {
    use DataType::{LargeUtf8, Utf8, Utf8View};
    matches!(kind, Utf8 | Utf8View | LargeUtf8) || kind.is_integer()
}

fn bytes_column(schema: &Schema, column: &str) -> Option<Column> {
    let kind = schema.field_with_name(column).ok()?.data_type();
    if is_bytes(kind) {
        return Some((column.to_owned(), None));
    }
    field(kind, "bytes", is_bytes).map(|field| (column.to_owned(), Some(field)))
}

fn name_column(schema: &Schema, (bytes, _): &Column) -> Option<Column> {
    let is_there = |name: &&str| {
        let field = schema.field_with_name(name);
        field.is_ok_and(|field| is_name(field.data_type()))
    };
    let beside = NAMES.into_iter().find(is_there);
    let within = || {
        let kind = schema.field_with_name(bytes).ok()?.data_type();
        field(kind, "path", is_name).map(|field| (bytes.clone(), Some(field)))
    };
    beside.map(|name| (name.to_owned(), None)).or_else(within)
}

/// The name of a field, where a column has such a one.
fn field(kind: &DataType, name: &str, is_right: fn(&DataType) -> bool) -> Option<String> {
    let DataType::Struct(fields) = kind else {
        return None;
    };
    let (_, field) = fields.find(name)?;
    is_right(field.data_type()).then(|| name.to_owned())
}

fn columns(schema: &Schema) -> String {
    let names = schema.fields().iter().map(|field| field.name().as_str());
    names.collect::<Vec<_>>().join(", ")
}

/// The column as `kind`.
fn array(batch: &RecordBatch, (column, field): &Column, kind: &DataType) -> Option<ArrayRef> {
    let array = batch.column_by_name(column)?;
    let array = match field {
        None => array,
        Some(field) => array.as_struct_opt()?.column_by_name(field)?,
    };
    cast(array, kind).ok()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ::parquet::arrow::ArrowWriter;
    use ::parquet::basic::Compression;
    use ::parquet::file::properties::WriterProperties;
    use arrow_array::{BinaryArray, Int32Array, StringArray, StructArray};
    use arrow_schema::Field;

    use super::*;

    fn write(path: &Path, columns: Vec<(&str, ArrayRef)>) {
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let file = File::create(path).unwrap();
        // As most programs write.
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .build();
        let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
    }

    fn sounds() -> ArrayRef {
        let bytes: [Option<&[u8]>; 3] = [Some(b"one"), None, Some(b"three")];
        Arc::new(bytes.into_iter().collect::<BinaryArray>())
    }

    /// Name and bytes, or name and kind of error.
    fn songs(path: &Path, column: &str) -> Vec<(String, Vec<u8>)> {
        let clips = Clips::open(path, column).unwrap();
        assert_eq!(clips.rows(), 3);
        let song = |song: Result<Song, Record>| match song {
            Ok(Song {
                name,
                sound: Sound::Bytes(bytes),
            }) => (name, bytes),
            Ok(song) => (song.name, Vec::new()),
            Err(record) => {
                let kind = record.error().unwrap().kind.clone();
                (record.entry.file, kind.into_bytes())
            }
        };
        clips.songs(Shard::ALL).unwrap().map(song).collect()
    }

    #[test]
    fn bytes_and_names_are_found_in_either_arrangement() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.parquet");
        let names: ArrayRef = Arc::new(StringArray::from(vec!["a.mp3", "b.mp3", "c.mp3"]));
        let expected = [("a.mp3", "one"), ("b.mp3", "empty"), ("c.mp3", "three")]
            .map(|(name, bytes)| (name.to_owned(), bytes.as_bytes().to_vec()));
        write(
            &path,
            vec![("bytes", sounds()), ("file", Arc::clone(&names))],
        );
        assert_eq!(songs(&path, "bytes"), expected);

        let field = |name, kind| Arc::new(Field::new(name, kind, true));
        let both = StructArray::from(vec![
            (field("bytes", DataType::Binary), sounds()),
            (field("path", DataType::Utf8), names),
        ]);
        write(&path, vec![("audio", Arc::new(both))]);
        assert_eq!(songs(&path, "audio"), expected);

        write(&path, vec![("bytes", sounds())]);
        let (name, bytes) = &songs(&path, "bytes")[2];
        assert!(name.ends_with("p.parquet#2"), "{name}");
        assert_eq!(bytes, b"three");
    }

    #[test]
    fn another_schema_is_refused_with_the_columns_that_there_are() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.parquet");
        let numbers: ArrayRef = Arc::new(Int32Array::from(vec![1, 2, 3]));
        write(&path, vec![("number", numbers), ("sound", sounds())]);
        for column in ["bytes", "number"] {
            let error = Clips::open(&path, column).err().unwrap();
            assert!(format!("{error:#}").contains("no column"), "{error:#}");
        }
        std::fs::write(&path, &std::fs::read(&path).unwrap()[..100]).unwrap();
        let error = Clips::open(&path, "sound").err().unwrap();
        assert!(format!("{error:#}").contains("cut off"), "{error:#}");
    }
}
