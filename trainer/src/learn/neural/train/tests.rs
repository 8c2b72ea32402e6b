use super::super::lesson::Lessons;
use super::super::network::values;
use super::*;
use crate::measured::example::Split;
use ndarray::Array2;
use std::collections::HashMap;

fn train(songs: &[Example], options: &TrainOptions) -> Result<TrainedNetwork> {
    let lessons = Lessons::default();
    super::train(&Material::of_examples(songs, &lessons), options)
}

/// Songs whose spectrum gives their mood away.
fn songs() -> Vec<Example> {
    let mut rng = StdRng::seed_from_u64(5);
    (0..24)
        .map(|index| {
            let mood = Mood::ALL[index % Mood::COUNT];
            let bands = mood.index() * 24..mood.index() * 24 + 24;
            Example {
                id: format!("song {index}"),
                corpus: "test".to_owned(),
                label_kind: "listeners".to_owned(),
                group: index.to_string(),
                split: if index < 16 {
                    Split::Train
                } else {
                    Split::Validation
                },
                mood,
                weight: 1.0,
                log_mel: Array2::from_shape_fn((600 + 20 * index, 96), |(_, band)| {
                    rng.random_range(0.0..1.0) + if bands.contains(&band) { 2.0 } else { 0.0 }
                }),
                descriptors: vec![],
            }
        })
        .collect()
}

fn options(work_dir: &std::path::Path) -> TrainOptions {
    TrainOptions {
        architecture: Architecture::tiny(),
        epochs: 4,
        batch_size: 8,
        learning_rate: 1e-2,
        ..TrainOptions::new(work_dir.to_owned())
    }
}

fn output(trained: &TrainedNetwork, songs: &[Example]) -> Result<Vec<[f32; 6]>> {
    song_outputs(
        &trained.network,
        &[songs[0].log_mel.view(), songs[20].log_mel.view()],
    )
}

#[test]
fn a_stopped_run_ends_where_an_unbroken_one_does() -> Result<()> {
    let songs = songs();
    let (whole, parts) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let unbroken = train(&songs, &options(whole.path()))?;
    let (options, lessons) = (options(parts.path()), Lessons::default());
    let material = Material::of_examples(&songs, &lessons);
    let mut stopped = Run::new(&material, &options)?;
    for _ in 0..2 {
        stopped.epoch()?;
    }
    drop(stopped);
    let resumed = train(&songs, &options)?;
    assert_eq!(resumed.epochs.len(), 4);
    for (a, b) in unbroken.epochs.iter().zip(&resumed.epochs) {
        assert_eq!(a.train_loss.to_bits(), b.train_loss.to_bits());
        assert_eq!(a.val_loss.to_bits(), b.val_loss.to_bits());
    }
    assert_eq!(output(&unbroken, &songs)?, output(&resumed, &songs)?);
    let log = std::fs::read_to_string(parts.path().join("log.csv"))?;
    assert!(log.starts_with("epoch,train_loss,val_loss,val_macro_f1,lr,seconds\n1,"));
    assert_eq!(log.lines().count(), 5);
    // Another seed is another run.
    let other = TrainOptions { seed: 2, ..options };
    let refused = train(&songs, &other).map_err(|e| e.to_string());
    assert!(refused.is_err_and(|text| text.contains("other options")));
    Ok(())
}

#[test]
fn the_rate_falls_by_plan() {
    let options = options(std::path::Path::new(""));
    let rates: Vec<f64> = (1..=4).map(|epoch| options.rate(epoch)).collect();
    for (rate, expected) in rates.iter().zip([1e-2, 8.536e-3, 5e-3, 1.464e-3]) {
        assert!((rate - expected).abs() < 1e-6, "{rates:?}");
    }
}

#[test]
fn easy_songs_are_learnt() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let songs = songs();
    let options = TrainOptions {
        epochs: 30,
        ..options(folder.path())
    };
    let trained = train(&songs, &options)?;
    let last = trained.epochs[29];
    assert!(last.val_macro_f1 > 0.9, "{last:?}");
    assert!(last.val_loss < 0.7, "{last:?}");
    // The measured normalisation is not trained.
    let training = songs.iter().filter(|e| e.split == Split::Train);
    let training = training.map(|e| (e.id.as_str(), e.log_mel.view()));
    assert_eq!(
        values(trained.network.mean.val())?,
        statistics(training, 96)?.0
    );
    Ok(())
}

