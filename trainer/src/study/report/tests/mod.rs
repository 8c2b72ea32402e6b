//! Reports of made-up runs: what they must hold, and what must not break them.

mod made_up;

use tempfile::tempdir;

use self::made_up::{FOLDS, SONGS, about, run, songs, study, with_epochs};
use super::*;
use crate::songs::task::Task;
use crate::study::run::{Answer, Family, SystemRun};

fn report(runs: &[SystemRun]) -> StudyReport {
    StudyReport::new(about(), runs, &songs()).unwrap()
}

/// The texts of `report.json`, `report.md` and `report.html`.
fn written(report: &StudyReport) -> [String; 3] {
    let folder = tempdir().unwrap();
    write(report, folder.path()).unwrap();
    ["json", "md", "html"].map(|form| {
        let path = folder.path().join(format!("report.{form}"));
        std::fs::read_to_string(path).unwrap()
    })
}

#[test]
fn a_whole_study_is_written() {
    let report = report(&study());
    let texts = written(&report);
    assert_eq!(
        texts,
        written(&self::report(&study())),
        "same runs, same bytes"
    );
    let [json, markdown, html] = texts;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["tasks"].as_array().unwrap().len(), 3);
    assert_eq!(json["tasks"][0]["common_folds"], serde_json::json!([0, 3]));
    assert_eq!(json["earlier"][0]["value"], 0.8439);
    for text in [&markdown, &html] {
        assert!(!text.contains("<script>"), "names are only text");
        assert!(!text.contains("NaN") && !text.contains("inf "));
        for part in ["Before and after oversampling", "not comparable", "710,233"] {
            assert!(text.contains(part), "{part}");
        }
    }
    for part in ["http://", "https://", "src=", "@import", "url("] {
        let outside = html.replace("http://www.w3.org/2000/svg", "");
        assert!(!outside.contains(part), "{part} would need a network");
    }
    // A song's name, and the bar in its group, would break a cell.
    assert!(markdown.contains("\\| x"));
}

#[test]
fn html_is_well_formed() {
    let [_, _, html] = written(&report(&study()));
    for tag in [
        "table", "svg", "figure", "details", "nav", "main", "td", "div",
    ] {
        let open =
            html.matches(&format!("<{tag}>")).count() + html.matches(&format!("<{tag} ")).count();
        assert_eq!(open, html.matches(&format!("</{tag}>")).count(), "{tag}");
    }
    let ids: Vec<&str> = html
        .split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let distinct: std::collections::BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), distinct.len(), "ids are unique");
    for target in html.split("href=\"#").skip(1) {
        let target = target.split('"').next().unwrap();
        assert!(distinct.contains(target), "{target}");
    }
    // Every plot can be read without seeing it, and no heading skips a level.
    assert_eq!(
        html.matches("<svg ").count(),
        html.matches("<desc>").count()
    );
    let levels: Vec<u32> = html
        .match_indices("<h")
        .filter_map(|(at, _)| html[at + 2..].chars().next()?.to_digit(10))
        .collect();
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1));
}

#[test]
fn the_same_songs_lead_the_ranking() {
    let report = report(&study());
    let task = &report.tasks[0];
    assert_eq!(task.common_songs, SONGS / FOLDS * 2);
    assert!(!task.all_alike());
    let scores: Vec<f64> = task.systems.iter().map(|s| s.ranked().macro_f1).collect();
    assert!(scores.is_sorted_by(|a, b| a >= b));
    for system in &task.systems {
        assert_eq!(system.common.as_ref().unwrap().n, task.common_songs);
    }
    let network = task
        .systems
        .iter()
        .find(|s| s.facts.family == Family::Neural)
        .unwrap();
    assert_eq!(network.scores.n, SONGS / FOLDS * 2);
    assert!((network.seconds_per_epoch.unwrap() - 31.5).abs() < 1e-9);
    assert!((network.seconds_per_fold.unwrap() - 14.0).abs() < 1e-9);
    assert_eq!(network.folds[1].fit.fold, 3);
}

#[test]
fn pairs_are_found_by_name() {
    let report = report(&study());
    let task = &report.tasks[0];
    let names = |contrasts: &[task::Contrast]| -> Vec<[String; 2]> {
        let pairs = contrasts.iter();
        pairs.map(|c| [c.first.clone(), c.second.clone()]).collect()
    };
    let expected = [
        ["SVM (first)", "SVM (SMOTE)"],
        ["SVM (grid)", "SVM (grid, SMOTE)"],
        ["stack", "stack (SMOTE)"],
    ];
    assert_eq!(names(&task.oversampling), expected);
    let best = task
        .systems
        .iter()
        .find(|s| s.name.starts_with("SVM"))
        .unwrap();
    let mut expected = vec![["SVM (first)", "SVM (grid, SMOTE)"]];
    if best.name != "SVM (grid, SMOTE)" {
        expected.push(["SVM (first)", &best.name]);
    }
    expected.push(["decision tree (first)", "decision tree (grid, SMOTE)"]);
    assert_eq!(names(&task.first_and_last), expected);
    assert_eq!(task.neighbours.len(), task.systems.len() - 1);
    for pair in &task.neighbours {
        let paired = pair.paired.as_ref().unwrap();
        assert_eq!(paired.n, task.common_songs);
        assert!(paired.difference >= 0.0, "the better one is second");
    }
    let whole = task.oversampling[0].paired.as_ref().unwrap();
    assert_eq!(whole.n, SONGS, "both ran every fold");
}

