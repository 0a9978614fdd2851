//! The machine of the run, its folders and its time.

use std::path::PathBuf;
use std::{fs, thread};

use jiff::Timestamp;

/// The time of a measurement.
#[expect(
    clippy::disallowed_methods,
    reason = "a measurement has a real date, even if the functions use another clock"
)]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.join("../..")
        .canonicalize()
        .expect("the repository exists")
}

/// The folder of builds and results.
pub(crate) fn target() -> PathBuf {
    repository().join("target")
}

/// The processor and the number of its cores.
pub(crate) fn description() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let model = model.and_then(|model| model.split_once(": "));
    let model = model.map_or("unknown processor", |(_, model)| model);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    format!("{model}, {cores} cores, {}", std::env::consts::ARCH)
}