#[test]
fn a_loss_that_is_no_number_stops_the_run() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut songs = songs();
    let wild = TrainOptions {
        learning_rate: 1e30,
        ..options(folder.path())
    };
    let error = train(&songs, &wild).map(|_| ()).map_err(|e| e.to_string());
    assert!(
        error.as_ref().is_err_and(|t| t.contains("learning rate")),
        "{error:?}"
    );
    songs[3].log_mel[[7, 7]] = f32::NAN;
    let error = train(&songs, &options(folder.path()))
        .map(|_| ())
        .map_err(|e| e.to_string());
    assert!(
        error.as_ref().is_err_and(|t| t.contains("song 3")),
        "{error:?}"
    );
    Ok(())
}

#[test]
fn missing_songs_are_named() -> Result<()> {
    let parent = tempfile::tempdir()?;
    let folder = parent.path().join("never made");
    let songs = songs();
    let error = train(&songs[..16], &options(&folder)).map_err(|e| e.to_string());
    assert!(error.is_err_and(|t| t.contains("no validation example")));
    let happy: Vec<Example> = songs
        .into_iter()
        .filter(|e| e.mood == Mood::Happy)
        .collect();
    let error = train(&happy, &options(&folder)).map_err(|e| e.to_string());
    assert!(error.is_err_and(|t| t.contains("no training example is labelled sad")));
    assert!(!folder.exists());
    Ok(())
}

#[test]
fn a_teacher_helps_without_labels() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let songs = songs();
    // A teacher that hears how loud each quarter of the bands is.
    let hear = |log_mel: &Array2<f32>| {
        Array2::from_shape_fn(
            (log_mel.nrows().div_ceil(STEP_FRAMES), 4),
            |(step, part)| log_mel[[(step * STEP_FRAMES).min(log_mel.nrows() - 1), part * 24]],
        )
    };
    let unlabelled: Vec<(String, Array2<f32>)> = songs[..16]
        .iter()
        .map(|e| (format!("{} again", e.id), e.log_mel.clone()))
        .collect();
    let raw: HashMap<String, Array2<f32>> = unlabelled
        .iter()
        .map(|(id, log_mel)| (id.clone(), hear(log_mel)))
        .collect();
    let ids: Vec<&str> = unlabelled.iter().map(|(id, _)| id.as_str()).collect();
    let lessons = Lessons::new(raw.clone(), &ids)?;
    let material = Material {
        examples: &songs,
        unlabelled: &unlabelled,
        lessons: &lessons,
        without: None,
    };
    let options = TrainOptions {
        epochs: 12,
        ..options(folder.path())
    };
    let trained = super::train(&material, &options)?;
    let [first, last] = [trained.epochs[0], trained.epochs[11]];
    assert!(
        last.train_loss < 0.8 * first.train_loss,
        "{first:?} {last:?}"
    );
    let lesson = trained.network.lesson_weight.as_ref().map(|w| w.dims());
    assert_eq!(lesson, Some([10, 4]));
    Ok(())
}

#[test]
fn a_small_rest_is_left_out() {
    let crop = Crop {
        example: 0,
        start: 0,
    };
    let sizes = |n| {
        batches(&vec![crop; n], 8)
            .iter()
            .map(|b| b.len())
            .collect::<Vec<_>>()
    };
    assert_eq!(sizes(19), [8, 8]);
    assert_eq!(sizes(20), [8, 8, 4]);
    assert_eq!(sizes(3), [3]);
}

#[test]
#[ignore = "a measurement: run it alone, with --nocapture"]
fn seconds_of_a_step() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let songs = songs();
    let options = TrainOptions {
        batch_size: 32,
        ..TrainOptions::new(folder.path().to_owned())
    };
    let lessons = Lessons::default();
    let material = Material::of_examples(&songs, &lessons);
    let mut run = Run::new(&material, &options)?;
    println!("{} parameters", run.network.parameters());
    let crops = vec![
        Crop {
            example: 0,
            start: 0
        };
        32
    ];
    let mut rng = generator(1, 1);
    run.step(&crops, 1e-3, &mut rng)?;
    let started = Instant::now();
    for _ in 0..10 {
        run.step(&crops, 1e-3, &mut rng)?;
    }
    println!("{:.3} s a step", started.elapsed().as_secs_f64() / 10.0);
    Ok(())
}
