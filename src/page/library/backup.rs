//! All that is kept, as one file that the page reads back.
//!
//! The file is JSON with one song a line, so that neither writing nor reading needs the whole
//! of it in memory. The last line counts the songs and holds the SHA-256 of the lines before
//! it: what was cut off or changed is told before anything is put back.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::kept::Kept;
use super::smart::{SmartList, SmartLists};
use super::song::LibrarySong;
use crate::card::hexadecimal;
use crate::mood::Mood;
use crate::report::Report;

/// The version of the file's form; a page reads no newer one.
pub const VERSION: u32 = 1;
/// What the file calls itself.
const FORMAT: &str = "undertone-backup";
/// The longest line, in bytes: the report of a song of four hours takes less than a tenth.
const MOST_BYTES: usize = 64 << 20;
/// The longest first line, which holds the smart lists.
const MOST_HEAD: usize = 1 << 20;

/// One song of a backup. Its spectrogram is not kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BackedUp {
    /// Its verdict.
    pub kept: Kept,
    /// What the visitor said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Mood>,
    /// Its report, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<Box<Report>>,
}

impl BackedUp {
    /// What is to be kept where both the library and a backup may know a song: the younger
    /// verdict, if its report came along, and what the visitor said here, or else there.
    #[must_use]
    pub fn merge(self, here: Option<&LibrarySong>) -> Merged {
        let younger =
            |here: &LibrarySong| self.report.is_some() && self.kept.judged_ms > here.kept.judged_ms;
        Merged {
            said: here.and_then(|here| here.said).or(self.said),
            is_new: here.is_none(),
            verdict: here.is_none_or(younger).then_some((self.kept, self.report)),
        }
    }
}

/// What comes of a song of a backup.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// The verdict and the report that take the place of what is here; `None` where that stays.
    pub verdict: Option<(Kept, Option<Box<Report>>)>,
    /// What the visitor said.
    pub said: Option<Mood>,
    /// Whether the library did not know the song.
    pub is_new: bool,
}

/// Why a backup is not put back. Nothing was changed then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BackupFault {
    /// The file can't be read; the text is what the browser said.
    Unreadable(String),
    /// It is no backup.
    Foreign,
    /// It is of that version, which this page does not know.
    Newer(u32),
    /// It was cut off or changed.
    Damaged,
}

/// The first line, with the list closed.
#[derive(Serialize, Deserialize)]
struct Head {
    format: String,
    version: u32,
    #[serde(default)]
    lists: Vec<SmartList>,
}

/// The last line, as an object of its own.
#[derive(Deserialize)]
struct Foot {
    count: usize,
    sha256: String,
}

/// Writes a backup, song by song.
pub struct Writer {
    sha: Sha256,
    count: usize,
}

impl Writer {
    /// A writer, and the beginning of the file.
    #[must_use]
    pub fn begin(lists: &SmartLists) -> (Self, String) {
        let lists: Vec<_> = lists.iter().collect();
        // Plain texts: this does not fail.
        let lists = serde_json::to_string(&lists).unwrap_or_else(|_| "[]".to_owned());
        let text = format!(
            "{{\"format\":\"{FORMAT}\",\"version\":{VERSION},\"lists\":{lists},\"songs\":["
        );
        let mut sha = Sha256::new();
        sha.update(&text);
        (Self { sha, count: 0 }, text)
    }

    /// The next part of the file; empty for what JSON can't hold, which no report is.
    pub fn song(&mut self, song: &BackedUp) -> String {
        let Ok(line) = serde_json::to_string(song) else {
            return String::new();
        };
        let text = format!("{}\n{line}", if self.count == 0 { "" } else { "," });
        self.sha.update(&text);
        self.count += 1;
        text
    }

    /// The end of the file.
    #[must_use]
    pub fn end(mut self) -> String {
        self.sha.update("\n");
        let (count, sha256) = (self.count, hexadecimal(&self.sha.finalize()));
        format!("\n],\"count\":{count},\"sha256\":\"{sha256}\"}}\n")
    }
}

