//! The second judge: a support vector machine, a decision tree and a random forest
//! over what [`crate::features`] measures, joined by a logistic regression (Wolpert
//! 1992, "Stacked generalization"; scikit-learn's `StackingClassifier`).
//!
//! What runs through smartcore 0.7 and what does not:
//! - the tree and every tree of the forest answer as smartcore's. They are not read from
//!   the file as they are: a smartcore tree trusts its indices, so a damaged file would
//!   panic or run forever. The file holds a form that can be checked, and smartcore's
//!   tree is rebuilt from it ([`tree`]). They are fitted by the trainer's own code:
//!   smartcore's trees know no weights of rows, keep no counts, and scan all rows at every
//!   node;
//! - the kernel of the support vector machine is smartcore's. Its own `SVC` is not
//!   used: it knows two classes and no probabilities, and panics on prediction once it
//!   went through serde ([`svm`]);
//! - the combiner's coefficients are fitted by smartcore; the softmax is ours, as
//!   smartcore's logistic regression answers with a class only ([`stack`]);
//! - the vote of the forest is ours, as smartcore's forest has no probabilities
//!   ([`forest`]).
//!
//! The learners know any number of classes from two on; the [`Ensemble`] and its file
//! are for the four moods.

pub mod background;
mod coupling;
mod fixed;
pub mod forest;
mod mixtures;
mod part;
pub mod scaler;
pub mod stack;
pub mod svm;
pub mod tree;

use serde::{Deserialize, Serialize};

use crate::card::{EnsembleCard, sha256_hex};
use crate::error::ModelError;
use crate::mood::{Mood, MoodProbabilities};

use background::Background;
use forest::{Forest, ForestModel};
pub(crate) use part::unpack;
pub use part::{Defect, Shares};
use scaler::StandardScaler;
use stack::LogisticRegression;
use svm::{Svc, SvcModel};
use tree::{Tree, TreeModel};

/// Version of the file's layout; a file of another one is refused.
const LAYOUT: u32 = 2;

/// Number of learners under the combiner.
pub const BASE_LEARNERS: usize = 3;

/// Number of the combiner's inputs: four probabilities of the machine, four of the
/// tree, four of the forest, each in the order of [`Mood::ALL`].
pub const STACK_INPUTS: usize = BASE_LEARNERS * Mood::COUNT;

/// The fitted parts, as they stand in `ensemble.bin` (postcard, after the layout's
/// version).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EnsembleModel {
    /// Brings the descriptors to mean 0 and standard deviation 1.
    pub scaler: StandardScaler,
    /// The support vector machine.
    pub svm: SvcModel,
    /// The decision tree.
    pub tree: TreeModel,
    /// The random forest.
    pub forest: ForestModel,
    /// The combiner over [`STACK_INPUTS`] probabilities.
    pub stack: LogisticRegression,
    /// The songs that explanations compare with.
    pub background: Background,
}

/// What the ensemble says of one song: the combiner's answer and each learner's own.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EnsembleOutput {
    /// The combiner's answer, the verdict of the ensemble.
    pub moods: MoodProbabilities,
    /// The support vector machine's answer.
    pub svm: MoodProbabilities,
    /// The decision tree's answer.
    pub tree: MoodProbabilities,
    /// The random forest's answer.
    pub forest: MoodProbabilities,
}

/// The ensemble, checked and ready to answer.
#[derive(Debug)]
pub struct Ensemble {
    model: EnsembleModel,
    svm: Svc,
    tree: Tree,
    forest: Forest,
    background: Vec<Vec<f64>>,
    file: String,
    id: String,
}

impl Ensemble {
    /// Reads `ensemble.bin`.
    ///
    /// The card's stamp is checked first, then that its inputs are `names`
    /// ([`crate::features::Descriptors`]'s names) in that order, then every length,
    /// index and number of the file. No bytes can make this panic.
    ///
    /// # Errors
    /// [`ModelError::Size`], [`ModelError::Hash`] or [`ModelError::Invalid`].
    pub fn from_bytes(
        bytes: &[u8],
        card: &EnsembleCard,
        names: &[&str],
    ) -> Result<Self, ModelError> {
        card.stamp.verify(bytes)?;
        let file = &card.stamp.file;
        check_names(&card.inputs, names).map_err(|detail| invalid(file, detail))?;
        let model: EnsembleModel =
            part::unpack(bytes, LAYOUT).map_err(|detail| invalid(file, detail))?;
        if model.scaler.n_features() != names.len() {
            let got = model.scaler.n_features();
            let detail = format!("made for {got} inputs, the card names {}", names.len());
            return Err(invalid(file, detail));
        }
        let id = card.stamp.sha256.clone();
        Self::build(model, file, id).map_err(|defect| invalid(file, defect.to_string()))
    }

