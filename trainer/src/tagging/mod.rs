//! The optional third judge: a layer fitted on what CED-tiny hears, written behind it into
//! one file, and asked about every validation recording through the library.

mod graph;
mod head;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rayon::prelude::*;
use undertone::card::{About, FileStamp, TaggerCard, VerdictRule};
use undertone::tagger::{OnnxTagger, Tagging};
use undertone::{Mood, Signal};

use crate::cache::{self, Found};
use crate::classic::validation;
use crate::cli::console::{self, Hint};
use crate::example::{Example, Split};
use crate::files;
use crate::models::TAGGER;
use crate::teach;
use crate::training::{self, Summary, Trained};

pub use head::{Head, Prior};

/// Folder within the work folder.
const FOLDER: &str = "tagger";
/// What it says of the validation recordings.
const ANSWERS: &str = "validation.csv";

/// Name and logits of a recording.
type Answer = (String, [f32; Mood::COUNT]);

/// Fits the layer on the lessons that `trainer teach` has left, writes `tagger.onnx`, and
/// asks it about the validation recordings.
///
/// # Errors
/// Where there are no lessons, the teacher is another model, or a recording can't be heard.
pub fn train(work: &Path, teacher: &Path, options: &cache::Options) -> Result<()> {
    let examples = cache::load(work)?;
    let lessons = teach::lessons(work)?;
    let fitted: Vec<&Example> = examples
        .iter()
        .filter(|e| e.split == Split::Train)
        .collect();
    let head = Head::fit(&fitted, &lessons)?;
    let ced = std::fs::read(teacher)
        .with_context(|| format!("the teacher {} can't be read", teacher.display()))
        .hint("name the ONNX file of CED-tiny with --teacher")?;
    let bytes = graph::write(&ced, &head)
        .with_context(|| format!("{} is not the teacher CED-tiny", teacher.display()))?;
    let summary = Summary {
        made_by: format!(
            "trainer train tagger on CED-tiny of SHA-256 {}",
            undertone::card::sha256_hex(&ced)
        ),
        parameters: head.labels.len() + head.intercept.len(),
        choices: vec![format!("fitted on {} recordings", fitted.len())],
    };
    let folder = work.join(FOLDER);
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("the folder {} can't be made", folder.display()))?;
    let answers = ask(work, &bytes, &examples, options)?;
    let farthest = farthest(&answers, &head, &lessons)?;
    console::note(&format!(
        "the file's logits lie at most {farthest:.3} from those of the lessons"
    ));
    files::write_whole(&folder.join(ANSWERS), |out| {
        let mut writer = csv::Writer::from_writer(out);
        for answer in &answers {
            writer.serialize(answer)?;
        }
        Ok(writer.flush()?)
    })?;
    training::save(&folder, TAGGER, &bytes, &summary)
}

/// What the file says of every validation recording, as the page would hear it.
fn ask(
    work: &Path,
    bytes: &[u8],
    examples: &[Example],
    options: &cache::Options,
) -> Result<Vec<Answer>> {
    let tagger = OnnxTagger::load(
        card(bytes, 1.0, training::UNFITTED, About::default()),
        bytes,
    )?;
    let (sounds, found) = cache::find(work, options)?;
    let found: HashMap<&str, &Found> = found
        .iter()
        .filter_map(|song| Some((song.input().ok()?.id.as_str(), song)))
        .collect();
    let asked: Vec<&Example> = validation(examples).map(|(_, example)| example).collect();
    let bar = console::progress(asked.len(), "validation recordings");
    let one = |example: &&Example| -> Result<Answer> {
        let song = found.get(example.id.as_str());
        let song = song.with_context(|| format!("{} is not in the cache", example.id))?;
        let pcm = sounds.decode(&song.path, &song.input()?.sha256, None)?;
        let samples = Signal::from_pcm(&pcm)?.samples;
        let tagging = Tagging::of(&tagger, &samples)?;
        bar.inc(1);
        Ok((example.id.clone(), tagging.mean_logits()))
    };
    let answers = options
        .pool()?
        .install(|| asked.par_iter().map(one).collect());
    bar.finish_and_clear();
    answers
}

/// The greatest difference of a logit from what the layer says of the lesson.
fn farthest(
    answers: &[Answer],
    head: &Head,
    lessons: &HashMap<String, ndarray::Array2<f32>>,
) -> Result<f32> {
    let mut farthest = 0.0_f32;
    for (id, answer) in answers {
        let expected = head.logits(lessons.get(id), id)?;
        for (a, b) in answer.iter().zip(expected) {
            farthest = farthest.max((a - b).abs());
        }
    }
    Ok(farthest)
}

/// The tagger and its logits of the validation recordings among `examples`, in their order;
/// `None` where none was trained.
///
/// # Errors
/// Where the files are damaged or of other recordings.
pub fn load(
    work: &Path,
    examples: &[Example],
) -> Result<Option<(Trained, Vec<[f32; Mood::COUNT]>)>> {
    let folder = work.join(FOLDER);
    if !folder.join(ANSWERS).is_file() {
        return Ok(None);
    }
    let trained = training::load(&folder, TAGGER)?;
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
pub fn card(bytes: &[u8], temperature: f32, verdict: VerdictRule, about: About) -> TaggerCard {
    TaggerCard {
        stamp: FileStamp::of(TAGGER, bytes),
        temperature,
        verdict,
        about,
    }
}
