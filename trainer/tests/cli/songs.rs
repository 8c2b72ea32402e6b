//! `trainer import`.

use std::fs;
use std::path::Path;

use super::sounds::write_tone;
use super::{Run, trainer};

/// Writes `t.csv` and imports it.
pub fn import(text: &[u8]) -> Run {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("t.csv"), text).unwrap();
    trainer(
        root.path(),
        &["import", "--data", "t.csv", "--out", "songs.csv"],
    )
}

/// Imports files of `root` into `songs.csv` there, which must work.
pub fn import_all(root: &Path, data: &[&str]) -> Run {
    let data = data.iter().flat_map(|data| ["--data", data]);
    let arguments: Vec<&str> = ["import", "--out", "songs.csv"]
        .into_iter()
        .chain(data)
        .collect();
    let run = trainer(root, &arguments);
    assert_eq!(run.code, 0, "{}", run.err);
    run
}

/// The columns of those names of `songs.csv`, one line a song.
pub fn rows(root: &Path, columns: &str) -> Vec<String> {
    let mut table = csv::Reader::from_path(root.join("songs.csv")).unwrap();
    let header = table.headers().unwrap().clone();
    let place = |name: &str| header.iter().position(|n| n == name).unwrap();
    let places: Vec<usize> = columns.split(',').map(place).collect();
    let line = |record: csv::StringRecord| {
        let fields: Vec<&str> = places.iter().map(|place| &record[*place]).collect();
        fields.join(",")
    };
    table
        .records()
        .map(|record| line(record.unwrap()))
        .collect()
}

#[test]
fn a_table_of_track_features_is_read_by_name_and_says_what_it_lacks() {
    let root = tempfile::tempdir().unwrap();
    // Invented; a byte order mark, other names, another order, a code beside the words.
    let table = "\u{feff}NAME,artists,uri,length,Valence,Key,mood,mood_string\r\n\
        \"One, \"\"two\"\"\",\"Ann, Bob\",spotify:track:a1,200000,0.25,-1,0,Energetic\r\n\
        Three,,b2,,nan,11,3,calm\r\n\
        Four,Ann,c3,90000,1,0,2,\r\n";
    fs::write(root.path().join("moods.csv"), table).unwrap();
    let arguments = ["import", "--data", "moods.csv", "--out", "songs.csv"];
    let run = trainer(root.path(), &arguments);
    assert_eq!(run.code, 0, "{}", run.err);
    for said in [
        "moods.csv lacks: danceability, energy, loudness, mode",
        "1 songs have no label",
        "3 songs: sad 0, calm 1, happy 0, energetic 1, no mood 1",
    ] {
        assert!(run.err.contains(said), "{said}: {}", run.err);
    }
    let read = || {
        rows(
            root.path(),
            "id,mood,title,group,corpus,label_space,track_valence,valence,key",
        )
    };
    let expected = [
        "a1,energetic,One, \"two\",ann,moods,playlist-mood,0.25,,",
        "b2,calm,Three,b2,moods,playlist-mood,,,11",
        "c3,,Four,ann,moods,playlist-mood,1,,0",
    ];
    assert_eq!(read(), expected);

    // Its own table goes in as it came out.
    let first = fs::read_to_string(root.path().join("songs.csv")).unwrap();
    fs::rename(root.path().join("songs.csv"), root.path().join("moods.csv")).unwrap();
    assert_eq!(trainer(root.path(), &arguments).code, 0);
    let again = fs::read_to_string(root.path().join("songs.csv")).unwrap();
    assert_eq!(again, first);
}

#[test]
fn folders_and_lists_of_sounds_are_read() {
    let root = tempfile::tempdir().unwrap();
    for mood in ["sad", "calm", "happy", "energetic"] {
        write_tone(
            &root.path().join(format!("mine/{mood}/{mood} song.wav")),
            220.0,
        );
    }
    let out = ["--out", "songs.csv"];
    let folder = [&["import", "--data", "mine"], &out[..]].concat();
    let run = trainer(root.path(), &folder);
    assert_eq!(run.code, 0, "{}", run.err);
    run.says("measured from the sound");
    let first = &rows(root.path(), "path,label_kind,label_space")[0];
    assert_eq!(first, "mine/calm/calm song.wav,folder,perceived-quadrant");

    let list = "path,mood,artist\nmine/sad/sad song.wav,sad,Ann\n";
    fs::write(root.path().join("list.csv"), list).unwrap();
    let listed = [&["import", "--data", "list.csv"], &out[..]].concat();
    assert_eq!(trainer(root.path(), &listed).code, 0);
    let columns = "group,corpus,licence,label_kind,label_space";
    assert_eq!(
        rows(root.path(), columns),
        ["ann,list,unknown,list,perceived-quadrant"]
    );

    fs::write(root.path().join("list.csv"), "path,mood\nno.wav,sad\n").unwrap();
    let run = trainer(root.path(), &listed);
    assert_eq!(run.code, 1);
    for expected in ["1 of 1 sounds are missing", "line 2: ", "no.wav", "hint: "] {
        assert!(run.err.contains(expected), "{expected}: {}", run.err);
    }
}

