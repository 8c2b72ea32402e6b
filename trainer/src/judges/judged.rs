//! The trained judges on the validation split, calibrated there: what `evaluate`
//! prints and `export` writes on the cards.

use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result};
use undertone::Mood;
use undertone::analysis::{song_logits, song_probabilities};
use undertone::card::{
    About, EnsembleCard, FileStamp, FrontEnd, NetworkCard, Unfamiliar, VerdictRule,
};
use undertone::ensemble::Ensemble;
use undertone::features::Descriptors;
use undertone::network::OnnxNetwork;

use crate::evaluate::calibrate::{
    FittedRule, Songs, Temperature, fit_tagger_rule, fit_temperature, fit_verdict_rule, join,
};
use crate::evaluate::format::score;
use crate::evaluate::table::Table;
use crate::evaluate::{Comparison, Predictions, compare, missed};
use crate::judges::train;
use crate::judges::witnesses::{TEACHER_PROBE, Witnesses};
use crate::learn::classic::{self, validation};
use crate::learn::models;
use crate::learn::tagger::{self, Size};
use crate::learn::trained::{Trained, UNFITTED};
use crate::measured::example::Example;

/// The judges, run through the library exactly as the page runs them.
pub struct Judged {
    /// The network's file and run.
    pub network: Trained,
    /// The ensemble's file and run.
    pub ensemble: Trained,
    /// Fitted on the validation songs.
    pub temperature: Temperature,
    /// Fitted on the validation songs.
    pub rule: FittedRule,
    /// The third judge for those who want it, where one was trained.
    pub large: Option<JudgedTagger>,
    /// The third judge for everybody, where one was trained.
    pub small: Option<JudgedTagger>,
    /// Baselines, learners, judges and their blend on the validation songs.
    pub comparison: Comparison,
    /// The songs that the verdict is wrong about, as a Markdown table.
    missed: String,
    /// The first of them, in a sentence for the cards.
    pub known_failures: String,
}

/// The third judge and what was fitted for it.
pub struct JudgedTagger {
    /// Its file and run.
    pub trained: Trained,
    /// Fitted on the validation songs.
    pub temperature: Temperature,
    /// Joins all three.
    pub rule: FittedRule,
}

/// How many songs are listed that both together are wrong about.
const MISSED: usize = 10;
/// How many of them a card names.
const ON_CARD: usize = 5;

/// The two judges that are always there, on the validation songs.
struct Two<'a> {
    songs: Songs<'a>,
    network: &'a Predictions,
    ensemble: &'a [[f64; Mood::COUNT]],
    rule: VerdictRule,
}

impl Two<'_> {
    /// What a third judge with these logits says alone, and together with the two.
    fn with(
        &self,
        size: Size,
        trained: Trained,
        logits: &[[f32; Mood::COUNT]],
    ) -> Result<(JudgedTagger, [Predictions; 2])> {
        let temperature = fit_temperature(self.songs.truth, logits)?;
        let heard = logits.iter().map(|row| shares(row, temperature.value));
        let heard: Vec<_> = heard.collect();
        let network: Vec<_> = self.network.rows.iter().map(|row| row.1).collect();
        let judges = [&*network, self.ensemble, &heard];
        let rule = fit_tagger_rule(self.songs, judges, self.rule)?;
        let joined = join(
            &network,
            self.ensemble,
            Some((&heard, self.songs.distances)),
            rule.rule,
        );
        let at = || self.network.rows.iter().map(|row| row.0);
        let mut alone = Predictions::new(size.name());
        alone.rows = at().zip(heard).collect();
        let mut three = Predictions::new(&format!("with the {}", size.name()));
        three.rows = at().zip(joined).collect();
        let third = JudgedTagger {
            trained,
            temperature,
            rule,
        };
        Ok((third, [alone, three]))
    }
}

