//! Sounds to feed the program with, as wav files.

use std::fs;
use std::path::Path;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// The four moods, which are names of folders.
pub const MOODS: [&str; 4] = ["sad", "calm", "happy", "energetic"];

/// How the samples of a wav file are stored.
#[derive(Clone, Copy)]
pub enum Coding {
    /// 16-bit integers.
    Integer,
    /// 32-bit floats.
    Float,
}

/// Writes a wav file (RIFF, `WAVE_FORMAT_PCM` or `WAVE_FORMAT_IEEE_FLOAT`) whose
/// channels are all `samples`.
pub fn write_wav(path: &Path, rate: u32, channels: u16, samples: &[f32], coding: Coding) {
    let (format, bytes) = match coding {
        Coding::Integer => (1_u16, 2_u16),
        Coding::Float => (3, 4),
    };
    let mut body = Vec::new();
    for sample in samples {
        for _ in 0..channels {
            match coding {
                Coding::Integer => {
                    body.extend(((sample * 32_767.0).round() as i16).to_le_bytes());
                }
                Coding::Float => body.extend(sample.to_le_bytes()),
            }
        }
    }
    let block = channels * bytes;
    let mut file = b"RIFF".to_vec();
    file.extend((36 + body.len() as u32).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend(format.to_le_bytes());
    file.extend(channels.to_le_bytes());
    file.extend(rate.to_le_bytes());
    file.extend((rate * u32::from(block)).to_le_bytes());
    file.extend(block.to_le_bytes());
    file.extend((8 * bytes).to_le_bytes());
    file.extend(b"data");
    file.extend((body.len() as u32).to_le_bytes());
    file.extend(body);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, file).unwrap();
}

/// A tone of `hertz` that is struck twice a second.
pub fn tone(rate: u32, seconds: f32, hertz: f32) -> Vec<f32> {
    let length = (seconds * rate as f32) as usize;
    (0..length)
        .map(|n| {
            let t = n as f32 / rate as f32;
            let decay = (-4.0 * (t % 0.5)).exp();
            0.5 * decay * (std::f32::consts::TAU * hertz * t).sin()
        })
        .collect()
}

/// A mono 16-bit wav file of that tone.
pub fn write_tone(path: &Path, hertz: f32) {
    write_wav(path, 8_000, 1, &tone(8_000, 4.0, hertz), Coding::Integer);
}

/// So many tunes of 4 s for each mood, as `mine/MOOD/NUMBER.wav`: higher ones for the
/// livelier. Equal tones would be taken for one song.
pub fn write_tunes(root: &Path, songs: u32) {
    let mut rng = StdRng::seed_from_u64(2);
    for (mood, lowest) in MOODS.into_iter().zip([130.0, 200.0, 300.0, 440.0]) {
        for song in 0..songs {
            let mut note = || lowest * (f32::from(rng.random_range(0_u8..12)) / 12.0).exp2();
            let notes = (0..16).flat_map(|_| tone(8_000, 0.25, note()));
            let samples: Vec<f32> = notes.collect();
            let path = root.join(format!("mine/{mood}/{song}.wav"));
            write_wav(&path, 8_000, 1, &samples, Coding::Integer);
        }
    }
}

/// Three piano notes of a second each (Standard MIDI File, format 0).
pub const MIDI: &[u8] = b"MThd\0\0\0\x06\0\0\0\x01\0\x60MTrk\0\0\0\x1f\
    \0\x90\x3c\x64\x81\x40\x80\x3c\0\
    \0\x90\x40\x64\x81\x40\x80\x40\0\
    \0\x90\x43\x64\x81\x40\x80\x43\0\
    \0\xff\x2f\0";
