use std::io::Cursor;

use super::*;

/// Written by `tests/data/make_audio.py`.
const MP3: &[u8] = include_bytes!("../../tests/data/audio/sweep.mp3");
const STEREO_MP3: &[u8] = include_bytes!("../../tests/data/audio/stereo.mp3");
const OGG: &[u8] = include_bytes!("../../tests/data/audio/sweep.ogg");
const STEREO_OGG: &[u8] = include_bytes!("../../tests/data/audio/stereo.ogg");
const FLAC: &[u8] = include_bytes!("../../tests/data/audio/sweep.flac");
const WAV: &[u8] = include_bytes!("../../tests/data/audio/sweep.wav");

/// Length of the head of [`WAV`].
const WAV_HEAD: usize = 44;
const RATE: u32 = 22_050;
const SAMPLES: usize = 4 * RATE as usize;

/// Rate and channels.
type Sound = (u32, Vec<Vec<f32>>);

fn decoded(bytes: Vec<u8>, extension: &str) -> Result<Sound, AnalysisError> {
    let mut decoder = Decoder::open(Box::new(Cursor::new(bytes)), Some(extension))?;
    let (mut rate, mut channels) = (0, Vec::new());
    while let Some(chunk) = decoder.next_chunk()? {
        assert!(chunk.channels.iter().all(|channel| !channel.is_empty()));
        rate = chunk.sample_rate;
        channels.resize(chunk.channels.len(), Vec::new());
        for (all, channel) in channels.iter_mut().zip(chunk.channels) {
            all.extend_from_slice(channel);
        }
    }
    Ok((rate, channels))
}

fn seconds(bytes: Vec<u8>, extension: &str) -> f64 {
    let (rate, channels) = decoded(bytes, extension).unwrap();
    channels[0].len() as f64 / f64::from(rate)
}

fn kind(bytes: Vec<u8>, extension: &str) -> &'static str {
    decoded(bytes, extension).unwrap_err().kind()
}

/// The same at each call, of every value.
fn noise(length: usize, seed: u64) -> Vec<u8> {
    let next = |state: &u64| {
        let state = state ^ (state << 13);
        let state = state ^ (state >> 7);
        Some(state ^ (state << 17))
    };
    let states = std::iter::successors(Some(seed), next);
    states
        .take(length)
        .map(|state| (state >> 24) as u8)
        .collect()
}

fn wav() -> Vec<f32> {
    let samples = WAV[WAV_HEAD..].as_chunks().0.iter();
    let sample = |bytes: &[u8; 2]| f32::from(i16::from_le_bytes(*bytes)) / 32_768.0;
    samples.map(sample).collect()
}

/// A chunk of a RIFF file.
fn chunk(id: [u8; 4], length: u32, body: &[u8]) -> Vec<u8> {
    [&id[..], &length.to_le_bytes(), body].concat()
}

#[test]
fn chunks_make_up_the_song() {
    let mut decoder = Decoder::open(Box::new(Cursor::new(MP3)), None).unwrap();
    let listed = decoder.listed_seconds().unwrap();
    assert!((listed - 4.0).abs() < 0.1, "{listed} s");
    assert_eq!(decoder.next_chunk().unwrap().unwrap().sample_rate, RATE);
    let (rate, channels) = decoded(MP3.to_vec(), "mp3").unwrap();
    assert_eq!(
        (rate, channels.len(), channels[0].len()),
        (RATE, 1, SAMPLES)
    );
}