/// Reads a backup, piece by piece.
#[derive(Default)]
pub struct Reader {
    /// What was read of a line that has not ended.
    line: Vec<u8>,
    sha: Sha256,
    count: usize,
    has_head: bool,
    has_ended: bool,
    lists: Vec<SmartList>,
}

impl Reader {
    /// Takes the next bytes of the file, and gives the songs that they complete.
    ///
    /// # Errors
    /// Why this is no backup for this page.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<BackedUp>, BackupFault> {
        let mut songs = Vec::new();
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(piece);
            if let Some(line) = self.line.strip_suffix(b"\n") {
                let line = line.to_vec();
                self.line.clear();
                songs.extend(self.take(&line)?);
            }
        }
        let most = if self.has_head { MOST_BYTES } else { MOST_HEAD };
        match self.line.len() > most {
            true if self.has_head => Err(BackupFault::Damaged),
            true => Err(BackupFault::Foreign),
            false => Ok(songs),
        }
    }

    /// The smart lists, once the file has ended.
    ///
    /// # Errors
    /// [`BackupFault::Damaged`] where it ends too early, [`BackupFault::Foreign`] where it
    /// never was a backup.
    pub fn end(self) -> Result<SmartLists, BackupFault> {
        match (self.has_head, self.has_ended && self.line.is_empty()) {
            (false, _) => Err(BackupFault::Foreign),
            (true, false) => Err(BackupFault::Damaged),
            (true, true) => Ok(SmartLists::of(self.lists)),
        }
    }

    fn take(&mut self, line: &[u8]) -> Result<Option<BackedUp>, BackupFault> {
        if !self.has_head {
            self.has_head = true;
            self.hash(line);
            self.lists = head(line)?;
            return Ok(None);
        }
        if self.has_ended {
            return Err(BackupFault::Damaged);
        }
        if let Some(foot) = line.strip_prefix(b"],") {
            self.has_ended = true;
            return self.foot(foot).map(|()| None);
        }
        self.hash(line);
        self.count += 1;
        let song = line.strip_suffix(b",").unwrap_or(line);
        let song = serde_json::from_slice(song);
        song.map(Some).map_err(|_| BackupFault::Damaged)
    }

    fn hash(&mut self, line: &[u8]) {
        self.sha.update(line);
        self.sha.update("\n");
    }

    /// Compares what was read with what the last line says.
    fn foot(&mut self, rest: &[u8]) -> Result<(), BackupFault> {
        let foot = [b"{", rest].concat();
        let foot: Foot = serde_json::from_slice(&foot).map_err(|_| BackupFault::Damaged)?;
        let sha256 = hexadecimal(&self.sha.finalize_reset());
        if foot.count == self.count && foot.sha256 == sha256 {
            Ok(())
        } else {
            Err(BackupFault::Damaged)
        }
    }
}

