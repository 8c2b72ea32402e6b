//! Verdicts that were given before, in one file.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use rusqlite::{Connection, ErrorCode, OptionalExtension, TransactionBehavior, params};
use undertone::report::Outcome;

use super::stamp::Stamp;
use crate::console::Hint;
use crate::files;

/// Marks the file as ours ("Undt"), for `file` and for us.
const APPLICATION: i32 = 0x556e_6474;
/// Of the tables below.
const VERSION: i32 = 1;

/// What was hashed, and what the judges of some models said of some contents.
const TABLES: &str = "
CREATE TABLE IF NOT EXISTS files (
    path BLOB PRIMARY KEY, bytes INTEGER NOT NULL, modified_ns INTEGER NOT NULL,
    sha256 TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS verdicts (
    sha256 TEXT NOT NULL, models TEXT NOT NULL, outcome BLOB NOT NULL,
    PRIMARY KEY (sha256, models)
);";

/// How long a run waits for another one that writes.
const PATIENCE: Duration = Duration::from_mins(1);

/// Level of zstd: a verdict of four minutes takes 10 kB, a sixth of its JSON.
const LEVEL: i32 = 3;

/// Kept verdicts, an `SQLite` file. Each is there as soon as it is written, whatever ends
/// the program, and two runs may use one file.
#[derive(Debug)]
pub struct Store {
    file: Mutex<Connection>,
    /// Who judges: a hash of all models.
    models: String,
}

impl Store {
    /// Opens the file for the verdicts of these models; makes it where there is none.
    ///
    /// # Errors
    /// When it can't be written to, is no store, or of a newer version.
    pub fn open(path: &Path, models: String) -> Result<Self> {
        let unopened = || format!("the store {} can't be opened", path.display());
        if let Some(folder) = path.parent() {
            files::make_folder(folder)?;
        }
        let file = connect(path)
            .with_context(unopened)
            .hint("name another file with --store, or go without it by --no-store")?;
        let file = Mutex::new(file);
        Ok(Self { file, models })
    }

    /// SHA-256 of the file, where it has not changed since it was kept.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn hash(&self, path: &Path, stamp: Stamp) -> Result<Option<String>> {
        let sql = "SELECT sha256 FROM files WHERE path = ?1 AND bytes = ?2 AND modified_ns = ?3";
        let key = params![path_key(path), stamp.bytes, stamp.modified_ns];
        read(self.file().query_row(sql, key, |row| row.get(0)))
    }

    /// Keeps the hash of a file.
    ///
    /// # Errors
    /// When the store can't be written to.
    pub fn keep_hash(&self, path: &Path, stamp: Stamp, sha256: &str) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO files VALUES (?1, ?2, ?3, ?4)";
        let row = params![path_key(path), stamp.bytes, stamp.modified_ns, sha256];
        written(self.file().execute(sql, row))
    }

    /// What these models said of those contents.
    ///
    /// # Errors
    /// When the store can't be read. A verdict in the form of another version is none.
    pub fn verdict(&self, sha256: &str) -> Result<Option<Outcome>> {
        let sql = "SELECT outcome FROM verdicts WHERE sha256 = ?1 AND models = ?2";
        let key = params![sha256, self.models];
        let bytes: Option<Vec<u8>> = read(self.file().query_row(sql, key, |row| row.get(0)))?;
        let json = bytes.and_then(|bytes| zstd::decode_all(&bytes[..]).ok());
        Ok(json.and_then(|json| serde_json::from_slice(&json).ok()))
    }

    /// Keeps a verdict.
    ///
    /// # Errors
    /// When the store can't be written to.
    pub fn keep_verdict(&self, sha256: &str, outcome: &Outcome) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO verdicts VALUES (?1, ?2, ?3)";
        let bytes = zstd::encode_all(&serde_json::to_vec(outcome)?[..], LEVEL)?;
        written(
            self.file()
                .execute(sql, params![sha256, self.models, bytes]),
        )
    }

    /// Lets verdicts on some contents count for others that sound the same, as where a file
    /// got new tags.
    ///
    /// # Errors
    /// When the store can't be written to.
    pub fn carry(&self, from: &str, to: &str) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO verdicts
            SELECT ?2, models, outcome FROM verdicts WHERE sha256 = ?1";
        written(self.file().execute(sql, params![from, to]))
    }

    fn file(&self) -> MutexGuard<'_, Connection> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn connect(path: &Path) -> Result<Connection> {
    let mut file = Connection::open(path)?;
    file.busy_timeout(PATIENCE)?;
    // Two first runs may meet here: the second waits.
    let first = file.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let number = |name: &str| first.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let application = number("application_id")?;
    let version = number("user_version")?;
    let sql = "SELECT count(*) FROM sqlite_schema";
    let tables: i64 = first.query_row(sql, [], |row| row.get(0))?;
    match (application, version) {
        (APPLICATION, VERSION) => {}
        (APPLICATION, newer) if newer > VERSION => {
            bail!("it is of version {newer}, and this program knows {VERSION}")
        }
        (0, 0) if tables == 0 => {
            first.execute_batch(TABLES)?;
            first.pragma_update(None, "application_id", APPLICATION)?;
            first.pragma_update(None, "user_version", VERSION)?;
        }
        _ => bail!("it is another program's database"),
    }
    first.commit()?;
    write_ahead(&file)?;
    Ok(file)
}

/// A kept verdict costs no wait for the disk; what is written outlives the program, and all
/// but the last moments outlive the machine.
fn write_ahead(file: &Connection) -> Result<()> {
    let mode =
        file.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get::<_, String>(0));
    match mode {
        // Another run is just turning it on.
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {}
        mode => drop(mode?),
    }
    Ok(file.pragma_update(None, "synchronous", "normal")?)
}