    /// Makes the ensemble of these fitted parts; `file` is the name in its errors.
    ///
    /// # Errors
    /// [`ModelError::Invalid`] where the parts do not fit each other.
    pub fn new(model: EnsembleModel, file: &str) -> Result<Self, ModelError> {
        let id = sha256_hex(&encode(&model, file)?);
        Self::build(model, file, id).map_err(|defect| invalid(file, defect.to_string()))
    }

    fn build(model: EnsembleModel, file: &str, id: String) -> Result<Self, Defect> {
        let n_features = model.scaler.n_features();
        model.scaler.check()?;
        model.stack.check(STACK_INPUTS)?;
        model.background.check(n_features)?;
        let svm = Svc::new(&model.svm, n_features)?;
        let tree = Tree::new(&model.tree, n_features)?;
        let forest = Forest::new(&model.forest, n_features)?;
        check_classes("svm", svm.n_classes())?;
        check_classes("tree", tree.n_classes())?;
        check_classes("forest", forest.n_classes())?;
        check_classes("stack", model.stack.n_classes())?;
        Ok(Self {
            svm,
            tree,
            forest,
            background: model.background.rows(n_features),
            file: file.to_owned(),
            id,
            model,
        })
    }

    /// The bytes of `ensemble.bin`, as [`Ensemble::from_bytes`] reads them.
    ///
    /// # Errors
    /// [`ModelError::Invalid`] with what the encoder said.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ModelError> {
        encode(&self.model, &self.file)
    }

    /// SHA-256 of the model file, in lower-case hexadecimal.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The fitted parts.
    #[must_use]
    pub const fn model(&self) -> &EnsembleModel {
        &self.model
    }

    /// Judges one song by its descriptors, in natural units and in the order of the
    /// card's `inputs`.
    ///
    /// # Errors
    /// [`ModelError::Run`] where the number of values is another than the model's, or
    /// one of them is not finite.
    pub fn predict_proba(&self, descriptors: &[f64]) -> Result<EnsembleOutput, ModelError> {
        self.judge(descriptors)
            .map_err(|defect| self.refused(&defect))
    }

    /// Euclidean distance of one song to the nearest support vector, over the standardised
    /// descriptors; those of [`Ensemble::predict_proba`].
    ///
    /// # Errors
    /// As [`Ensemble::predict_proba`].
    pub fn distance(&self, descriptors: &[f64]) -> Result<f64, ModelError> {
        let row = self.model.scaler.transform(descriptors);
        let row = row.map_err(|defect| self.refused(&defect))?;
        Ok(self.svm.distance(&row))
    }

    fn refused(&self, defect: &Defect) -> ModelError {
        ModelError::Run {
            name: self.file.clone(),
            detail: defect.to_string(),
        }
    }

    /// What machine, tree and forest say of a standardised row.
    fn base(&self, row: &Vec<f64>) -> Result<[Shares; BASE_LEARNERS], Defect> {
        let mut tree = self.tree.predict_proba(&[row])?;
        let mut forest = self.forest.predict_proba(&[row])?;
        Ok([
            self.svm.predict_proba(row)?,
            tree.swap_remove(0),
            forest.swap_remove(0),
        ])
    }

    fn judge(&self, descriptors: &[f64]) -> Result<EnsembleOutput, Defect> {
        let row = self.model.scaler.transform(descriptors)?;
        let base = self.base(&row)?;
        let stack = self.model.stack.predict_proba(&base.concat());
        let [svm, tree, forest] = base.map(probabilities);
        Ok(EnsembleOutput {
            moods: probabilities(stack),
            svm,
            tree,
            forest,
        })
    }
}

fn check_classes(part: &'static str, n_classes: usize) -> Result<(), Defect> {
    if n_classes == Mood::COUNT {
        return Ok(());
    }
    let detail = format!("{n_classes} classes, expected the {} moods", Mood::COUNT);
    Err(Defect::new(part, detail))
}

fn encode(model: &EnsembleModel, file: &str) -> Result<Vec<u8>, ModelError> {
    postcard::to_stdvec(&(LAYOUT, model)).map_err(|error| invalid(file, error.to_string()))
}

/// The four shares of a checked learner.
fn probabilities(shares: Shares) -> MoodProbabilities {
    MoodProbabilities::from_weights(std::array::from_fn(|mood| shares[mood] as f32))
}

fn check_names(got: &[String], expected: &[&str]) -> Result<(), String> {
    if got.len() != expected.len() {
        return Err(format!(
            "its card names {} inputs, this version of Undertone measures {}",
            got.len(),
            expected.len()
        ));
    }
    match got.iter().zip(expected).position(|(a, b)| a != b) {
        None => Ok(()),
        Some(at) => Err(format!(
            "input {at} is {:?}, this version of Undertone measures {:?} there",
            got[at], expected[at]
        )),
    }
}

fn invalid(file: &str, detail: String) -> ModelError {
    ModelError::Invalid {
        name: file.to_owned(),
        detail,
    }
}
