//! The large network, loaded in place of the small one only where the visitor wants it.
//!
//! The models of a worker are fixed for its life, so that another choice needs other
//! workers. The songs that are in the workers end there first.

use super::{Effect, Judge, Song, State};
use crate::web::inventory::Inventory;

/// How the large model stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LargeModel {
    /// The visitor does not want it.
    Off,
    /// It comes, or goes, when the songs of now are judged.
    NextSong,
    /// It is on the way.
    Loading,
    /// It judges.
    On,
    /// The judges could not be loaded with it.
    Lost,
}

impl State {
    /// Whether the page has a large model to choose. Whoever wants one that is not to be
    /// had must be able to say otherwise.
    #[must_use]
    pub fn offers_large(&self) -> bool {
        self.large || self.inventory.is_some_and(|inventory| inventory.large > 0)
    }

    /// How the large model stands.
    #[must_use]
    pub const fn large_model(&self) -> LargeModel {
        match (&self.judge, self.large) {
            _ if self.large != self.large_asked => LargeModel::NextSong,
            (_, false) => LargeModel::Off,
            (Judge::Loading, true) => LargeModel::Loading,
            (Judge::Ready(_), true) => LargeModel::On,
            (Judge::Broken(_), true) => LargeModel::Lost,
        }
    }

    /// What the page consists of is known. A choice of an earlier version that had a large
    /// model does not outlive it.
    pub(super) const fn counted(&mut self, inventory: Inventory) {
        self.inventory = Some(inventory);
        self.large &= inventory.large > 0;
    }

    /// Starts other workers where other models are wanted, once that costs no song.
    pub(super) fn switch_models(&mut self, effects: &mut Vec<Effect>) {
        if self.large != self.large_asked && !self.songs.iter().any(Song::is_analysing) {
            self.start_worker(effects);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AnalysisError;
    use crate::error::ModelError;
    use crate::web::protocol::FromWorker;
    use crate::web::state::tests::{analysing, decoded, failed, first, with_songs, work};
    use crate::web::state::{Event, Offline, Phase};

    const WITH: Inventory = Inventory {
        page: 1,
        judges: 2,
        samples: 3,
        large: 4,
    };

    #[test]
    fn another_choice_takes_another_worker() {
        let mut state = State::default();
        assert_eq!(state.large_model(), LargeModel::Off);
        let chosen = |wanted| Event::LargeChosen(wanted);
        assert_eq!(state.update(chosen(true)), [Effect::ChangeStaff]);
        assert_eq!(state.large_model(), LargeModel::Loading);
        assert_eq!(state.update(chosen(true)), []);
        assert_eq!(state.update(chosen(false)), [Effect::ChangeStaff]);
        assert_eq!(state.judge, Judge::Loading);
    }

    #[test]
    fn the_song_in_the_worker_is_judged_first_and_the_next_by_the_other_worker() {
        let mut state = analysing(2);
        work(&mut state, Event::Selected(1));
        assert_eq!(work(&mut state, decoded(2)), []);
        assert_eq!(work(&mut state, Event::LargeChosen(true)), []);
        assert_eq!(state.large_model(), LargeModel::NextSong);
        assert!(state.songs[0].is_analysing());

        let effects = work(&mut state, failed(1, AnalysisError::Empty));
        assert_eq!(effects, [Effect::Forget(1), Effect::ChangeStaff]);
        assert_eq!(state.songs[1].phase, Phase::Decoded, "it waits");
        assert_eq!(state.large_model(), LargeModel::Loading);
    }

    #[test]
    fn a_choice_that_is_taken_back_in_time_changes_nothing() {
        let mut state = analysing(1);
        assert_eq!(work(&mut state, Event::LargeChosen(true)), []);
        assert_eq!(work(&mut state, Event::LargeChosen(false)), []);
        let effects = work(&mut state, failed(1, AnalysisError::Empty));
        assert_eq!(effects, [Effect::Forget(1)]);
    }

    #[test]
    fn a_worker_that_is_replaced_anyway_brings_the_choice() {
        let mut state = analysing(1);
        work(&mut state, Event::LargeChosen(true));
        let effects = work(&mut state, Event::Lost(first(), "trap".into()));
        assert_eq!(effects, [Effect::Forget(1), Effect::ChangeStaff]);
        assert_eq!(state.large_model(), LargeModel::Loading);
    }

    #[test]
    fn a_large_model_that_is_refused_can_be_done_without() {
        let (mut state, _) = with_songs(1);
        state.update(Event::Counted(WITH));
        state.update(Event::LargeChosen(true));
        let error = ModelError::Missing {
            name: "mood-large.onnx".into(),
            detail: "status 404".into(),
        };
        let worker = state.staff.ids().next().unwrap();
        state.update(Event::Said(
            worker,
            FromWorker::Refused { error },
            Vec::new(),
        ));
        assert_eq!(state.large_model(), LargeModel::Lost);
        let effects = work(&mut state, Event::LargeChosen(false));
        assert_eq!(effects, [Effect::ChangeStaff]);
        assert_eq!(state.judge, Judge::Loading);
        assert!(!state.songs[0].has_ended());
    }

    #[test]
    fn a_page_without_a_large_model_offers_none() {
        let without = Inventory { large: 0, ..WITH };
        let mut state = State::default();
        assert!(!state.offers_large(), "nothing is known yet");
        state.update(Event::Counted(WITH));
        assert!(state.offers_large());

        // Chosen in an earlier version of the page.
        let mut state = State::default();
        state.update(Event::LargeChosen(true));
        assert!(state.offers_large());
        assert_eq!(state.update(Event::Counted(without)), [Effect::ChangeStaff]);
        assert!(!state.offers_large() && !state.large);
    }

    #[test]
    fn what_was_loaded_before_the_page_was_stored_is_stored_too() {
        let mut state = State::default();
        assert_eq!(state.update(Event::Offline(Offline::Ready)), []);

        let mut state = State::default();
        state.update(Event::LargeChosen(true));
        let effects = state.update(Event::Offline(Offline::Ready));
        assert_eq!(effects, [Effect::StoreLarge]);
    }
}