#[test]
fn joined_files_are_heard_to_the_end() {
    for (mono, stereo, extension) in [(MP3, STEREO_MP3, "mp3"), (OGG, STEREO_OGG, "ogg")] {
        let sweep = decoded(mono.to_vec(), extension).unwrap().1.remove(0);
        for (parts, rate, channels) in [
            ([mono, mono, mono], RATE, 1),
            ([mono, stereo, mono], RATE, 1),
            ([stereo, mono, mono], 44_100, 2),
        ] {
            let (got, planes) = decoded(parts.concat(), extension).unwrap();
            assert_eq!((got, planes.len()), (rate, channels), "{extension}");
            let length = planes[0].len() as f64 / f64::from(rate);
            assert!((11.9..12.4).contains(&length), "{extension}: {length} s");
            // The last part sounds as it does alone.
            let step = (rate / RATE) as usize;
            let last = &planes[channels - 1][planes[0].len() - 2 * RATE as usize * step..];
            let energy = last.iter().map(|s| s * s).sum::<f32>() / last.len() as f32;
            let alone = &sweep[2 * RATE as usize..];
            let expected = alone.iter().map(|s| s * s).sum::<f32>() / alone.len() as f32;
            assert!((0.8..1.25).contains(&(energy / expected)), "{extension}");
        }
    }
}

#[test]
fn a_header_that_lies_is_not_believed() {
    let listed = |bytes: Vec<u8>| {
        let decoder = Decoder::open(Box::new(Cursor::new(bytes)), None).unwrap();
        decoder.listed_seconds()
    };
    // STREAMINFO has 36 bits for the number of samples.
    let mut flac = FLAC.to_vec();
    flac[21] |= 0x0f;
    flac[22..26].fill(0xff);
    assert_eq!(listed(flac.clone()), None);
    assert!((seconds(flac, "flac") - 4.0).abs() < 1e-9);

    let mut mp3 = MP3.to_vec();
    let tags = [b"Xing", b"Info"];
    let tag = mp3
        .windows(4)
        .position(|four| tags.iter().any(|tag| four == *tag));
    let count = tag.unwrap() + 8;
    mp3[count..count + 4].fill(0xff);
    assert_eq!(listed(mp3.clone()), None);
    assert!((seconds(mp3, "mp3") - 4.0).abs() < 0.2);
}

#[test]
fn wav_files_are_read_as_players_read_them() {
    let format = &WAV[20..36];
    let body = &WAV[WAV_HEAD..];
    let file = |riff: u32, chunks: &[Vec<u8>]| {
        let chunks = [&b"WAVE"[..], &chunks.concat()].concat();
        chunk(*b"RIFF", riff, &chunks)
    };
    let fmt = || chunk(*b"fmt ", 16, format);
    let data = |length: u32| chunk(*b"data", length, body);
    let whole = body.len() as u32;
    let cases = [
        ("as it is", WAV.to_vec()),
        ("no length", file(0, &[fmt(), data(0)])),
        ("piped", file(u32::MAX, &[fmt(), data(u32::MAX)])),
        ("a short RIFF", file(36 + whole - 8, &[fmt(), data(whole)])),
        (
            "a long data chunk",
            file(36 + whole, &[fmt(), data(whole + 1_000)]),
        ),
        (
            "a pad",
            file(0, &[fmt(), chunk(*b"odd ", 3, b"abc\0"), data(whole)]),
        ),
        (
            "no pad",
            file(0, &[fmt(), chunk(*b"odd ", 3, b"abc"), data(whole)]),
        ),
        (
            "a chunk behind",
            file(0, &[fmt(), data(whole), chunk(*b"LIST", 4, b"INFO")]),
        ),
    ];
    let reference = wav();
    for (name, bytes) in cases {
        let (rate, channels) = decoded(bytes, "wav").unwrap();
        assert_eq!((rate, channels.len()), (RATE, 1), "{name}");
        assert!(channels[0] == reference, "{name}");
    }
    let cut = decoded(WAV[..WAV_HEAD + 100_001].to_vec(), "wav")
        .unwrap()
        .1;
    assert!(cut[0][..] == reference[..50_000]);
    assert_eq!(kind(WAV[..30].to_vec(), "wav"), "undecodable");
}