impl Judged {
    /// Runs the judges of a work folder on the validation songs among `examples`.
    ///
    /// # Errors
    /// Where a judge is not trained yet or refuses a song.
    pub fn run(work: &Path, examples: &[Example]) -> Result<Self> {
        let network = train::trained_network(work)?;
        let ensemble = train::trained_ensemble(work)?;
        let truth: Vec<usize> = validation(examples).map(|(_, e)| e.mood.index()).collect();

        let logits = network_logits(&network, examples)?;
        let temperature = fit_temperature(&truth, &logits)?;
        let mut by_network = Predictions::new("network");
        by_network.rows = validation(examples)
            .zip(&logits)
            .map(|((index, _), row)| (index, shares(row, temperature.value)))
            .collect();

        let mut systems = classic::baselines(examples)?;
        let loaded = loaded_ensemble(&ensemble)?;
        systems.extend(classic::predictions(&loaded, examples)?);
        let distances = classic::distances(&loaded, examples)?;
        let of = |system: &Predictions| -> Vec<[f64; Mood::COUNT]> {
            system.rows.iter().map(|row| row.1).collect()
        };
        let by_ensemble = systems.last().map(of).context("no ensemble")?;
        let rule = fit_verdict_rule(&truth, &of(&by_network), &by_ensemble)?;
        let joined = join(&of(&by_network), &by_ensemble, None, rule.rule);
        let mut blended = Predictions::new("both");
        blended.rows = by_network
            .rows
            .iter()
            .map(|row| row.0)
            .zip(joined)
            .collect();
        systems.extend(Witnesses::of(work)?.teacher(examples)?);
        if let Ok(untaught) = train::untaught_network(work) {
            let logits = network_logits(&untaught, examples)?;
            let temperature = fit_temperature(&truth, &logits)?.value;
            let mut system = Predictions::new("network, untaught");
            let at = by_network.rows.iter().map(|row| row.0);
            system.rows = at
                .zip(&logits)
                .map(|(at, row)| (at, shares(row, temperature)))
                .collect();
            systems.push(system);
        }
        let corpora: Vec<&str> = validation(examples)
            .map(|(_, e)| e.corpus.as_str())
            .collect();
        let two = Two {
            songs: Songs {
                truth: &truth,
                corpora: &corpora,
                distances: &distances,
            },
            network: &by_network,
            ensemble: &by_ensemble,
            rule: rule.rule,
        };
        systems.extend([by_network.clone(), blended]);
        let mut tagger_of = |size: Size| -> Result<_> {
            let Some((trained, logits)) = tagger::load(work, size, examples)? else {
                return Ok(None);
            };
            let (third, predictions) = two.with(size, trained, &logits)?;
            systems.extend(predictions);
            Ok(Some(third))
        };
        let large = tagger_of(Size::Large)?;
        let small = tagger_of(Size::Small)?;
        let named = |name| systems.iter().find(|system| system.system == name);
        let others = ["network", "ensemble", TEACHER_PROBE].into_iter();
        let others: Vec<&Predictions> = others.filter_map(named).collect();
        let verdict = systems.last().context("no systems")?;
        let missed = missed::table(examples, verdict, &others, MISSED).to_string();

        Ok(Self {
            missed,
            known_failures: missed::to_sentence(examples, verdict, ON_CARD),
            comparison: compare(examples, &systems)?,
            network,
            ensemble,
            temperature,
            rule,
            large,
            small,
        })
    }

    /// Both taggers, each where it was trained.
    pub const fn taggers(&self) -> [(Size, Option<&JudgedTagger>); 2] {
        [
            (Size::Large, self.large.as_ref()),
            (Size::Small, self.small.as_ref()),
        ]
    }

    /// The rule of the page's verdict until the visitor wants the large tagger.
    pub fn page_rule(&self) -> &FittedRule {
        let small = self.small.as_ref();
        small.map_or(&self.rule, |small| &small.rule)
    }

