//! The JavaScript modules with the texts for visitors equal those that are generated from the crate
//! `texts`.
#![allow(missing_docs, reason = "a test's name says what it shows")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod javascript;
mod modules;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::modules::{LINK_TEXTS, TEXTS, all};

/// Set this environment variable to write the modules anew.
const REWRITE: &str = "REWRITE_TEXTS";

fn path(module: &str) -> PathBuf {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    assets.join(module)
}

#[test]
fn the_committed_modules_equal_freshly_generated_ones() {
    for (name, source) in all() {
        if std::env::var_os(REWRITE).is_some() {
            std::fs::create_dir_all(path(&name).parent().unwrap()).unwrap();
            std::fs::write(path(&name), &source).expect("the file can be written");
        }
        let committed = std::fs::read_to_string(path(&name)).unwrap_or_default();
        assert!(
            committed == source,
            "{name} differs: run {REWRITE}=1 cargo test -p serve-widget --test text_modules"
        );
    }
}

#[test]
fn every_module_with_texts_is_generated() {
    let generated: BTreeSet<_> = all().map(|(name, _)| name).collect();
    for folder in [TEXTS, LINK_TEXTS] {
        for file in std::fs::read_dir(path(folder)).unwrap() {
            let name = file.unwrap().file_name();
            let name = format!("{folder}/{}", name.to_str().unwrap());
            assert!(generated.contains(&name), "{name} belongs to no language");
        }
    }
}