#[test]
fn other_heads_hold_the_same_sound() {
    let reference = wav();
    let (format, body) = (&WAV[20..36], &WAV[WAV_HEAD..]);
    let length = body.len() as u32;
    let turned = |bytes: &[u8], widths: &[usize]| {
        let mut rest = bytes;
        let mut turned = Vec::new();
        for &width in widths.iter().cycle() {
            let Some((number, after)) = rest.split_at_checked(width) else {
                break;
            };
            turned.extend(number.iter().rev());
            rest = after;
        }
        turned
    };
    let rifx = [
        b"RIFX\0\0\0\0WAVEfmt \0\0\0\x10",
        &turned(format, &[2, 2, 4, 4, 2, 2])[..],
        b"data",
        &length.to_be_bytes(),
        &turned(body, &[2]),
    ];
    let sizes = [u64::from(length) + 80, u64::from(length), 0].map(u64::to_le_bytes);
    let ds64 = chunk(*b"ds64", 28, &[&sizes.concat()[..], &[0; 4]].concat());
    let rf64 = [
        &chunk(*b"RF64", u32::MAX, b"WAVE")[..],
        &ds64,
        &chunk(*b"fmt ", 16, format),
        &chunk(*b"data", u32::MAX, body),
        &chunk(*b"LIST", 4, b"INFO"),
    ];
    let guid =
        |id: &[u8; 4]| [&id[..], b"\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a"].concat();
    let wave64 = [
        &b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00"[..],
        &0_u64.to_le_bytes(),
        &guid(b"wave"),
        &guid(b"fmt "),
        &40_u64.to_le_bytes(),
        format,
        &guid(b"data"),
        &(u64::from(length) + 24).to_le_bytes(),
        body,
    ];
    for (name, bytes) in [
        ("RIFX", rifx.concat()),
        ("RF64", rf64.concat()),
        ("W64", wave64.concat()),
    ] {
        let (rate, channels) = decoded(bytes, "wav").unwrap();
        assert_eq!((rate, channels.len()), (RATE, 1), "{name}");
        assert!(channels[0] == reference, "{name}");
    }
    let mut mpeg = format.to_vec();
    mpeg[0] = 0x55;
    let mp3 = [
        &chunk(*b"RIFF", 0, b"WAVE")[..],
        &chunk(*b"fmt ", 16, &mpeg),
        &chunk(*b"data", MP3.len() as u32, MP3),
    ];
    assert!((seconds(mp3.concat(), "wav") - 4.0).abs() < 1e-9);
}

#[test]
fn what_is_no_sound_is_refused_by_name() {
    assert_eq!(kind(Vec::new(), "mp3"), "empty");
    assert_eq!(kind(vec![b'a'; 5_000], "mp3"), "undecodable");
    // MPEG frames seem to begin here and there.
    for seed in 1..20 {
        for extension in ["mp3", "wav", "flac", "wv"] {
            let head = [&b"wvpk"[..], &noise(400_000, seed)].concat();
            assert_eq!(kind(head, extension), "undecodable", "{seed}");
            // As WavPack keeps it.
            let within = [&b"wvpk"[..], &noise(36, seed), WAV].concat();
            assert_eq!(kind(within, extension), "undecodable", "{seed}");
        }
    }
}

#[test]
fn noise_among_the_frames_is_left_out() {
    for percent in [10, 40] {
        let mut bytes = MP3.to_vec();
        let from = bytes.len() / 4;
        let to = from + percent * bytes.len() / 100;
        bytes.splice(from..to, noise(to - from, percent as u64));
        let length = seconds(bytes, "mp3");
        let expected = 4.0 - 0.04 * percent as f64;
        assert!((length - expected).abs() < 0.2, "{length} of {expected} s");
    }
}

