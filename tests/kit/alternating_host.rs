use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use lambda::clock::SharedClock;
use local::{Handler, Host};

use crate::binaries::dynamic_binary;
use crate::binary_host::{Pool, Programs};

/// A version of the functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// The one that `tests/upgrade/former-commit` names.
    Former,
    /// The one in this repository.
    Present,
}

/// Runs the functions as real binaries of two versions in turn, as during a deployment, or before and
/// after a rollback.
#[derive(Debug)]
pub struct AlternatingHost {
    turns: Vec<Version>,
    invocations: Arc<AtomicUsize>,
}

/// Functions whose former version cannot run beside this one. A deployment replaces a function and its
/// permissions together, and the former `manage-senders` makes other calls to SES. The former
/// `roll-up-satisfaction` makes a query that DynamoDB refuses.
const PRESENT_ONLY: [&str; 2] = ["manage-senders", "roll-up-satisfaction"];

impl AlternatingHost {
    /// A host that runs each invocation in the next of these versions, and starts again after the last
    /// one.
    ///
    /// # Panics
    /// If the former version is not built.
    pub fn new(turns: &[Version]) -> Self {
        let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let wanted = read(&here.join("upgrade/former-commit"));
        let built = read(&directory().join("commit"));
        assert!(
            !built.is_empty() && built == wanted,
            "run .ci/build-former: the former version is {wanted:?}, and {built:?} was built"
        );
        Self {
            turns: turns.to_vec(),
            invocations: Arc::default(),
        }
    }

    /// The executable of a function of a version.
    pub fn program(version: Version, function: &str) -> PathBuf {
        match version {
            Version::Former => directory().join(function),
            Version::Present => dynamic_binary(function).to_owned(),
        }
    }
}

impl Host for AlternatingHost {
    fn prepare(
        &self,
        function: &str,
        environment: HashMap<String, String>,
        clock: SharedClock,
    ) -> Arc<Handler> {
        let pool = |version| {
            let program = Self::program(version, function);
            let programs = Programs {
                usual: program.clone(),
                dynamic: program,
            };
            let environment = environment.clone();
            let pool = Pool::new(function, programs, environment, Arc::clone(&clock));
            Arc::new(pool)
        };
        // A function that is new has no former version.
        let former = Self::program(Version::Former, function).exists();
        let former = former && !PRESENT_ONLY.contains(&function);
        let (former, present) = (
            former.then(|| pool(Version::Former)),
            pool(Version::Present),
        );
        let turns = self.turns.clone();
        let invocations = Arc::clone(&self.invocations);
        Arc::new(move |invocation| {
            let number = invocations.fetch_add(1, Ordering::SeqCst);
            let pool = match (turns[number % turns.len()], &former) {
                (Version::Former, Some(former)) => Arc::clone(former),
                _ => Arc::clone(&present),
            };
            Box::pin(async move { pool.invoke(invocation).await })
        })
    }
}

/// The folder into which `.ci/build-former` writes the former version.
fn directory() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let repository = here
        .parent()
        .expect("the crate is in a folder of the repository");
    repository.join(".tools/former/bin")
}