/// The file, wherever the program was called.
fn path_key(path: &Path) -> Vec<u8> {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    path.as_os_str().as_encoded_bytes().to_vec()
}

fn read<T>(found: rusqlite::Result<T>) -> Result<Option<T>> {
    found.optional().context("the store can't be read")
}

fn written(done: rusqlite::Result<usize>) -> Result<()> {
    match done {
        Ok(_) => Ok(()),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DiskFull) => {
            Err(anyhow!("the store can't be written to: the disk is full"))
                .hint("make room and run it again; what was judged before is kept")
        }
        Err(error) => Err(error).context("the store can't be written to"),
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::results::Record;

    const STAMP: Stamp = Stamp {
        bytes: 5,
        modified_ns: 7,
    };

    fn outcome(message: &str) -> Outcome {
        Record::failed("a", "empty", message).entry.outcome
    }

    #[test]
    fn a_verdict_is_found_by_contents_and_models() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/v.sqlite");
        let store = Store::open(&path, "m1".to_owned()).unwrap();
        assert_eq!(store.verdict("aa").unwrap(), None);
        store.keep_verdict("aa", &outcome("x")).unwrap();
        assert_eq!(store.verdict("aa").unwrap(), Some(outcome("x")));
        store.keep_verdict("aa", &outcome("y")).unwrap();
        drop(store);
        let store = Store::open(&path, "m1".to_owned()).unwrap();
        assert_eq!(store.verdict("aa").unwrap(), Some(outcome("y")));
        assert_eq!(store.verdict("bb").unwrap(), None);
        let other = Store::open(&path, "m2".to_owned()).unwrap();
        assert_eq!(other.verdict("aa").unwrap(), None);
    }

    #[test]
    fn a_hash_is_known_while_the_file_is_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("v"), String::new()).unwrap();
        let song = Path::new("a.mp3");
        store.keep_hash(song, STAMP, "aa").unwrap();
        assert_eq!(store.hash(song, STAMP).unwrap().unwrap(), "aa");
        let absolute = std::path::absolute(song).unwrap();
        assert_eq!(store.hash(&absolute, STAMP).unwrap().unwrap(), "aa");
        let longer = Stamp { bytes: 6, ..STAMP };
        let later = Stamp {
            modified_ns: 8,
            ..STAMP
        };
        for changed in [longer, later] {
            assert_eq!(store.hash(song, changed).unwrap(), None);
        }
        assert_eq!(store.hash(Path::new("b.mp3"), STAMP).unwrap(), None);
    }

    #[test]
    fn two_runs_write_into_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("v");
        thread::scope(|scope| {
            for run in 0..4 {
                let path = &path;
                scope.spawn(move || {
                    let store = Store::open(path, "m".to_owned()).unwrap();
                    for song in 0..50 {
                        let sha256 = format!("{run}-{song}");
                        store.keep_verdict(&sha256, &outcome("x")).unwrap();
                        store.keep_verdict("both", &outcome("x")).unwrap();
                    }
                });
            }
        });
        let store = Store::open(&path, "m".to_owned()).unwrap();
        for (run, song) in (0..4).flat_map(|run| (0..50).map(move |song| (run, song))) {
            assert!(store.verdict(&format!("{run}-{song}")).unwrap().is_some());
        }
    }

    #[test]
    fn what_is_no_store_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |path: &Path| {
            let error = Store::open(path, String::new()).unwrap_err();
            format!("{error:#}")
        };
        let text = folder.path().join("songs.csv");
        std::fs::write(&text, "path,mood\n".repeat(100)).unwrap();
        assert!(
            refused(&text).contains("not a database"),
            "{}",
            refused(&text)
        );
        assert!(std::fs::read(&text).unwrap().starts_with(b"path,mood"));

        let foreign = folder.path().join("other.sqlite");
        let file = Connection::open(&foreign).unwrap();
        file.execute_batch("CREATE TABLE songs (id)").unwrap();
        drop(file);
        assert!(refused(&foreign).contains("another program"));

        let newer = folder.path().join("newer.sqlite");
        drop(Store::open(&newer, String::new()).unwrap());
        let file = Connection::open(&newer).unwrap();
        file.pragma_update(None, "user_version", VERSION + 1)
            .unwrap();
        drop(file);
        assert!(
            refused(&newer).contains("it is of version 2"),
            "{}",
            refused(&newer)
        );
    }

    #[test]
    fn a_verdict_of_another_form_is_asked_for_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("v"), "m".to_owned()).unwrap();
        let bytes = zstd::encode_all(&b"{\"status\":\"ok\",\"report\":{}}"[..], LEVEL).unwrap();
        let sql = "INSERT INTO verdicts VALUES ('aa', 'm', ?1)";
        store.file().execute(sql, params![bytes]).unwrap();
        assert_eq!(store.verdict("aa").unwrap(), None);
    }

    #[test]
    fn a_full_disk_is_told_and_loses_nothing_that_was_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("v");
        let store = Store::open(&path, "m".to_owned()).unwrap();
        store.keep_verdict("aa", &outcome("x")).unwrap();
        // As on a disk with room for no page more.
        let pages: i64 = store
            .file()
            .pragma_query_value(None, "page_count", |row| row.get(0))
            .unwrap();
        store
            .file()
            .pragma_update(None, "max_page_count", pages)
            .unwrap();
        let full = (0..1_000).find_map(|n| store.keep_verdict(&n.to_string(), &outcome("x")).err());
        let full = format!("{:#}", full.unwrap());
        assert!(full.contains("the disk is full"), "{full}");
        drop(store);
        let store = Store::open(&path, "m".to_owned()).unwrap();
        assert!(store.verdict("aa").unwrap().is_some());
    }
}