    /// The report for people: each judge on all validation songs, then everything
    /// side by side.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for slice in self.comparison.slices.iter().take(1) {
            for (system, scores) in &slice.systems {
                // Writing to a string does not fail.
                let _ = writeln!(text, "## {system}\n\n{scores}");
            }
        }
        let rule = &self.rule;
        let _ = writeln!(
            text,
            "{}\nTemperature {:.3} (log loss {:.3}, before {:.3}). The network's share is {:.2}, the blend's temperature {:.3}. \
             Below {:.3} a verdict is unsure: {:.0} % of the songs keep theirs, of which {:.0} % \
             are right (of all: {:.0} %).",
            self.comparison.table(),
            self.temperature.value,
            self.temperature.log_loss_after,
            self.temperature.log_loss_before,
            rule.rule.network_weight,
            rule.rule.temperature,
            rule.rule.unsure_below,
            100.0 * rule.coverage,
            100.0 * rule.sure_accuracy,
            100.0 * rule.accuracy,
        );
        for (size, tagger) in self.taggers() {
            let Some(JudgedTagger { rule, .. }) = tagger else {
                continue;
            };
            let _ = writeln!(
                text,
                "With the {}: its share is {:.2}, the temperature {:.3}{}; below {:.3} a verdict \
                 is unsure: {:.0} % keep theirs, of which {:.0} % are right.",
                size.name(),
                rule.rule.tagger_weight,
                rule.rule.temperature,
                rule.rule.unfamiliar.map(on_unfamiliar).unwrap_or_default(),
                rule.rule.unsure_below,
                100.0 * rule.coverage,
                100.0 * rule.sure_accuracy,
            );
        }
        let rule = self.page_rule();
        let points = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5]
            .into_iter()
            .filter_map(|share| {
                let [_, coverage, right] = rule.curve.iter().rfind(|point| point[1] >= share)?;
                Some(vec![format!("{coverage:.2}"), score(*right)])
            });
        let heads = "share of songs with a verdict | right among them";
        let _ = write!(text, "\n{}", Table::new("", heads, points));
        let _ = write!(text, "\n## Most wrong\n\n{}", self.missed);
        text
    }
}

fn on_unfamiliar(far: Unfamiliar) -> String {
    format!(
        " (on songs far more than {:.2} from the training songs {:.2} and {:.3})",
        far.distance, far.tagger_weight, far.temperature
    )
}

/// The network's card; `temperature` 1 gives its raw logits.
pub fn network_card(trained: &Trained, temperature: f32, about: About) -> NetworkCard {
    NetworkCard {
        stamp: FileStamp::of(models::NETWORK, &trained.bytes),
        front_end: FrontEnd::current(),
        temperature,
        parameters: trained.summary.parameters,
        about,
    }
}

/// The ensemble's card.
pub fn ensemble_card(trained: &Trained, verdict: VerdictRule, about: About) -> EnsembleCard {
    EnsembleCard {
        stamp: FileStamp::of(classic::FILE, &trained.bytes),
        inputs: Descriptors::NAMES.map(str::to_owned).to_vec(),
        verdict,
        about,
    }
}

/// A trained network as the page runs it, at temperature 1.
///
/// # Errors
/// When its file can't be loaded.
pub fn loaded_network(trained: &Trained) -> Result<OnnxNetwork> {
    let card = network_card(trained, 1.0, About::default());
    Ok(OnnxNetwork::load(card, &trained.bytes)?)
}

/// Mean logits of each validation song.
fn network_logits(trained: &Trained, examples: &[Example]) -> Result<Vec<[f32; Mood::COUNT]>> {
    let network = loaded_network(trained)?;
    validation(examples)
        .map(|(_, example)| {
            song_logits(&network, &example.log_mel).with_context(|| example.id.clone())
        })
        .collect()
}

fn loaded_ensemble(trained: &Trained) -> Result<Ensemble> {
    let card = ensemble_card(trained, UNFITTED, About::default());
    Ok(Ensemble::from_bytes(
        &trained.bytes,
        &card,
        &Descriptors::NAMES,
    )?)
}

fn shares(logits: &[f32; Mood::COUNT], temperature: f32) -> [f64; Mood::COUNT] {
    song_probabilities(logits, temperature)
        .to_array()
        .map(f64::from)
}
