//! Results as Parquet, songs from Parquet, and parts of a collection.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, BinaryArray, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::predict::{entries, predict, scene};
use super::sounds::write_tone;
use super::{data, models, undertone};

#[test]
fn parquet_holds_all_of_a_result() {
    let root = scene();
    let at = root.path();
    fs::copy(data("bad/text.mp3"), at.join("songs/bad.mp3")).unwrap();
    let json = predict(at, &["songs", "--format", "json"]);
    let run = predict(at, &["songs", "--out", "r.parquet"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.err);
    let back = undertone(at, &["merge", "r.parquet", "--format", "json"]);
    assert_eq!(back.code, 0, "{}", back.err);
    assert_eq!(entries(&back), entries(&json));

    let file = File::open(at.join("r.parquet")).unwrap();
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let columns = builder.metadata().row_group(0).columns();
    let is_zstd = |column: &parquet::file::metadata::ColumnChunkMetaData| {
        format!("{:?}", column.compression()).starts_with("ZSTD")
    };
    assert!(columns.iter().all(is_zstd));
}

/// Writes a table of sounds; the third is no song.
fn write_clips(path: &Path, songs: &[&Path]) {
    let contents: Vec<Vec<u8>> = songs.iter().map(|song| fs::read(song).unwrap()).collect();
    let bytes = contents.iter().map(|bytes| Some(bytes.as_slice()));
    let names: Vec<String> = (0..songs.len()).map(|n| format!("clip {n}.wav")).collect();
    let columns: [(&str, ArrayRef); 2] = [
        ("audio", Arc::new(bytes.collect::<BinaryArray>())),
        ("name", Arc::new(StringArray::from(names))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer =
        ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    for row in 0..batch.num_rows() {
        // A row group each.
        writer.write(&batch.slice(row, 1)).unwrap();
        writer.flush().unwrap();
    }
    writer.close().unwrap();
}

#[test]
fn songs_are_read_from_a_column_of_bytes() {
    let root = scene();
    let at = root.path();
    let (high, low) = (at.join("songs/high.wav"), at.join("songs/album/low.wav"));
    write_clips(&at.join("c.parquet"), &[&high, &low, &data("bad/text.mp3")]);
    let run = predict(
        at,
        &["--in", "c.parquet", "--column", "audio", "--format", "json"],
    );
    assert_eq!(run.code, 2, "{}", run.err);
    let clips = entries(&run);
    let files = entries(&predict(
        at,
        &["songs/high.wav", "songs/album/low.wav", "--format", "json"],
    ));
    for (clip, file) in clips.iter().zip(&files) {
        assert_eq!(clip["report"], file["report"]);
        assert_eq!(clip["sha256"], file["sha256"]);
    }
    assert_eq!(clips[0]["file"], "clip 0.wav");
    assert_eq!(clips[2]["error"]["kind"], "undecodable");

    let refused = |words: &str| {
        let run = predict(at, &["--in", "c.parquet"]);
        assert_eq!((run.code, run.out.as_str()), (1, ""));
        assert!(run.err.contains(words), "{words}: {}", run.err);
    };
    refused("there is no column bytes of bytes");
    let whole = fs::read(at.join("c.parquet")).unwrap();
    fs::write(at.join("c.parquet"), &whole[..whole.len() / 2]).unwrap();
    refused("cut off");
}

#[test]
fn the_parts_of_a_collection_are_the_whole() {
    let root = tempfile::tempdir().unwrap();
    let at = root.path();
    models::write(&at.join("m"));
    for song in 0..9_u8 {
        write_tone(
            &at.join(format!("songs/{song}.wav")),
            150.0 + 20.0 * f32::from(song),
        );
    }
    let whole = entries(&predict(at, &["songs", "--format", "json"]));
    let mut sizes = Vec::new();
    for (shard, out) in [("1/3", "1.parquet"), ("2/3", "2.jsonl"), ("3/3", "3.json")] {
        let run = predict(at, &["songs", "--shard", shard, "--out", out]);
        assert_eq!(run.code, 0, "{}", run.err);
        let part = undertone(at, &["merge", out, "--format", "json"]);
        sizes.push(entries(&part).len());
    }
    assert_eq!(sizes.iter().sum::<usize>(), 9, "{sizes:?}");
    assert!(sizes.iter().all(|&size| size < 9), "{sizes:?}");
    let inputs = [
        "merge",
        "1.parquet",
        "2.jsonl",
        "3.json",
        "1.parquet",
        "--out",
        "all.json",
    ];
    let run = undertone(at, &inputs);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.err.starts_with("9 songs with a verdict, 0 without"),
        "{}",
        run.err
    );
    let merged = fs::read_to_string(at.join("all.json")).unwrap();
    let merged: Vec<serde_json::Value> = serde_json::from_str(&merged).unwrap();
    let set = |songs: &[serde_json::Value]| -> BTreeSet<String> {
        songs.iter().map(ToString::to_string).collect()
    };
    assert_eq!(set(&merged), set(&whole));
    let run = predict(at, &["songs", "--shard", "4/3"]);
    assert_eq!(run.code, 64, "{}", run.err);
}
