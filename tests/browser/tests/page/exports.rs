//! What other programs read of what the page writes.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};
use browser_tests::page::Page;
use browser_tests::paths;
use browser_tests::songs::{Shelf, Sound};
use serde_json::{Value, json};

use crate::stage::Stage;

/// Names that are hard on tables, playlists and shells.
const NAMES: [&str; 3] = ["=1+1, \"x\".wav", "it's $HOME 🎵.wav", "#1 名前.wav"];

/// Runs a Python script on a file; it prints JSON.
fn python(script: &str, file: &Path) -> Result<Value> {
    let run = Command::new(paths::installed(&["python3"])?)
        .args(["-c", script])
        .arg(file)
        .output()?;
    let said = String::from_utf8_lossy(&run.stderr);
    ensure!(run.status.success(), "python3: {said}");
    Ok(serde_json::from_slice(&run.stdout)?)
}

const READ_CSV: &str = r#"
import csv, json, sys
with open(sys.argv[1], newline="", encoding="utf-8-sig") as file:
    print(json.dumps(list(csv.DictReader(file, strict=True))))
"#;

/// Pairs of duration and title with the path that follows, as RFC 8216 and players read it.
const READ_M3U: &str = r##"
import json, sys
lines = open(sys.argv[1], encoding="utf-8").read().splitlines()
assert lines[0] == "#EXTM3U", lines
songs = []
for line in lines[1:]:
    if line.startswith("#EXTINF:"):
        seconds, title = line[len("#EXTINF:"):].split(",", 1)
        songs.append({"seconds": int(seconds), "title": title})
    elif not line.startswith("#"):
        songs[-1]["path"] = line
print(json.dumps(songs))
"##;

/// Where the tracks lie and how many each playlist holds, checked against the published
/// structure ("rekordbox XML format list", 1.0.0).
const READ_REKORDBOX: &str = r#"
import json, sys, urllib.parse, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
assert root.tag == "DJ_PLAYLISTS" and root.get("Version") == "1.0.0"
assert [child.tag for child in root] == ["PRODUCT", "COLLECTION", "PLAYLISTS"]
product, collection, playlists = root
assert set(product.attrib) == {"Name", "Version", "Company"}
tracks = list(collection)
assert int(collection.get("Entries")) == len(tracks)
known = {"TrackID", "Name", "Artist", "Album", "Kind", "Size", "TotalTime", "TrackNumber", "Year",
         "AverageBpm", "Tonality", "Comments", "Location"}
locations, ids = [], []
for track in tracks:
    assert track.tag == "TRACK" and set(track.attrib) <= known, track.attrib
    ids.append(track.get("TrackID"))
    int(track.get("TotalTime")), int(track.get("Size"))
    if track.get("AverageBpm"):
        assert len(track.get("AverageBpm").split(".")[1]) == 2
    url = urllib.parse.urlsplit(track.get("Location"))
    assert (url.scheme, url.netloc) == ("file", "localhost") and not url.query and not url.fragment
    locations.append(urllib.parse.unquote(url.path).lstrip("/"))
assert len(set(ids)) == len(ids)
(top,) = playlists
assert top.attrib == {"Type": "0", "Name": "ROOT", "Count": "1"}
(folder,) = top
assert folder.get("Type") == "0" and int(folder.get("Count")) == len(folder)
sizes = {}
for node in folder:
    assert node.get("Type") == "1" and node.get("KeyType") == "0" and int(node.get("Entries")) == len(node)
    assert all(track.tag == "TRACK" and track.get("Key") in ids for track in node)
    sizes[node.get("Name")] = len(node)
print(json.dumps({"locations": locations, "playlists": sizes}))
"#;

/// Judges the songs, and says that all of them are calm.
async fn judged(page: &Page<'_>, shelf: &Shelf) -> Result<()> {
    let song = Sound::song()?;
    for (index, name) in NAMES.iter().enumerate() {
        let part = song.clone().part_ms(index as u32 * 1_000, 3_200);
        shelf.put(&format!("Music/{name}"), &part.to_wav())?;
    }
    page.choose_folder(&shelf.folder().join("Music")).await?;
    let rows = page.wait_for_rows(NAMES.len()).await?;
    page.wait_for_all().await?;
    for row in rows {
        page.click(&format!("[data-job='{}'] [data-action=select]", row.job))
            .await?;
        page.wait_for("[data-said=calm][aria-pressed=false]")
            .await?;
        page.click("[data-said=calm]").await?;
        page.wait_for("[data-said=calm][aria-pressed=true]").await?;
    }
    page.show_library().await
}

