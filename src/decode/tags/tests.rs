use std::io::Cursor;

use super::*;
use crate::decode::Decoder;

/// Written by `tests/data/make_audio.py`.
const MP3: &[u8] = include_bytes!("../../../tests/data/audio/sweep.mp3");
const FLAC: &[u8] = include_bytes!("../../../tests/data/audio/sweep.flac");
const WAV: &[u8] = include_bytes!("../../../tests/data/audio/sweep.wav");
const TAGGED: &[u8] = include_bytes!("../../../tests/data/audio/tagged.ogg");

/// The tags of a file, and how many samples follow them.
fn decoded(bytes: Vec<u8>) -> (Tags, usize) {
    let mut decoder = Decoder::open(Box::new(Cursor::new(bytes)), None).unwrap();
    let tags = decoder.tags();
    let mut samples = 0;
    while let Some(chunk) = decoder.next_chunk().unwrap() {
        samples += chunk.channels[0].len();
    }
    (tags, samples)
}

/// A number in seven bits a byte (`ID3v2.4`, 6.2).
fn synchsafe(number: usize) -> [u8; 4] {
    [21, 14, 7, 0].map(|shift| ((number >> shift) & 0x7f) as u8)
}

/// A frame of `ID3v2.4`.
fn frame(id: &str, body: &[u8]) -> Vec<u8> {
    [id.as_bytes(), &synchsafe(body.len()), &[0, 0], body].concat()
}

/// A tag of `ID3v2.4` that says to be that long.
fn id3_of(frames: &[Vec<u8>], length: usize) -> Vec<u8> {
    [&b"ID3\x04\0\0"[..], &synchsafe(length), &frames.concat()].concat()
}

fn id3(frames: &[Vec<u8>]) -> Vec<u8> {
    id3_of(frames, frames.concat().len())
}

fn latin(text: &[u8]) -> Vec<u8> {
    [&[0], text].concat()
}

fn utf16(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    [1, 0xff, 0xfe].into_iter().chain(units).collect()
}

#[test]
fn texts_of_every_encoding_are_read_from_mp3() {
    let untagged = decoded(MP3.to_vec());
    assert_eq!(untagged.0, Tags::default());
    let tag = id3(&[
        frame("TIT2", &latin(b"Bj\xf6rk")),
        frame("TPE1", &utf16("名前 🎵")),
        frame("TALB", &[&[3], "Début\0".as_bytes()].concat()),
        frame("TRCK", &latin(b"7/12")),
        frame("TDRC", &latin(b"1998-05-01")),
        frame("TBPM", &latin(b"127.96")),
        frame("TKEY", &latin(b"Am")),
    ]);
    let (tags, samples) = decoded([&tag, MP3].concat());
    let expected = Tags {
        title: "Björk".to_owned(),
        artist: "名前 🎵".to_owned(),
        album: "Début".to_owned(),
        track: Some(7),
        year: Some(1998),
        bpm: Some(127.96),
        key: "Am".to_owned(),
    };
    assert_eq!(tags, expected);
    assert_eq!(samples, untagged.1);
}

#[test]
fn a_cover_of_ten_megabytes_changes_nothing() {
    let mut picture = latin(b"image/jpeg\0\x03\0");
    picture.resize(10 << 20, 0xd8);
    let tag = id3(&[frame("APIC", &picture), frame("TIT2", &latin(b"Behind it"))]);
    let (tags, samples) = decoded([&tag, MP3].concat());
    assert_eq!(tags.title, "Behind it");
    assert_eq!(samples, decoded(MP3.to_vec()).1);
}

#[test]
fn frames_that_lie_about_their_size_cost_no_song() {
    let whole = decoded(MP3.to_vec()).1;
    for size in [5_000_usize, 200_000_000] {
        let mut lying = frame("TIT2", &latin(b"Long"));
        lying[4..8].copy_from_slice(&synchsafe(size));
        let tag = id3(&[frame("TPE1", &latin(b"Artist")), lying]);
        let (_, samples) = decoded([&tag, MP3].concat());
        assert_eq!(samples, whole, "{size}");
    }
    // A tag that is longer than its file has the song for its body.
    let tag = id3_of(&[frame("TPE1", &latin(b"Artist"))], 200_000_000);
    let file = [&tag, MP3].concat();
    assert!(["", "Artist"].contains(&read(Box::new(Cursor::new(file))).artist.as_str()));
}

#[test]
fn comments_are_read_from_flac_and_vorbis() {
    let comments = [
        "TITLE=Blue",
        "ARTIST=A",
        "ARTIST=B",
        "ARTIST=A",
        "DATE=2001",
        "BPM=90",
    ];
    let mut block = vec![1, 0, 0, 0, b'x'];
    block.extend((comments.len() as u32).to_le_bytes());
    for comment in comments {
        block.extend((comment.len() as u32).to_le_bytes());
        block.extend(comment.as_bytes());
    }
    // Behind the stream's own block of 34 bytes, which is not the last any more.
    let (head, rest) = FLAC.split_at(4 + 4 + 34);
    let mut file = head.to_vec();
    file[4] &= 0x7f;
    file.push(4);
    file.extend(&(block.len() as u32).to_be_bytes()[1..]);
    file.extend(block);
    file.extend(rest);
    let (tags, samples) = decoded(file);
    assert_eq!(
        (tags.title.as_str(), tags.artist.as_str()),
        ("Blue", "A, B")
    );
    assert_eq!((tags.year, tags.bpm), (Some(2001), Some(90.0)));
    assert_eq!(samples, decoded(FLAC.to_vec()).1);

    let (tags, _) = decoded(TAGGED.to_vec());
    let expected = Tags {
        title: "名前 🎵".to_owned(),
        artist: "Björk".to_owned(),
        album: "Debut".to_owned(),
        track: Some(3),
        year: Some(1993),
        bpm: Some(127.5),
        key: "8A".to_owned(),
    };
    assert_eq!(tags, expected);
}

#[test]
fn what_is_not_decoded_here_may_still_be_read() {
    let tags = read(Box::new(Cursor::new(TAGGED)));
    assert_eq!(tags.artist, "Björk");
    for none in [&b""[..], b"no sound at all", &TAGGED[..60]] {
        assert_eq!(read(Box::new(Cursor::new(none))), Tags::default());
    }
}

#[test]
fn a_wav_file_may_have_none() {
    assert_eq!(decoded(WAV.to_vec()).0, Tags::default());
}

#[test]
fn texts_are_one_line_as_they_were_meant() {
    assert_eq!(clean("  Blue\r\n Moon\0\0 "), "Blue Moon");
    assert_eq!(clean("Beyonc\u{c3}\u{a9}"), "Beyoncé");
    assert_eq!(clean("Beyoncé"), "Beyoncé");
    assert_eq!(clean("\u{feff}名前\u{202e}"), "名前");
    assert_eq!(clean(&"a".repeat(9_999)).len(), MOST_LETTERS);
    assert_eq!(clean("\u{1}\u{2}"), "");
}

#[test]
fn years_and_beats_are_read_or_left() {
    assert_eq!(year("1998-05-01T10:00"), Some(1998));
    for none in ["", "98", "n.d.", "0000", "年2001"] {
        assert_eq!(year(none), None, "{none}");
    }
    let beats = |text: &str| bpm(&RawValue::from(text));
    assert_eq!(beats("128"), Some(128.0));
    assert_eq!(beats(" 127,96"), Some(127.96));
    for none in ["", "0", "-3", "fast", "NaN", "inf", "1e9"] {
        assert_eq!(beats(none), None, "{none}");
    }
}