#[test]
fn one_system_is_a_report() {
    let one = [run(Task::Binary, "SVM", Family::Classic, 0.5, &[0])];
    let report = report(&one);
    assert!(report.tasks[0].all_alike() && report.tasks[0].neighbours.is_empty());
    assert_eq!(report.tasks[0].systems[0].macro_f1_over_folds, None);
    let [_, markdown, html] = written(&report);
    assert!(!markdown.contains("Over all folds that each system ran"));
    assert!(!html.contains("Loss"), "there is no training curve");
}

#[test]
fn nothing_run_is_said() {
    let [json, markdown, html] = written(&report(&[]));
    assert!(json.contains("\"tasks\": []"));
    for text in [markdown, html] {
        assert!(text.contains("No system was run."));
    }
}

#[test]
fn no_common_fold_is_said() {
    let apart = [
        run(Task::Moods, "SVM", Family::Classic, 0.5, &[0, 1]),
        run(Task::Moods, "net", Family::Neural, 0.5, &[2]),
    ];
    let report = report(&apart);
    let task = &report.tasks[0];
    assert!(task.common_folds.is_empty() && task.systems[0].common.is_none());
    assert_eq!(task.neighbours[0].paired, None);
    for text in &written(&report)[1..] {
        assert!(text.contains("There is no fold that every system ran"));
        assert!(!text.contains("Scores on the same held-out songs"));
    }
}

#[test]
fn a_class_without_answers_or_songs_is_no_trouble() {
    let mut runs = [run(Task::ThreeClass, "SVM", Family::Classic, 0.5, &[0, 1])];
    for answer in runs[0].folds.iter_mut().flat_map(|fold| &mut fold.answers) {
        answer.truth %= 2;
        answer.answer = 0;
    }
    let report = report(&runs);
    let system = &report.tasks[0].systems[0];
    assert_eq!(system.scores.per_class[1].precision.to_bits(), 0);
    assert_eq!(system.curves[2].average_precision, None);
    let [json, ..] = written(&report);
    assert!(json.contains("\"average_precision\": null"));
}

#[test]
fn a_system_without_answers_hides_no_one() {
    let mut runs = [
        run(Task::Moods, "SVM", Family::Classic, 0.5, &[0]),
        run(Task::Moods, "net", Family::Neural, 0.5, &[]),
    ];
    let report = report(&runs);
    assert_eq!(report.tasks[0].common_songs, SONGS / FOLDS);
    assert!(written(&report)[2].contains("It answered no song."));
    // And one whose training diverged before it could answer.
    runs[1] = with_epochs(run(Task::Moods, "net", Family::Neural, 0.5, &[0]));
    for epoch in &mut runs[1].folds[0].fit.epochs {
        epoch.val_loss = f64::NAN;
        epoch.train_loss = f64::INFINITY;
    }
    let [json, markdown, html] = written(&self::report(&runs));
    assert!(json.contains("\"val_loss\": null"));
    for text in [json, markdown, html] {
        assert!(!text.contains("NaN") && !text.contains("inf\"") && !text.contains("inf "));
    }
}

#[test]
fn contradictions_are_errors() {
    let good = || run(Task::Binary, "SVM", Family::Classic, 0.5, &[0, 1]);
    let error = |runs: &[SystemRun]| -> String {
        let result = StudyReport::new(about(), runs, &songs());
        format!("{:#}", result.unwrap_err())
    };
    assert!(error(&[good(), good()]).contains("two systems are called SVM"));
    let mut other = good();
    other.system = "net".to_owned();
    other.folds[1].answers[0].truth ^= 1;
    assert!(error(&[good(), other]).contains("different classes of song 3"));
    let broken = |change: &dyn Fn(&mut Answer)| {
        let mut run = good();
        change(&mut run.folds[1].answers[0]);
        error(&[run])
    };
    assert!(broken(&|answer| answer.song = SONGS).contains("does not exist"));
    assert!(broken(&|answer| answer.song = 0).contains("twice"));
    assert!(broken(&|answer| answer.answer = 2).contains("expected below 2"));
    assert!(broken(&|answer| answer.probabilities[0] = f64::NAN).contains("probabilities"));
    assert!(broken(&|answer| answer.probabilities.clear()).contains("0 probabilities"));
    let mut about = about();
    about.data[0].classes[0].hours = Some(f64::NAN);
    assert!(StudyReport::new(about, &[], &[]).is_err());
}
