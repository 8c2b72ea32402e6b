//! One song on several threads.

use std::thread;

use super::{Analysis, Judges};
use crate::audio::Signal;
use crate::error::AnalysisError;
use crate::report::Report;

/// As [`super::analyse`], with runs of the network on threads of their own: as many at a time as
/// `spare` says, which is asked again and again. The report is the same to the last bit.
///
/// # Errors
/// As [`Analysis::step`].
pub fn analyse_shared(
    signal: Signal,
    judges: &Judges,
    spare: impl Fn() -> usize,
) -> Result<Report, AnalysisError> {
    let mut analysis = Analysis::new(signal, judges);
    while !analysis.is_done() {
        step(&mut analysis, judges, spare())?;
    }
    analysis.finish()
}

/// Runs the network on so many other threads, and meanwhile does what else is to be done.
fn step(analysis: &mut Analysis, judges: &Judges, threads: usize) -> Result<(), AnalysisError> {
    let mut asked = Vec::new();
    while asked.len() < threads
        && let Some(question) = analysis.question()?
    {
        asked.push(question);
    }
    if asked.is_empty() {
        return analysis.step().map(drop);
    }
    let answers = thread::scope(|scope| {
        let run = |question| scope.spawn(move || judges.network.run(question));
        let runs = asked.iter().map(|question| run(question.mel_db.view()));
        let runs: Vec<_> = runs.collect();
        while !analysis.waits() && !runs.iter().all(thread::ScopedJoinHandle::is_finished) {
            analysis.step()?;
        }
        let answers = runs.into_iter().map(|run| {
            let lost = |_| AnalysisError::internal("the network", &"its thread was lost");
            Ok(run.join().map_err(lost)??)
        });
        answers.collect::<Result<Vec<_>, AnalysisError>>()
    })?;
    for (question, answer) in asked.iter().zip(answers) {
        analysis.answer(question.number, &answer)?;
    }
    Ok(())
}