#[test]
fn columns_are_known_by_their_words_and_told_when_absent_or_empty() {
    let exported = "Track ID,Track Name,Artist Name(s),Duration (ms),Valence,Energy,Mood\r\n\
        a?b,T,Ann,200000,0.5,,sad\r\n";
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("t.csv"), exported).unwrap();
    let arguments = ["import", "--data", "t.csv", "--out", "songs.csv"];
    let run = trainer(root.path(), &arguments);
    assert_eq!(run.code, 0, "{}", run.err);
    run.says("t.csv lacks: danceability, energy, key");
    let read = rows(root.path(), "id,track_valence,duration_ms,artist,title");
    assert_eq!(read, ["a?b,0.5,200000,Ann,T"]);

    let run = import(b"valence,mood\n0.5,sad\n");
    run.says("lacks: id, artist, title, danceability");
}

/// Tables that are refused, and words of the error and of its hint.
const REFUSED: [(&[u8], &str, &str); 29] = [
    (b"", "is empty", "header"),
    (b"id,valence,mood\n", "is empty", "header"),
    (
        b"id,valence,mood\na,\"0.5,sad\n",
        "line 2: a quote is never closed",
        "doubled",
    ),
    (
        b"id,valence,mood\na,0.5\n",
        "line 2: 2 fields where the header has 3",
        "quotes",
    ),
    (b"\xff\xfei\0d\0,\0", "is empty", "header"),
    (b"\xff\xfei\0d\0,", "damaged UTF-16LE", "UTF-8"),
    (b"id,mood\na\0,sad\n", "line 2: a zero byte", "UTF-8"),
    (b"PK\x03\x04 ", "spreadsheet", "UTF-8"),
    (
        b"path,valence,arousal\na.ogg,1.2,0\n",
        "line 2, column 2 (valence): 1.2 is beyond the scale",
        "--scale 1-9",
    ),
    (
        b"path,valence,arousal\na.ogg,0.2,\n",
        "line 2: one of valence and arousal is missing",
        "both",
    ),
    (
        b"path,valence,arousal\na.ogg,,\n",
        "has no labels",
        "energetic",
    ),
    (
        b"path,valence,arousal,energy\na.ogg,0.5,0.5,0.5\n",
        "valence may be the listeners' or Spotify's",
        "label_valence",
    ),
    (
        b"energy,mood,group,split\n1,sad,g,train\n1,sad,g,validation\n",
        "line 3: the group g is in validation here, in train in line 2",
        "one split",
    ),
    (
        b"energy,mood,group,fold\n1,sad,g,0\n1,sad,g,1\n",
        "line 3: the group g is in fold 1 here, in fold 0 in line 2",
        "one fold",
    ),
    (
        b"energy,mood,split\n1,sad,test\n",
        "line 2: a song of the test split",
        "nothing is trained",
    ),
    (
        b"energy,mood,weight\n1,sad,2\n",
        "(weight): 2 is out of range",
        "at most 1",
    ),
    (
        b"tempo,energy,mood\n\"1,000\",0.5,sad\n",
        "column 1 (tempo): \"1,000\" has another decimal sign",
        "0,5",
    ),
    (
        b"id,mood\na,sad\n",
        "neither sound nor features",
        "danceability",
    ),
    (
        b"id,valence\na,0.5\n",
        "has no column of moods, nor of valence and arousal",
        "mood_string",
    ),
    (
        b"id,valence,mood\na,0.5,sad\nb,high,sad\n",
        "line 3, column 2 (valence): \"high\"",
        "0.5",
    ),
    (
        b"danceability,mood\n7,sad\n",
        "line 2, column 1 (danceability): 7 is out",
        "0 to 1",
    ),
    (
        b"key,mood\n14,sad\n",
        "line 2, column 1 (key): 14 is out of range",
        "-1 to 11",
    ),
    (
        b"duration,mood\n215,sad\n",
        "(duration_ms): 215 is out of range",
        "1000 to",
    ),
    (
        b"id,valence,mood\na,0,sad\nb,1,angry\n",
        "line 3: unknown mood \"angry\"",
        "energetic",
    ),
    (
        b"valence,label\n0.5,positive\n",
        "only binary labels",
        "four moods",
    ),
    (
        b"valence,binary,label\n0.5,,\n1,negative,0\n",
        "only numbers",
        "energetic",
    ),
    (b"valence,mood\n0.5,\n", "the column is empty", "energetic"),
    (
        b"valence,mood\n0.5,2\n",
        "only numbers for moods",
        "energetic",
    ),
    (
        b"Valence,mood,valence\n0,sad,1\n",
        "\"valence\" stands twice",
        "rename",
    ),
];

