//! `trainer import` of what the page exports.

use std::fs;

use super::songs::{import, import_all, rows};
use super::sounds::write_tone;
use super::trainer;

/// What the page exports as CSV, with the columns that matter here.
const EXPORTED: &str = "\u{feff}file,status,duration_s,mood,unsure,arousal,valence,track_energy,\
    track_valence,error_kind,said\r\n\
    mine/sad/a.wav,ok,4,happy,false,0.5,0.5,0.25,0.75,,calm\r\n\
    '=b.wav,ok,4,happy,false,0.5,0.5,0.5,0.5,,\r\n\
    gone.wav,ok,4,happy,false,0.5,0.5,0.5,0.5,,\r\n";

#[test]
fn of_the_pages_export_only_what_was_said_is_a_label() {
    let root = tempfile::tempdir().unwrap();
    let at = root.path();
    write_tone(&at.join("=b.wav"), 220.0);
    write_tone(&at.join("mine/sad/a.wav"), 330.0);
    write_tone(&at.join("mine/happy/c.wav"), 440.0);
    fs::write(at.join("undertone.csv"), EXPORTED).unwrap();
    let run = import_all(at, &["undertone.csv"]);
    assert!(
        run.err
            .contains("1 songs of undertone.csv have no sound here"),
        "{}",
        run.err
    );
    let columns = "path,mood,said,label_kind,label_space,valence,track_valence,energy,weight";
    let said = "mine/sad/a.wav,calm,calm,said,perceived-quadrant,,0.75,0.25,1";
    let heard = "=b.wav,,,list,perceived-quadrant,,0.5,0.5,1";
    assert_eq!(rows(at, columns), [said, heard]);

    // Beside other labels of the same files, what was said counts, in either order.
    let columns = "id,path,mood,said,label_kind,corpus";
    import_all(at, &["mine", "undertone.csv"]);
    let expected = [
        "mine/happy/c.wav,mine/happy/c.wav,happy,,folder,mine",
        "mine/sad/a.wav,mine/sad/a.wav,calm,calm,said,mine",
        "=b.wav,=b.wav,,,list,undertone",
    ];
    assert_eq!(rows(at, columns), expected);
    import_all(at, &["undertone.csv", "mine"]);
    assert!(rows(at, columns)[0].contains("mine/sad/a.wav,calm,calm,said,"));
    assert_eq!(rows(at, columns).len(), 3);

    // Without columns, in another folder, as JSON.
    fs::create_dir(at.join("downloads")).unwrap();
    let short = "file,mood,said\nmine/sad/a.wav,happy,calm\n";
    fs::write(at.join("downloads/u.csv"), short).unwrap();
    let json = r#"[{"file":"mine/sad/a.wav","status":"error","error":{"kind":"x","message":"y"},"said":"calm"}]"#;
    fs::write(at.join("downloads/u.json"), json).unwrap();
    for name in ["downloads/u.csv", "downloads/u.json"] {
        let import = ["import", "--data", name, "--out", "songs.csv"];
        let run = trainer(at, &[&import[..], &["--audio", "."]].concat());
        assert_eq!(run.code, 0, "{}", run.err);
        let read = rows(at, "path,mood,said");
        assert_eq!(read, ["mine/sad/a.wav,calm,calm"], "{name}");
    }
    fs::remove_file(at.join("mine/sad/a.wav")).unwrap();
    let run = trainer(at, &["import", "--data", "undertone.csv", "--work", "w"]);
    assert_eq!(run.code, 1);
    run.says("line 2: ");
    run.says("--audio");
}

#[test]
fn verdicts_are_no_labels() {
    let unsaid = EXPORTED.replace(",calm\r\n", ",\r\n");
    let predicted = unsaid.replace(",said", "").replace(",\r\n", "\r\n");
    let json = r#"[{"file":"a.wav","status":"error","error":{"kind":"x","message":"y"}}]"#;
    for table in [&unsaid, &predicted, json] {
        let run = import(table.as_bytes());
        assert_eq!(run.code, 1, "{table}");
        assert!(
            run.err.contains("nobody has said a mood"),
            "{table}: {}",
            run.err
        );
        assert!(
            run.err.contains("hint: correct some songs"),
            "{table}: {}",
            run.err
        );
    }
    let run = import(br#"[{"file":"a.mp3","mood":"sad"}]"#);
    run.says("no export of the page");
}
