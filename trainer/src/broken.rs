//! All that the trainer reads beside sound, of broken copies: whatever comes, it comes as a
//! value or as an error that names the file.

use crate::songs::{reading, table};
use crate::sound::arrange;

#[test]
fn tables() {
    let rows = "path,mood,artist,group,split,valence,arousal,tempo\n\
        a.mp3,sad,\"Ä, B\",g,train,-0.5,-0.5,90.5\n\
        b.mp3,happy,C,h,test,0.5,0.25,120\n"
        .repeat(3);
    let utf16: Vec<u8> = rows.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let files = [
        (
            "songs.csv",
            rows.replacen("path", "\u{feff}path", 1).into_bytes(),
        ),
        ("semicolons.csv", rows.replace(',', ";").into_bytes()),
        ("utf16.csv", [vec![0xff, 0xfe], utf16].concat()),
    ];
    fuzz::copies_on_disk(&files, |path| {
        let errors = [
            reading::read(path, &reading::Options::default()).err(),
            table::read_songs(path).err(),
        ];
        let errors = errors.into_iter().flatten();
        errors.map(|error| format!("{error:#}")).collect()
    });
}

#[test]
fn notes() {
    let whole = b"MThd\0\0\0\x06\0\0\0\x01\0\x60MTrk\0\0\0\x1f\
        \0\x90\x3c\x64\x81\x40\x80\x3c\0\
        \0\x90\x40\x64\x81\x40\x80\x40\0\
        \0\x90\x43\x64\x81\x40\x80\x43\0\
        \0\xff\x2f\0";
    fuzz::copies(&[whole.to_vec()], |_, broken| drop(arrange(&broken, 1)));
}