#[test]
fn bad_tables_are_refused_with_line_and_hint() {
    for (table, error, hint) in REFUSED {
        let run = import(table);
        let table = String::from_utf8_lossy(table);
        assert_eq!((run.code, run.out.as_str()), (1, ""), "{table}");
        let (first, second) = run.err.split_once("hint: ").unwrap_or((&run.err, ""));
        assert!(
            first.contains("t.csv") && first.contains(error),
            "{table}: {}",
            run.err
        );
        assert!(second.contains(hint), "{table}: {}", run.err);
    }
    let run = import(b"valence,binary,mood\n0.5,positive,sad\n");
    run.says("sad is negative, not positive");
}

#[test]
fn tables_are_read_as_people_have_them() {
    let text =
        "id;artist;energy;tempo;mood\n1;Zo\u{eb};0,25;94,8507;sad\n;;;;\n2;B\u{f6};-;?;Calm \n";
    let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let tables = [
        text.as_bytes().to_vec(),
        latin,
        wide.clone(),
        [b"\xff\xfe".to_vec(), wide].concat(),
        format!("sep=;\r\n{text}").into_bytes(),
        text.replace('\n', "\r\n").into_bytes(),
        text.replace('\n', "\r").into_bytes(),
        text.replace(';', "\t").into_bytes(),
        text.replace(',', ".").replace(';', ",").into_bytes(),
    ];
    for table in tables {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("t.csv"), &table).unwrap();
        import_all(root.path(), &["t.csv"]);
        let table = String::from_utf8_lossy(&table);
        let read = rows(root.path(), "id,artist,energy,tempo,mood");
        assert_eq!(
            read,
            ["1,Zo\u{eb},0.25,94.8507,sad", "2,B\u{f6},,,calm"],
            "{table}"
        );
    }
}

#[test]
fn what_is_no_song_is_left_aside_and_counted() {
    let root = tempfile::tempdir().unwrap();
    let at = root.path();
    write_tone(&at.join("mine/sad/a.wav"), 220.0);
    write_tone(&at.join("mine/sad/._a.wav"), 220.0);
    write_tone(&at.join("mine/sad/@eaDir/a.wav"), 220.0);
    write_tone(&at.join("mine/__MACOSX/a.wav"), 220.0);
    fs::write(at.join("mine/sad/b.wav"), "").unwrap();
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::ffi::OsStrExt;
        let name = std::ffi::OsStr::from_bytes(b"mine/sad/\xe9.wav");
        fs::write(at.join(name), "x").unwrap();
    }
    let run = import_all(at, &["mine"]);
    for said in ["2 left by other systems", "1 empty", "1 songs: sad 1"] {
        assert!(run.err.contains(said), "{said}: {}", run.err);
    }
    if cfg!(target_os = "linux") {
        run.says("1 with a name that is no UTF-8");
    }
    let list = "path,mood\nmine/sad/a.wav,sad\nmine/sad/b.wav,sad\nmine/sad/._a.wav,sad\n";
    fs::write(at.join("list.csv"), list).unwrap();
    let run = import_all(at, &["list.csv"]);
    assert!(
        run.err
            .contains("left aside in list.csv: 1 empty, 1 left by"),
        "{}",
        run.err
    );
}
