//! A newer version of the page: it takes over when no song is under way.

use crate::page::state::{Announcement, Effect, Judge, Offline, Song, State, Storage};

impl State {
    /// A newer version is there, or the page works without a network.
    pub(super) fn offline_news(&mut self, news: Offline) {
        if news == Offline::Update && self.offline != news {
            self.announcement = Some(Announcement::Update);
        }
        self.offline = news;
    }

    /// The visitor wants the newer version, or, while it waits for songs, takes that back.
    pub(super) fn update_pressed(&mut self) {
        self.renewing = !self.renewing;
        if self.renewing && self.is_busy() {
            self.announcement = Some(Announcement::UpdateWaits);
        }
    }

    /// Lets the newer version take over, once that costs no song.
    pub(super) fn renew(&mut self, effects: &mut Vec<Effect>) {
        if self.renewing && !self.is_busy() {
            self.renewing = false;
            effects.push(Effect::Renew);
        }
    }

    /// Whether a reload would cost work: of the queue, of listening live, or a report that
    /// storage is taking.
    /// What a pause holds back is listed for the next visit.
    fn is_busy(&self) -> bool {
        let judging = match self.judge {
            Judge::Broken(_) => false,
            _ if self.queue.paused => self.songs.iter().any(Song::is_analysing),
            _ => self.progress().is_some(),
        };
        let unsaved = |song: &Song| song.report().is_some() && !song.saved;
        judging
            || self.live.is_on()
            || self.storage == Storage::Open && self.songs.iter().any(unsaved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AnalysisError;
    use crate::page::state::update::tests::{analysing, failed};
    use crate::page::state::{Event, QueueEvent};

    /// A page with songs in the queue, and a newer version.
    fn waiting(songs: u32) -> State {
        let mut state = analysing(songs);
        state.update(Event::Offline(Offline::Update));
        state
    }

    #[test]
    fn a_newer_version_waits_for_the_last_song() {
        let mut state = waiting(2);
        assert_eq!(state.update(Event::UpdatePressed), []);
        assert!(state.renewing);
        let effects = state.update(failed(1, AnalysisError::Empty));
        assert!(!effects.contains(&Effect::Renew), "{effects:?}");
        let effects = state.update(Event::CancelPressed(2));
        assert!(effects.contains(&Effect::Renew), "{effects:?}");
        assert!(!state.renewing);
    }

    #[test]
    fn a_newer_version_comes_at_once_where_nothing_is_under_way() {
        let mut state = State::default();
        state.update(Event::Offline(Offline::Update));
        assert_eq!(state.announcement, Some(Announcement::Update));
        assert_eq!(state.update(Event::UpdatePressed), [Effect::Renew]);
    }

    #[test]
    fn a_pause_lets_the_newer_version_in_after_the_song_of_now() {
        let mut state = waiting(3);
        state.update(Event::Queue(QueueEvent::PausePressed));
        assert_eq!(state.update(Event::UpdatePressed), []);
        let effects = state.update(failed(1, AnalysisError::Empty));
        assert!(effects.contains(&Effect::Renew), "{effects:?}");
    }

    #[test]
    fn pressing_again_takes_it_back() {
        let mut state = waiting(1);
        state.update(Event::UpdatePressed);
        state.update(Event::UpdatePressed);
        let effects = state.update(failed(1, AnalysisError::Empty));
        assert!(!effects.contains(&Effect::Renew), "{effects:?}");
    }
}
