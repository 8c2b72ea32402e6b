//! The third judge: a layer fitted on what CED-tiny hears, written behind it into one file,
//! and a small one behind its first layers; both asked about every validation recording
//! through the library.

mod graph;
mod head;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use undertone::card::{About, FileStamp, TaggerCard, VerdictRule};
use undertone::tagger::{OnnxTagger, Tagging};
use undertone::{Mood, Signal};

use crate::console::{self, Hint};
use crate::files;
use crate::learn::classic::validation;
use crate::learn::models;
use crate::learn::teach;
use crate::learn::trained::{self, Summary, Trained};
use crate::measured::cache::{self, Found, Sounds};
use crate::measured::example::{Example, Split};
use crate::songs::song::Song;

pub use head::{Head, Prior};

/// What it says of the validation recordings.
const ANSWERS: &str = "validation.csv";

/// Name and logits of a recording.
type Answer = (String, [f32; Mood::COUNT]);

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// All layers, for those who want it.
    Large,
    /// The first layers, for everybody.
    Small,
}

impl Size {
    /// As reports and cards call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Large => "large tagger",
            Self::Small => "small tagger",
        }
    }

    /// The file of its weights.
    pub const fn file(self) -> &'static str {
        match self {
            Self::Large => models::TAGGER,
            Self::Small => models::SMALL_TAGGER,
        }
    }

    /// The file of its card.
    pub const fn card_file(self) -> &'static str {
        match self {
            Self::Large => models::TAGGER_CARD,
            Self::Small => models::SMALL_TAGGER_CARD,
        }
    }

    /// What it is, for its card.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Large => {
                "CED-tiny, a transformer trained to tag AudioSet's two million sounds, with a layer of moods"
            }
            Self::Small => {
                "The first six of the twelve layers of CED-tiny, a transformer trained to tag AudioSet's two million sounds, with a layer of moods"
            }
        }
    }

    /// [`TaggerCard::most_windows`]: half of the layers for a third of a song of 4 minutes are
    /// a sixth of the work.
    const fn most_windows(self) -> Option<u32> {
        match self {
            Self::Large => None,
            Self::Small => Some(8),
        }
    }

    /// Its folder within the work folder.
    fn folder(self, work: &Path) -> PathBuf {
        work.join(match self {
            Self::Large => "tagger",
            Self::Small => "tagger-small",
        })
    }
}

/// Fits the layers on the lessons that `trainer teach` has left, writes both taggers, and
/// asks them about the validation recordings.
///
/// # Errors
/// Where there are no lessons, the teacher is another model, or a recording can't be heard.
pub fn train(work: &Path, songs: &[Song], teacher: &Path, options: &cache::Options) -> Result<()> {
    let examples = cache::load(work, songs)?;
    let lessons = teach::lessons(work)?;
    let fitted: Vec<&Example> = examples
        .iter()
        .filter(|e| e.split == Split::Train)
        .collect();
    let unlabelled = trained::unlabelled_ids(songs, None);
    let large = Head::large(&fitted, &lessons)?;
    let others = unlabelled.iter().map(String::as_str);
    let small = Head::small(&fitted, others, &lessons)?;
    let ced = std::fs::read(teacher)
        .with_context(|| format!("the teacher {} can't be read", teacher.display()))
        .hint("name the ONNX file of CED-tiny with --teacher")?;
    let is_other = || format!("{} is not the teacher CED-tiny", teacher.display());
    let files = [
        (Size::Large, &large, graph::write(&ced, &large)),
        (Size::Small, &small, graph::write_small(&ced, &small)),
    ];
    for (size, head, bytes) in files {
        let bytes = bytes.with_context(is_other)?;
        let heard = cache::find(work, songs, options)?;
        let answers = ask(&heard, size, &bytes, &examples, options)?;
        let mut farthest = 0.0_f32;
        for (id, answer) in &answers {
            let expected = head.logits(lessons.get(id), id)?;
            let pairs = answer.iter().zip(expected);
            farthest = pairs.map(|(a, b)| (a - b).abs()).fold(farthest, f32::max);
        }
        console::note(&format!(
            "the {}'s logits lie at most {farthest:.3} from those of the lessons",
            size.name()
        ));
        let summary = Summary {
            made_by: format!(
                "trainer train tagger on CED-tiny of SHA-256 {}",
                undertone::card::sha256_hex(&ced)
            ),
            parameters: head.weights.len() + head.intercept.len(),
            data: trained::data_sources(songs),
            choices: vec![format!(
                "fitted on {} recordings",
                fitted.iter().filter(|e| !e.is_arranged()).count()
            )],
        };
        let folder = size.folder(work);
        files::write_rows(&folder.join(ANSWERS), &answers)?;
        trained::save(&folder, size.file(), &bytes, &summary)?;
    }
    Ok(())
}

/// What the file says of every validation recording, as the page would hear it.
fn ask(
    (sounds, found): &(Sounds, Vec<Found>),
    size: Size,
    bytes: &[u8],
    examples: &[Example],
    options: &cache::Options,
) -> Result<Vec<Answer>> {
    let tagger = OnnxTagger::load(
        card(size, bytes, 1.0, trained::UNFITTED, About::default()),
        bytes,
    )?;
    let found: HashMap<&str, &Found> = found
        .iter()
        .filter_map(|song| Some((song.input().ok()?.id.as_str(), song)))
        .collect();
    let asked: Vec<&Example> = validation(examples).map(|(_, example)| example).collect();
    let answers = options.map("validation recordings", &asked, |example| {
        let song = found.get(example.id.as_str());
        let song = song.with_context(|| format!("{} is not in the cache", example.id))?;
        let pcm = sounds.decode(&song.path, &song.input()?.sha256, None)?;
        let tagging = Tagging::of(&tagger, &Signal::from_pcm(&pcm)?.samples)?;
        Ok((example.id.clone(), tagging.mean_logits()))
    })?;
    answers.into_iter().collect()
}

/// The tagger and its logits of the validation recordings among `examples`, in their order;
/// `None` where none was trained.
///
/// # Errors
/// Where the files are damaged or of other recordings.
pub fn load(
    work: &Path,
    size: Size,
    examples: &[Example],
) -> Result<Option<(Trained, Vec<[f32; Mood::COUNT]>)>> {
    let folder = size.folder(work);
    if !folder.join(ANSWERS).is_file() {
        return Ok(None);
    }
    let trained = trained::load(&folder, size.file())?;
    let answers = read(&folder.join(ANSWERS))?;
    let logits = validation(examples)
        .map(|(_, example)| {
            let logits = answers.get(&example.id).copied();
            logits
                .with_context(|| format!("the tagger was not asked about {}", example.id))
                .hint("run `trainer train tagger` again")
        })
        .collect::<Result<_>>()?;
    Ok(Some((trained, logits)))
}

fn read(path: &PathBuf) -> Result<HashMap<String, [f32; Mood::COUNT]>> {
    let damaged = || format!("{} can't be read", path.display());
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_path(path)
        .with_context(damaged)?;
    reader
        .deserialize::<Answer>()
        .collect::<csv::Result<_>>()
        .with_context(damaged)
}

/// The tagger's card.
pub fn card(
    size: Size,
    bytes: &[u8],
    temperature: f32,
    verdict: VerdictRule,
    about: About,
) -> TaggerCard {
    TaggerCard {
        stamp: FileStamp::of(size.file(), bytes),
        most_windows: size.most_windows(),
        larger: None,
        temperature,
        verdict,
        about,
    }
}
