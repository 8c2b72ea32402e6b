//! The judges on songs that they were not fitted on, calibrated there: what `evaluate` prints
//! and `export` writes on the cards.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use undertone::Mood;
use undertone::card::Unfamiliar;
use undertone::network::OUTPUTS;

use super::answers::{Answers, BODY_REGRESSION, Material};
use super::ratings;
use crate::evaluate::calibrate::{
    FittedRule, Songs, Temperature, fit_music_threshold, fit_temperature, fit_verdict_rule, join,
    softened,
};
use crate::evaluate::format::score;
use crate::evaluate::table::Table;
use crate::evaluate::{Comparison, Predictions, compare, missed};
use crate::measured::example::Example;
use crate::songs::song::Song;

/// Name of the network in tables.
const NETWORK: &str = "network";
/// Name of the verdict that network and ensemble give together.
pub const JOINED: &str = "network and ensemble";
/// How many songs are listed that the page is wrong about.
const MISSED: usize = 10;
/// How many of them a card names.
const ON_CARD: usize = 5;

/// What was fitted on the answers of the folds, and how right they are.
pub struct Judged {
    /// Of the network's own logits.
    pub temperature: Temperature,
    /// Joins it with the ensemble.
    pub rule: FittedRule,
    /// Baselines, learners, judges and their blends.
    pub comparison: Comparison,
    /// The songs that the page's verdict is wrong about, as a Markdown table.
    missed: String,
    /// The first of them, in a sentence for the cards.
    pub known_failures: String,
    /// Arousal and valence as listeners rate them, and what is no music, as Markdown tables.
    ratings: String,
}

/// The songs with a mood that were asked about, in one order for all systems.
struct Asked<'a> {
    examples: &'a [Example],
    /// Their places among the examples.
    at: Vec<usize>,
}

impl Asked<'_> {
    fn examples(&self) -> impl Iterator<Item = &Example> {
        self.at.iter().map(|&at| &self.examples[at])
    }

    /// What is known of each by its name.
    fn all<T: Copy>(&self, of: &BTreeMap<String, T>) -> Result<Vec<T>> {
        let known = self.examples().map(|example| {
            let found = of.get(&example.id).copied();
            found.with_context(|| format!("nothing was said of {}", example.id))
        });
        known.collect()
    }

    fn predictions(&self, system: &str, shares: &[[f64; Mood::COUNT]]) -> Predictions {
        let mut predictions = Predictions::new(system);
        predictions.rows = std::iter::zip(self.at.clone(), shares.iter().copied()).collect();
        predictions
    }

    /// Fits temperature and rule of a network on its answers; what it says alone, and joined.
    fn network(&self, answers: &Answers, songs: &[Song]) -> Result<Fitted> {
        let all = &answers.network;
        let logits: Vec<[f32; Mood::COUNT]> = self.all(all)?.into_iter().map(moods).collect();
        let truth: Vec<usize> = self.examples().map(|e| e.mood.index()).collect();
        let corpora: Vec<&str> = self.examples().map(|e| e.corpus.as_str()).collect();
        let distances = self.all(&answers.distances)?;
        let temperature = fit_temperature(&truth, &logits)?;
        let network = softened(&logits, f64::from(temperature.value));
        let ensemble = self.all(answers.system("ensemble")?)?;
        let fitted_on = Songs {
            truth: &truth,
            corpora: &corpora,
            distances: &distances,
        };
        let music = fit_music_threshold(&ratings::music(songs, all));
        let rule = fit_verdict_rule(fitted_on, &network, &ensemble, music)?;
        let joined = join(&network, &ensemble, &distances, rule.rule);
        Ok(Fitted {
            temperature,
            rule,
            alone: self.predictions(NETWORK, &network),
            joined: self.predictions(JOINED, &joined),
        })
    }
}

struct Fitted {
    temperature: Temperature,
    rule: FittedRule,
    alone: Predictions,
    joined: Predictions,
}

fn moods(answer: [f32; OUTPUTS]) -> [f32; Mood::COUNT] {
    std::array::from_fn(|mood| answer[mood])
}