#[tokio::test(flavor = "multi_thread")]
async fn exports_are_read_by_other_programs() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    judged(&page, &shelf).await?;
    // From storage, as in any later visit.
    page.reload_once_written().await?;
    page.wait_for_library(NAMES.len()).await?;
    page.click("[data-column=name] button").await?;
    page.wait_for("[data-column=name][aria-sort=ascending]")
        .await?;
    let mut expected: Vec<_> = NAMES.map(|name| format!("Music/{name}")).to_vec();
    expected.sort_unstable();
    let out = Shelf::new()?;

    let table = page.export("csv", "undertone.csv", out.folder()).await?;
    let table = python(READ_CSV, &table)?;
    let column = |table: &Value, name: &str| {
        let rows = table.as_array().into_iter().flatten();
        let mut texts: Vec<_> = rows
            .map(|row| row[name].as_str().unwrap_or_default().to_owned())
            .collect();
        texts.sort_unstable();
        texts
    };
    assert_eq!(column(&table, "file"), expected);
    assert_eq!(column(&table, "said"), ["calm"; 3]);
    assert_eq!(column(&table, "status"), ["ok"; 3]);

    let everything = page
        .export("json", "songs.undertone.json", out.folder())
        .await?;
    let everything: Value = serde_json::from_slice(&std::fs::read(everything)?)?;
    assert_eq!(column(&everything, "file"), expected);
    assert_eq!(column(&everything, "said"), ["calm"; 3]);
    assert!(everything[0]["report"]["timeline"].is_array());

    let playlist = page.export("calm", "calm.m3u8", out.folder()).await?;
    let playlist = python(READ_M3U, &playlist)?;
    assert_eq!(column(&playlist, "path"), expected);
    assert_eq!(playlist[0]["seconds"], json!(3));

    let unsure = page.export("unsure", "unsure.m3u8", out.folder()).await?;
    assert_eq!(python(READ_M3U, &unsure)?, json!([]));

    let collection = page
        .export("rekordbox", "rekordbox.xml", out.folder())
        .await?;
    let collection = python(READ_REKORDBOX, &collection)?;
    let addresses = collection["locations"].as_array().into_iter().flatten();
    let mut addresses: Vec<_> = addresses.filter_map(Value::as_str).collect();
    addresses.sort_unstable();
    assert_eq!(addresses, expected);
    assert_eq!(collection["playlists"]["calm"], json!(3));
    assert_eq!(collection["playlists"]["sad"], json!(0));

    let plan = page.export("plan", "folders.csv", out.folder()).await?;
    let plan = python(READ_CSV, &plan)?;
    let planned: Vec<_> = expected.iter().map(|path| format!("calm/{path}")).collect();
    assert_eq!(column(&plan, "planned"), planned);

    let script = page
        .export("plan-script", "sort-by-mood.sh", out.folder())
        .await?;
    // Twice: the second time there is nothing left to copy.
    for _ in 0..2 {
        let ran = Command::new("sh")
            .arg(&script)
            .current_dir(shelf.folder())
            .status()?;
        assert!(ran.success());
    }
    for path in &planned {
        assert!(shelf.folder().join(path).is_file(), "{path}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_is_read_by_the_trainer() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    judged(&page, &shelf).await?;
    let manifest = page.export("manifest", "songs.csv", shelf.folder()).await?;
    let songs = shelf.folder().join("out.csv");
    let run = Command::new(paths::trainer()?)
        .arg("import")
        .arg("--data")
        .arg(&manifest)
        .arg("--out")
        .arg(&songs)
        .output()?;
    let said = String::from_utf8_lossy(&run.stderr);
    ensure!(run.status.success(), "trainer: {said}");
    let rows = python(READ_CSV, &songs)?;
    let rows = rows.as_array().into_iter().flatten();
    let moods: Vec<_> = rows.map(|row| row["mood"].as_str()).collect();
    assert_eq!(moods, [Some("calm"); 3]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn places_and_separators_are_the_visitors_choice() -> Result<()> {
    let stage = Stage::set().await?;
    let page = stage.page().await?;
    let shelf = Shelf::new()?;
    judged(&page, &shelf).await?;
    let choose = r#"
        for (const [id, value] of [["export-separator", "semicolon"], ["export-root", "C:\\Me"], ["export-slashes", "backslash"]]) {
            const control = document.getElementById(id);
            control.value = value;
            control.dispatchEvent(new Event("change"));
        }
    "#;
    page.browser.run(choose, &[]).await?;
    // The choice outlives the visit.
    page.reload_once_written().await?;
    page.wait_for_library(NAMES.len()).await?;
    let out = Shelf::new()?;
    let plan = page.export("plan", "folders.csv", out.folder()).await?;
    let plan = std::fs::read_to_string(plan)?;
    assert!(plan.starts_with("\u{feff}path;planned\r\n"), "{plan}");
    let path = page.export("csv", "undertone.csv", shelf.folder()).await?;
    let table = std::fs::read_to_string(&path)?;
    assert!(table.starts_with("\u{feff}file;status;"), "{table}");
    assert!(table.contains(";ok;3,2;"), "{table}");
    let playlist = page.export("calm", "calm.m3u8", out.folder()).await?;
    let playlist = std::fs::read_to_string(playlist)?;
    assert!(
        playlist.contains("\nC:\\Me\\Music\\it's $HOME 🎵.wav\n"),
        "{playlist}"
    );

    // The trainer reads such a table as well.
    let songs = out.folder().join("out.csv");
    let run = Command::new(paths::trainer()?)
        .arg("import")
        .arg("--data")
        .arg(&path)
        .arg("--out")
        .arg(&songs)
        .output()?;
    let said = String::from_utf8_lossy(&run.stderr);
    ensure!(run.status.success(), "trainer: {said}");
    Ok(())
}
