//! `trainer import` of published corpora.

use std::fs;

use super::songs::{import_all, rows};
use super::sounds::write_tone;
use super::trainer;

#[test]
fn arousal_and_valence_have_a_scale_and_corpora_keep_their_labels() {
    let root = tempfile::tempdir().unwrap();
    let table = "path,id,corpus,label,valence,arousal,artist,group,fold\n\
        a.wav,a,4q,happy,,,The Band,theband,1\n\
        b.wav,b,deam,,-0.475,0.5,\"Brown, Ruth\",brownruth,2\n\
        c.wav,c,mirex,c5,,,\"Brown, James\",brownjames,0\n\
        d.wav,d,emotify,,1.5,-7,X,x,\n\
        e.wav,e,emotify,,-2,0,The Band,theband,\n";
    for song in ["a", "b", "c", "d", "e"] {
        write_tone(&root.path().join(format!("{song}.wav")), 220.0);
    }
    fs::write(root.path().join("mer.csv"), table).unwrap();
    let run = import_all(root.path(), &["mer.csv"]);
    run.says("happy 1, energetic 0, no mood 4");
    let columns = "id,mood,label,valence,arousal,label_kind,label_space,group,fold";
    let expected = [
        "a,happy,,,,editors,perceived-quadrant,theband,1",
        "b,,,-0.475,0.5,listeners,perceived-affect,brownruth,2",
        "c,,c5,,,editors,mood-cluster,brownjames,0",
        "d,,,0.5,-0.5,listeners,induced-feeling,x,",
        "e,,,-0.5,0.5,listeners,induced-feeling,theband,1",
    ];
    assert_eq!(rows(root.path(), columns), expected);
    let cleaned = trainer(
        root.path(),
        &["clean", "--songs", "songs.csv", "--out", "c"],
    );
    assert!(cleaned.out.contains("= kept"), "{}", cleaned.err);
    fs::rename(root.path().join("songs.csv"), root.path().join("own.csv")).unwrap();
    import_all(root.path(), &["own.csv"]);
    assert_eq!(
        rows(root.path(), columns),
        expected,
        "its own table changes nothing"
    );

    fs::write(
        root.path().join("s.csv"),
        "path,valence,arousal\na.wav,9,3\n",
    )
    .unwrap();
    let import = |scale| {
        let table = ["import", "--data", "s.csv", "--out", "songs.csv"];
        trainer(root.path(), &[&table[..], &["--scale", scale]].concat())
    };
    for (scale, read) in [("1-9", "1,-0.5"), ("s=1-9", "1,-0.5"), ("rank", "0,0")] {
        let run = import(scale);
        assert_eq!(run.code, 0, "{}", run.err);
        assert_eq!(rows(root.path(), "valence,arousal"), [read], "{scale}");
    }
    let run = import("0-1");
    assert_eq!(run.code, 1);
    run.says("9 is beyond the scale");
    assert_eq!(
        trainer(root.path(), &["import", "--data", "x", "--scale", "5"]).code,
        64
    );
}

#[test]
fn music_and_emopia_are_read_as_published() {
    let root = tempfile::tempdir().unwrap();
    let at = root.path();
    let music = "file,artist,licence,label,label_kind,group\n\
        music/a.wav,Kevin MacLeod,CC0,happy,composer,kevin:a\n\
        music/b.wav,Ann <a@b.c>,CC0,calm,game role,ann:b\n\
        music/c.wav,Kevin MacLeod,CC0,,,kevin:c\n";
    let clips = "file,quadrant,label,song,split\n\
        e/midi/Q1_x_0.mid,Q1,happy,x,extra\n\
        e/midi/Q3_x_1.mid,Q3,sad,x,val\n\
        e/midi/Q4_y_0.mid,Q4,calm,y,extra\n";
    fs::create_dir_all(at.join("e/midi")).unwrap();
    for song in ["music/a.wav", "music/b.wav", "music/c.wav"] {
        write_tone(&at.join(song), 220.0);
    }
    for clip in ["Q1_x_0", "Q3_x_1", "Q4_y_0"] {
        fs::write(at.join(format!("e/midi/{clip}.mid")), super::sounds::MIDI).unwrap();
    }
    fs::write(at.join("music.csv"), music).unwrap();
    fs::write(at.join("e/labels.csv"), clips).unwrap();
    import_all(at, &["music.csv", "e/labels.csv"]);
    let columns = "path,id,mood,label_kind,weight,group,split";
    let read = rows(at, columns);
    assert_eq!(
        read[0],
        "music/a.wav,music/a,happy,composer,1,music/kevin:a,train"
    );
    assert_eq!(
        read[1],
        "music/b.wav,music/b,calm,game role,0.5,music/ann,train"
    );
    assert_eq!(read[2], "music/c.wav,music/c,,list,1,music/kevin:c,train");
    assert_eq!(
        read[3],
        "e/midi/Q1_x_0.mid,emopia/Q1_x_0,happy,listeners,1,emopia/x,validation"
    );
    assert!(read[4].ends_with("emopia/x,validation") && read[5].ends_with("emopia/y,train"));

    // What earlier versions wrote is read as it was meant, and said to be old.
    let manifest = "id,path,corpus,label_space,label,label_kind,artist,group,split,weight,licence\n\
        music/a,music/a.wav,music,perceived-quadrant,happy,composer,ann,music/ann,validation,0.5,CC0\n";
    fs::write(at.join("corpus.csv"), manifest).unwrap();
    let run = import_all(at, &["corpus.csv"]);
    run.says("of an earlier version");
    let old = ["music/a.wav,music/a,happy,composer,0.5,music/ann,validation"];
    assert_eq!(rows(at, columns), old);

    // An artist whom another table has, too, is one group, catalogue or not.
    let other = "path,artist,mood\nmusic/b.wav,Kevin MacLeod,sad\n";
    fs::write(at.join("other.csv"), other).unwrap();
    import_all(at, &["music.csv", "other.csv"]);
    let groups = rows(at, "artist,group");
    assert_eq!(groups[0], "kevin macleod,music/kevin:a");
    assert_eq!(groups[2], "kevin macleod,music/kevin:a");

    for (from, to, error) in [
        (
            "Q4,calm,y,extra",
            "Q4,happy,y,extra",
            "line 4: Q4 is calm, not happy",
        ),
        (
            "Q4,calm,y,extra",
            "Q4,calm,x,train",
            "line 4: the group emopia/x is in train here",
        ),
        (
            "Q4,calm,y,extra",
            "Q4,calm,y,test",
            "line 4: a song of the test split",
        ),
        (
            "Q4,calm,y,extra",
            "Q4,calm,,extra",
            "line 4: the song is missing",
        ),
    ] {
        fs::write(at.join("e/labels.csv"), clips.replace(from, to)).unwrap();
        let run = trainer(at, &["import", "--data", "e/labels.csv", "--work", "w"]);
        assert_eq!(run.code, 1);
        assert!(run.err.contains(error), "{error}: {}", run.err);
    }
    fs::write(at.join("music.csv"), music.replace("game role", "guess")).unwrap();
    let run = trainer(at, &["import", "--data", "music.csv", "--work", "w"]);
    run.says("line 3: unknown label_kind \"guess\"");
}