/// The smart lists of the first line, if it is of a backup that this page reads.
fn head(line: &[u8]) -> Result<Vec<SmartList>, BackupFault> {
    let closed = [line, b"]}"].concat();
    let head: Result<Head, _> = serde_json::from_slice(&closed);
    match head {
        Ok(head) if head.format == FORMAT && head.version > VERSION => {
            Err(BackupFault::Newer(head.version))
        }
        Ok(head) if head.format == FORMAT => Ok(head.lists),
        _ => Err(BackupFault::Foreign),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::library::tests::kept;
    use crate::report::tests::report;

    fn song(name: &str, said: Option<Mood>, judged_ms: f64) -> BackedUp {
        let mut kept = kept(name, [0.1, 0.7, 0.1, 0.1], Some(90.5));
        kept.judged_ms = judged_ms;
        BackedUp {
            kept,
            said,
            report: Some(Box::new(report())),
        }
    }

    fn songs() -> [BackedUp; 3] {
        let bare = BackedUp {
            report: None,
            ..song("bare.mp3", None, 1.0)
        };
        [
            song("名前\n🎵.mp3", Some(Mood::Sad), 1.5e12),
            song("b.mp3", None, 1.0),
            bare,
        ]
    }

    fn lists() -> SmartLists {
        let rules = vec!["mood=calm".to_owned(), "artist~\"x\"\n".to_owned()];
        SmartLists::of([SmartList::new("名前", rules).unwrap()])
    }

    fn written(songs: &[BackedUp]) -> String {
        let (mut writer, mut text) = Writer::begin(&lists());
        for song in songs {
            text += &writer.song(song);
        }
        text + &writer.end()
    }

    /// Reads a file that comes in pieces of so many bytes.
    fn read(text: &[u8], piece: usize) -> Result<Vec<BackedUp>, BackupFault> {
        let mut reader = Reader::default();
        let mut songs = Vec::new();
        for piece in text.chunks(piece) {
            songs.extend(reader.push(piece)?);
        }
        assert_eq!(reader.end()?, lists());
        Ok(songs)
    }

    #[test]
    fn a_backup_is_json_and_comes_back_in_pieces_of_any_size() {
        let text = written(&songs());
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["count"], 3);
        assert_eq!(json["songs"][0]["said"], "sad");
        for piece in [1, 7, 1_000, text.len()] {
            assert_eq!(read(text.as_bytes(), piece).unwrap(), songs());
        }
        assert_eq!(read(written(&[]).as_bytes(), 9).unwrap(), []);
    }

    #[test]
    fn what_was_cut_off_or_changed_is_damaged() {
        let text = written(&songs());
        let whole = text.as_bytes();
        let first = text.find('\n').unwrap() + 1;
        for end in (first..whole.len()).step_by(97) {
            assert_eq!(read(&whole[..end], 64), Err(BackupFault::Damaged), "{end}");
        }
        for (at, byte) in whole.iter().enumerate().skip(first).step_by(41) {
            let mut changed = whole.to_vec();
            changed[at] = if *byte == b'1' { b'2' } else { b'1' };
            assert_eq!(read(&changed, 64), Err(BackupFault::Damaged), "{at}");
        }
        let twice = text.repeat(2);
        assert_eq!(read(twice.as_bytes(), 64), Err(BackupFault::Damaged));
    }

    #[test]
    fn other_files_and_newer_ones_are_named() {
        let newer = written(&songs()).replacen("\"version\":1", "\"version\":7", 1);
        assert_eq!(read(newer.as_bytes(), 64), Err(BackupFault::Newer(7)));
        for foreign in [
            "",
            "[]",
            "[\n]\n",
            "path,mood\na,sad\n",
            "{}\n",
            "{\"songs\":[\n",
        ] {
            let refused = read(foreign.as_bytes(), 64);
            assert_eq!(refused, Err(BackupFault::Foreign), "{foreign:?}");
        }
        assert_eq!(read(&vec![0; 2 << 20], 1 << 16), Err(BackupFault::Foreign));
        // As it was written before there were lists.
        let old = b"{\"format\":\"undertone-backup\",\"version\":1,\"songs\":[";
        assert_eq!(head(old), Ok(Vec::new()));
    }

    #[test]
    fn merging_keeps_what_was_said_and_the_younger_verdict() {
        let here = |said, judged_ms| LibrarySong::new(song("a", None, judged_ms).kept, said);
        let (sad, happy) = (Some(Mood::Sad), Some(Mood::Happy));
        let merged = song("a", happy, 2.0).merge(None);
        assert!(merged.is_new && merged.verdict.is_some());
        assert_eq!(merged.said, happy);

        let merged = song("a", happy, 2.0).merge(Some(&here(sad, 1.0)));
        assert!(!merged.is_new && merged.verdict.is_some());
        assert_eq!(merged.said, sad);

        let merged = song("a", happy, 2.0).merge(Some(&here(None, 3.0)));
        assert_eq!((merged.verdict, merged.said), (None, happy));

        let mut bare = song("a", None, 2.0);
        bare.report = None;
        assert_eq!(bare.merge(Some(&here(sad, 1.0))).verdict, None);
    }
}
