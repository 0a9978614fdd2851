//! The sizes of the functions' packages.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use local::Deployment;
use serde_json::Value;
use tests::Stack;

use crate::binaries::{self, Build};
use crate::report::{Bound, Entry, Report};
use crate::statistics::Summary;

/// The limit of each deployed package, in bytes.
const LARGEST: f64 = 3_000_000.0;

/// The size of a zip's headers around its one file, `bootstrap`.
const HEADERS: usize = 116;

pub(crate) async fn measure(build: &Build) -> Report {
    let deployment = Deployment::load(&Stack::options()).expect("the template is valid");
    let budget = budget();
    let budget = &budget[&build.profile];
    let mut report = Report {
        title: "zip, bytes",
        ..Report::default()
    };
    for (name, binary) in build.functions(deployment.functions()) {
        let zip = zip_size(&binary) as f64;
        let unzipped = fs::metadata(&binary).expect("the binary exists").len() as f64;
        let mut entry = Entry::new(&name, Summary::exact(zip)).with("binary", unzipped);
        if let Some(budget) = budget.get(&name).unwrap_or(&budget["default"]).as_f64() {
            entry = entry.with("budget", budget);
            report
                .bounds
                .push(Bound::at_most(budget, format!("zip of {name}"), zip));
        }
        report.entries.push(entry);
    }
    if build.is_for_release() {
        let sizes = report.entries.iter().map(|entry| entry.summary.median);
        let largest = sizes.fold(0.0, f64::max);
        report
            .bounds
            .push(Bound::at_most(LARGEST, "the largest zip", largest));
    }
    report
}

/// The size of a zip of `binary`, in bytes.
fn zip_size(binary: &Path) -> usize {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    let bytes = fs::read(binary).expect("the binary exists");
    encoder
        .write_all(&bytes)
        .expect("a buffer accepts all bytes");
    encoder.finish().expect("a buffer accepts all bytes").len() + HEADERS
}

/// The maximum size of each zip in bytes, by profile and function. `default` applies to a function
/// that is not listed.
fn budget() -> Value {
    let text = fs::read_to_string(binaries::bench().join("budget.json"));
    let text = text.expect("the budget exists");
    serde_json::from_str(&text).expect("the budget is JSON")
}