impl Judged {
    /// Fits temperatures and rules on the answers to all songs.
    ///
    /// # Errors
    /// Where an answer is missing.
    pub fn of(answers: &Answers, material: &Material, songs: &[Song]) -> Result<Self> {
        let asked = Asked {
            examples: &material.examples,
            at: places(answers, &material.examples),
        };
        let mut systems = plain(answers, &asked)?;
        let fitted = asked.network(answers, songs)?;
        let verdict = &fitted.joined;
        let named = |name| systems.iter().find(|system| system.system == name);
        let others = [
            Some(&fitted.alone),
            named("ensemble"),
            named(BODY_REGRESSION),
        ];
        let others: Vec<&Predictions> = others.into_iter().flatten().collect();
        let missed = missed::table(asked.examples, verdict, &others, MISSED).to_string();
        let known_failures = missed::to_sentence(asked.examples, verdict, ON_CARD);
        systems.extend([fitted.alone, fitted.joined]);
        let affects = ratings::affects(songs, &answers.network);
        let music_at_least = fitted.rule.rule.music_at_least;
        let kinds = ratings::kinds(songs, &answers.network, music_at_least);
        Ok(Self {
            temperature: fitted.temperature,
            rule: fitted.rule,
            comparison: compare(asked.examples, &systems)?,
            missed,
            known_failures,
            ratings: format!("\n## Ratings and kinds\n\n{affects}\n{kinds}"),
        })
    }

    /// The systems on a part of the corpora that nothing was fitted on, by the rules of these.
    ///
    /// # Errors
    /// Where an answer is missing.
    pub fn left_out(
        &self,
        answers: &Answers,
        examples: &[Example],
        part: &str,
    ) -> Result<Comparison> {
        let asked = Asked {
            examples,
            at: places(answers, examples),
        };
        let mut systems = plain(answers, &asked)?;
        let ensemble = asked.all(answers.system("ensemble")?)?;
        let distances = asked.all(&answers.distances)?;
        let logits = asked.all(&answers.network)?;
        let logits: Vec<[f32; Mood::COUNT]> = logits.into_iter().map(moods).collect();
        let shares = softened(&logits, f64::from(self.temperature.value));
        let joined = join(&shares, &ensemble, &distances, self.rule.rule);
        systems.push(asked.predictions(NETWORK, &shares));
        systems.push(asked.predictions(JOINED, &joined));
        let mut comparison = compare(examples, &systems)?;
        comparison.slices.truncate(1);
        for slice in &mut comparison.slices {
            part.clone_into(&mut slice.name);
        }
        Ok(comparison)
    }

    /// The report for people: everything side by side, then each system on all songs.
    pub fn to_text(&self) -> String {
        let mut text = format!("{}\n", self.comparison.table());
        let Self {
            temperature, rule, ..
        } = self;
        text.extend([format!(
            "Network: temperature {:.3} (log loss {:.3}, before {:.3}); its share beside the \
             ensemble {:.2}, the blend's temperature {:.3}{}. Up to {:.3} a verdict is \
             unsure: {:.0} % of the songs keep theirs, of which {:.0} % are right (of all: \
             {:.0} %). Below a probability of music of {:.3} it is none.\n\n",
            temperature.value,
            temperature.log_loss_after,
            temperature.log_loss_before,
            rule.rule.network_weight,
            rule.rule.temperature,
            rule.rule.unfamiliar.map(on_unfamiliar).unwrap_or_default(),
            rule.rule.unsure_below,
            100.0 * rule.coverage,
            100.0 * rule.sure_accuracy,
            100.0 * rule.accuracy,
            rule.rule.music_at_least,
        )]);
        let shares = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5];
        let points = shares.into_iter().filter_map(|share| {
            let point = rule.curve.iter().rfind(|point| point[1] >= share)?;
            Some(vec![format!("{share:.2}"), score(point[2])])
        });
        let heads = "share of songs with a verdict | right among them";
        text += &Table::new("", heads, points).to_string();
        text.extend([format!(
            "{}\n## Most wrong\n\n{}",
            self.ratings, self.missed
        )]);
        let all = self.comparison.slices.first();
        for (system, scores) in all.iter().flat_map(|slice| &slice.systems) {
            text.extend([format!("\n## {system}\n\n{scores}")]);
        }
        text
    }
}

/// Places of the songs that systems spoke of.
fn places(answers: &Answers, examples: &[Example]) -> Vec<usize> {
    let all = examples.iter().enumerate();
    let known = all.filter(|(_, example)| answers.distances.contains_key(&example.id));
    known.map(|(at, _)| at).collect()
}

/// The systems that have no temperature of their own.
fn plain(answers: &Answers, asked: &Asked) -> Result<Vec<Predictions>> {
    let systems = answers.systems.iter();
    let systems = systems.map(|(name, rows)| Ok(asked.predictions(name, &asked.all(rows)?)));
    systems.collect()
}

fn on_unfamiliar(far: Unfamiliar) -> String {
    format!(
        " (on songs far more than {:.2} from the training songs {:.2} and {:.3})",
        far.distance, far.network_weight, far.temperature
    )
}