#[test]
fn what_lies_before_the_song_is_no_damage() {
    let picture = noise(300_000, 5);
    let tag = b"ID3\x04\x00\x00\x00\x00\x01\x00";
    let mp3 = [&tag[..], &picture, MP3].concat();
    let length = seconds(mp3, "mp3");
    assert!((3.9..4.2).contains(&length), "{length} s");
    // A picture may even hold frames.
    let frames = [&tag[..], &nonsense(0, 99), &nonsense(0, 99), MP3].concat();
    let length = seconds(frames, "mp3");
    assert!((3.9..4.3).contains(&length), "{length} s");
    let wav = [&tag[..], &picture[..128], WAV].concat();
    assert!((seconds(wav, "wav") - 4.0).abs() < 1e-9);
    let ogg = [&picture[..5_000], OGG].concat();
    assert!((seconds(ogg, "ogg") - 4.0).abs() < 0.1);
}

/// [`MP3`] with nonsense in `percent` of a hundred frames, beginning at `from` of a hundred.
fn nonsense(from: usize, percent: usize) -> Vec<u8> {
    let mut bytes = MP3.to_vec();
    let start = bytes
        .windows(2)
        .position(|two| two[0] == 0xff && two[1] & 0xe0 == 0xe0);
    let mut frames = vec![start.unwrap()];
    // 64 kbit/s at 22,050 Hz.
    while let Some(third) = frames.last().and_then(|last| bytes.get(last + 2)) {
        frames.push(frames[frames.len() - 1] + 208 + usize::from(third >> 1 & 1));
    }
    frames.retain(|frame| *frame < bytes.len());
    let from = from * frames.len() / 100;
    for pair in frames[from..from + percent * frames.len() / 100].windows(2) {
        bytes[pair[0] + 4..pair[1]].fill(0xff);
    }
    bytes
}

#[test]
fn what_is_mostly_damaged_is_refused_with_the_share() {
    let damaged = |percent| decoded(nonsense(10, percent), "mp3");
    assert!(damaged(30).is_ok());
    match damaged(70).unwrap_err() {
        AnalysisError::Damaged { share } => assert!((0.2..0.4).contains(&share), "{share}"),
        other => panic!("{other}"),
    }
    assert_eq!(damaged(89).unwrap_err().kind(), "undecodable");
}

/// Some bytes of every kind of file are others, some are missing, some are too many.
#[test]
fn broken_files_end_in_sound_or_a_refusal() {
    let mut outcomes = std::collections::BTreeMap::<&str, usize>::new();
    for (bytes, extension) in [(MP3, "mp3"), (OGG, "ogg"), (FLAC, "flac"), (WAV, "wav")] {
        for seed in 1..=60 {
            let random = noise(400, seed * 7_919);
            let mut numbers = random
                .as_chunks::<4>()
                .0
                .iter()
                .map(|n| u32::from_le_bytes(*n));
            let mut at =
                |length: usize| numbers.next().unwrap_or_default() as usize % length.max(1);
            let mut broken = bytes.to_vec();
            for _ in 0..=seed % 12 {
                let (from, length) = (at(broken.len()), at(2_000));
                let to = (from + length).min(broken.len());
                match seed % 4 {
                    0 => broken[from] ^= 1 << (length % 8),
                    1 => drop(broken.drain(from..to)),
                    2 => drop(broken.splice(from..from, noise(length, seed))),
                    _ => broken.truncate(broken.len() - length.min(broken.len() / 2)),
                }
            }
            let outcome = match decoded(broken, extension) {
                Ok((_, channels)) => {
                    assert!(channels.iter().all(|c| c.len() == channels[0].len()));
                    "sound"
                }
                Err(error) => error.kind(),
            };
            *outcomes.entry(outcome).or_default() += 1;
        }
    }
    let kinds: Vec<&str> = outcomes.keys().copied().collect();
    let named = ["damaged", "empty", "no-audio", "sound", "undecodable"];
    assert!(
        kinds.iter().all(|kind| named.contains(kind)),
        "{outcomes:?}"
    );
    assert!(outcomes["sound"] > 120, "{outcomes:?}");
}
