//! Track features of many tracks, as far as Spotify still gives them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use undertone::features::TrackFeatures;

use super::answers::FeaturesAnswer;
use super::client::Client;
use super::http::Refusal;
use crate::console::Hint;
use crate::files;

/// Most tracks of one request (Web API reference, "Get Several Tracks' Audio Features").
const BATCH: usize = 100;

/// Features by track id; `None` where Spotify has none.
type ById = BTreeMap<String, Option<TrackFeatures>>;

/// What is known of the tracks' features.
pub struct Known {
    /// Features by track id.
    pub by_id: ById,
    /// Why no more were asked for.
    pub refusal: Option<Refusal>,
}

/// The features of these tracks. Those that are already in `folder` are not asked
/// for, and after a refusal nothing more is.
///
/// # Errors
/// When there is no answer or the folder can't be used.
pub fn fetch(client: &mut Client, ids: &[&str], folder: &Path) -> Result<Known> {
    let folder = folder.join("features");
    let mut by_id = kept(&folder)?;
    let missing: Vec<&str> = ids
        .iter()
        .filter(|id| !by_id.contains_key(**id))
        .copied()
        .collect();
    for batch in missing.chunks(BATCH) {
        match fetch_batch(client, batch) {
            Ok(answer) => {
                // The first id stands in no other file.
                let path = folder.join(format!("{}.json", batch[0]));
                files::write_whole(&path, |out| Ok(serde_json::to_writer_pretty(out, &answer)?))?;
                by_id.extend(answer);
            }
            Err(error) => {
                let refusal = Some(error.downcast::<Refusal>()?);
                return Ok(Known { by_id, refusal });
            }
        }
    }
    Ok(Known {
        by_id,
        refusal: None,
    })
}

fn fetch_batch(client: &mut Client, ids: &[&str]) -> Result<ById> {
    let url = client.address(&format!("/audio-features?ids={}", ids.join(",")));
    let reply = client.get(&url)?;
    let answer: FeaturesAnswer = reply.json()?;
    let got = answer.audio_features.len();
    if got != ids.len() {
        let words = format!("{got} features came for {} tracks", ids.len());
        return Err(reply.refused(words).into());
    }
    let ids = ids.iter().map(|id| (*id).to_owned());
    Ok(ids.zip(answer.audio_features).collect())
}

/// What stands in the folder.
fn kept(folder: &Path) -> Result<ById> {
    let mut by_id = ById::new();
    for path in files_of(folder)? {
        let bytes =
            std::fs::read(&path).with_context(|| format!("{} can't be read", path.display()))?;
        let batch: ById = serde_json::from_slice(&bytes)
            .with_context(|| format!("{} is damaged", path.display()))
            .hint("delete the folder features, and it is fetched again")?;
        by_id.extend(batch);
    }
    Ok(by_id)
}

fn files_of(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let context = || format!("the folder {} can't be read", folder.display());
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(context)? {
        let path = entry.with_context(context)?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
