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
    let tags = decoder.head().tags;
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
    assert!(["", "Artist"].contains(&read(Box::new(Cursor::new(file))).tags.artist.as_str()));
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
    let head = read(Box::new(Cursor::new(TAGGED)));
    assert_eq!(head.tags.artist, "Björk");
    for none in [&b""[..], b"no sound at all", &TAGGED[..60]] {
        assert_eq!(read(Box::new(Cursor::new(none))), Head::default());
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

/// A tag of ID3v1.1.
fn id3v1(title: &str, artist: &str, track: u8) -> Vec<u8> {
    let padded = |text: &str, length: usize| {
        let mut bytes = text.as_bytes().to_vec();
        bytes.resize(length, 0);
        bytes
    };
    let mut tag = b"TAG".to_vec();
    for (text, length) in [
        (title, 30),
        (artist, 30),
        ("Old", 30),
        ("1997", 4),
        ("", 28),
    ] {
        tag.extend(padded(text, length));
    }
    tag.extend([0, track, 255]);
    tag
}

#[test]
fn old_tags_at_the_end_count_where_there_are_no_others() {
    let whole = decoded(MP3.to_vec()).1;
    let old = id3v1("A title that is cut after thir", "Somebody", 9);
    let (tags, samples) = decoded([MP3, &old].concat());
    assert_eq!(tags.title, "A title that is cut after thir");
    assert_eq!(
        (tags.artist.as_str(), tags.album.as_str()),
        ("Somebody", "Old")
    );
    assert_eq!((tags.track, tags.year), (Some(9), Some(1997)));
    assert_eq!(samples, whole);

    let new = id3(&[frame(
        "TIT2",
        &latin(b"A title that is cut after thirty letters"),
    )]);
    let (tags, samples) = decoded([&new, MP3, &old].concat());
    assert_eq!(tags.title, "A title that is cut after thirty letters");
    assert_eq!(tags.artist, "Somebody");
    assert_eq!(samples, whole);
}

/// A picture of that many pixels, by its head alone.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    bytes
}

/// A frame with a picture of that kind.
fn apic(kind: u8, picture: &[u8]) -> Vec<u8> {
    frame(
        "APIC",
        &[&b"\0image/png\0"[..], &[kind, 0], picture].concat(),
    )
}

fn cover(frames: &[Vec<u8>]) -> Option<Vec<u8>> {
    let file = [&id3(frames), MP3].concat();
    read(Box::new(Cursor::new(file))).cover
}

#[test]
fn the_front_cover_comes_first_and_an_icon_last() {
    const ICON: u8 = 1;
    const FRONT: u8 = 3;
    const BACK: u8 = 4;
    let [icon, front, back] = [png(32, 32), png(500, 500), png(400, 400)];
    let all = [apic(ICON, &icon), apic(BACK, &back), apic(FRONT, &front)];
    assert_eq!(cover(&all).as_ref(), Some(&front));
    assert_eq!(cover(&all[..2]).as_ref(), Some(&back));
    assert_eq!(cover(&all[..1]).as_ref(), Some(&icon));
    assert_eq!(cover(&[]), None);
}

#[test]
fn what_no_browser_should_unpack_is_no_cover() {
    const FRONT: u8 = 3;
    let mut heavy = png(500, 500);
    heavy.resize(9 << 20, 0);
    let lies = [
        b"no picture at all, whatever it says".to_vec(),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
        png(60_000, 60_000),
        png(0, 10),
        png(500, 500)[..12].to_vec(),
        heavy,
    ];
    for lie in &lies {
        assert_eq!(cover(&[apic(FRONT, lie)]), None, "{} bytes", lie.len());
        // Another picture may still do.
        let small = png(20, 20);
        assert_eq!(cover(&[apic(FRONT, lie), apic(FRONT, &small)]), Some(small));
    }
}

#[cfg(feature = "tagging")]
#[test]
fn mp4_says_and_shows_of_its_song_what_others_do() {
    use lofty::config::WriteOptions;
    use lofty::picture::{Picture, PictureType};
    use lofty::tag::{Accessor, ItemKey, Tag, TagExt, TagType};

    const M4A: &[u8] = include_bytes!("../../../tests/data/audio/sweep.m4a");
    let mut tag = Tag::new(TagType::Mp4Ilst);
    tag.set_title("Blue".to_owned());
    tag.set_artist("Air".to_owned());
    tag.set_album("Moon".to_owned());
    tag.set_track(4);
    tag.insert_text(ItemKey::RecordingDate, "1998".to_owned());
    tag.insert_text(ItemKey::InitialKey, "Am".to_owned());
    let picture = Picture::unchecked(png(300, 300)).pic_type(PictureType::CoverFront);
    tag.push_picture(picture.build());
    let mut file = Cursor::new(M4A.to_vec());
    tag.save_to(&mut file, WriteOptions::new()).unwrap();
    file.set_position(0);
    let head = read(Box::new(file));
    let expected = Tags {
        title: "Blue".to_owned(),
        artist: "Air".to_owned(),
        album: "Moon".to_owned(),
        track: Some(4),
        year: Some(1998),
        bpm: None,
        key: "Am".to_owned(),
    };
    assert_eq!(head.tags, expected);
    assert_eq!(head.cover, Some(png(300, 300)));
}
