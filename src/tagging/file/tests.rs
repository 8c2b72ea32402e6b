use std::fs;
use std::path::Path;

use lofty::tag::Accessor;

use super::*;

/// Written by `tests/data/make_audio.py`.
fn data(name: &str) -> Vec<u8> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/audio");
    fs::read(data.join(name)).unwrap()
}

fn extension(name: &str) -> Option<&str> {
    name.rsplit('.').next()
}

fn all_of(text: &str) -> Vec<Change> {
    let change = |field| Change {
        field,
        before: None,
        after: Some(text.to_owned()),
    };
    Field::ALL.map(change).to_vec()
}

#[test]
fn tags_are_read_back_and_no_byte_of_sound_changes() {
    for name in [
        "sweep.mp3",
        "sweep.flac",
        "sweep.ogg",
        "sweep.m4a",
        "sweep.wav",
        "sweep.aac",
    ] {
        let before = data(name);
        let after = rewrite(before.clone(), &all_of("77"), extension(name)).unwrap();
        assert_ne!(before, after, "{name}");
        let tag = read(Cursor::new(&after), extension(name)).unwrap();
        let expected = [(); Field::COUNT].map(|()| Some("77".to_owned()));
        assert_eq!(texts(&tag), expected, "{name}");
        // The coded sound stands in the file as it stood.
        let middle = &before[before.len() / 2..][..200];
        assert!(after.windows(200).any(|window| window == middle), "{name}");
    }
}

#[test]
fn the_tempo_of_mp4_is_a_number() {
    let mut bytes = data("sweep.m4a");
    for bpm in ["99", "77"] {
        bytes = rewrite(bytes, &all_of(bpm), Some("m4a")).unwrap();
        let tag = read(Cursor::new(&bytes), Some("m4a")).unwrap();
        assert_eq!(Field::Bpm.read(&tag).unwrap(), bpm);
        let tags = for_mp4(&tag);
        let number = AtomData::SignedInteger(bpm.parse().unwrap());
        assert_eq!(tempo(&tags), Some(&number));
    }
    let none = Change {
        field: Field::Bpm,
        before: None,
        after: None,
    };
    bytes = rewrite(bytes, &[none], Some("m4a")).unwrap();
    let tag = read(Cursor::new(&bytes), Some("m4a")).unwrap();
    assert_eq!(Field::Bpm.read(&tag), None);
}

#[test]
fn other_tags_stay() {
    let mut tag = read(Cursor::new(data("sweep.mp3")), Some("mp3")).unwrap();
    tag.set_title("a title".to_owned());
    tag.insert_text(ItemKey::AlbumArtist, "somebody".to_owned());
    let mut copy = Cursor::new(data("sweep.mp3"));
    save(&mut copy, &tag).unwrap();
    let bytes = rewrite(copy.into_inner(), &all_of("calm"), Some("mp3")).unwrap();
    let tag = read(Cursor::new(&bytes), Some("mp3")).unwrap();
    assert_eq!(tag.title().as_deref(), Some("a title"));
    assert_eq!(tag.get_string(ItemKey::AlbumArtist), Some("somebody"));
}

#[test]
fn what_is_no_song_is_refused() {
    let text = "no song at all ".repeat(100).into_bytes();
    assert!(rewrite(text, &all_of("77"), Some("mp3")).is_err());
    assert!(rewrite(Vec::new(), &all_of("77"), None).is_err());
}

#[test]
fn every_format_knows_every_field() {
    for kind in [TagType::Id3v2, TagType::VorbisComments, TagType::Mp4Ilst] {
        let mut tag = Tag::new(kind);
        for field in Field::ALL {
            assert_eq!(field.read(&tag), None);
            assert!(field.write(&mut tag, Some("100")), "{kind:?} {field:?}");
            assert_eq!(field.read(&tag).unwrap(), "100");
            assert!(field.write(&mut tag, None));
            assert_eq!(field.read(&tag), None);
        }
    }
}
