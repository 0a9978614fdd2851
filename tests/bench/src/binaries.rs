//! Builds or installs the measured programs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;

use crate::machine;

/// The choice of the functions and of their build.
#[derive(Clone, Debug, Args)]
pub(crate) struct Build {
    /// Measures only these functions.
    #[arg(long, value_name = "FUNCTION")]
    only: Vec<String>,
    /// The functions' cargo profile. The default is that of a deploy. Plain cargo builds the profile
    /// `dev`, and cargo-lambda builds all others.
    #[arg(long, default_value = "release")]
    pub(crate) profile: String,
    /// Uses the existing binaries of the functions.
    #[arg(long)]
    built: bool,
}

impl Build {
    /// Whether the functions are built as for a deploy.
    pub(crate) fn is_for_release(&self) -> bool {
        self.profile == "release"
    }

    pub(crate) fn includes(&self, function: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == function)
    }

    /// A build that includes `function`.
    pub(crate) fn with(&self, function: &str) -> Self {
        let mut build = self.clone();
        if !build.includes(function) {
            build.only.push(function.to_owned());
        }
        build
    }

    /// Builds the included functions of `functions`. Returns their binaries by name.
    pub(crate) fn functions<'a>(
        &self,
        functions: impl Iterator<Item = &'a str>,
    ) -> BTreeMap<String, PathBuf> {
        let functions = functions.filter(|name| self.includes(name));
        let functions: Vec<_> = functions.map(str::to_owned).collect();
        let is_dev = self.profile == "dev";
        if !self.built && is_dev {
            build_dev(&functions);
        } else if !self.built {
            tests::build_as_deployed(&self.profile, &functions);
        }
        let path = |name: &str| {
            if is_dev {
                machine::target().join("debug").join(name)
            } else {
                tests::deployed_binary(&self.profile, name)
            }
        };
        let named = functions.iter().map(|name| (name.clone(), path(name)));
        named.collect()
    }
}

/// Builds with the features of the whole workspace, as the tests do.
fn build_dev(functions: &[String]) {
    let mut cargo = tests::cargo();
    cargo.args(["build", "--workspace"]);
    for function in functions {
        cargo.args(["--bin", function]);
    }
    run(&mut cargo);
}

/// Builds the programs in `floor/`. Returns their folder.
pub(crate) fn floor() -> PathBuf {
    let directory = machine::target().join("bench-floor");
    let mut cargo = tests::cargo();
    cargo.args(["build", "--release", "--target-dir"]);
    run(cargo.arg(&directory).current_dir(bench().join("floor")));
    directory.join("release")
}

/// Installs what `peers/python` needs. Returns the Python and the folder of the peers.
pub(crate) fn python() -> (PathBuf, PathBuf) {
    let directory = machine::target().join("bench-peers/python");
    let python = directory.join("bin/python");
    if !python.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&directory));
    }
    run(Command::new(&python)
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "-r",
        ])
        .arg(bench().join("peers/python/requirements.txt")));
    // Python stores its compiled files beside this copy.
    let function = directory.join("function");
    let files = ["ask_rating.py", "hello.py"];
    copy(&bench().join("peers/python"), &function, &files);
    (python, function)
}

/// Bundles `peers/node` as for a deploy. Returns the folder with `main.cjs` and `hello.cjs`.
pub(crate) fn node() -> PathBuf {
    let directory = machine::target().join("bench-peers/node");
    let sources = bench().join("peers/node");
    let files = [
        "package.json",
        "ask-rating.mjs",
        "hello.mjs",
        "main.mjs",
        "runtime.mjs",
    ];
    copy(&sources, &directory, &files);
    run(Command::new("npm")
        .args(["install", "--silent", "--no-fund", "--no-audit"])
        .current_dir(&directory));
    run(Command::new("node_modules/.bin/esbuild")
        .args([
            "main.mjs",
            "hello.mjs",
            "--bundle",
            "--minify",
            "--platform=node",
            "--target=node20",
        ])
        .args([
            "--format=cjs",
            "--log-level=warning",
            "--outdir=bundles",
            "--out-extension:.js=.cjs",
        ])
        .current_dir(&directory));
    directory.join("bundles")
}

fn copy(from: &Path, to: &Path, files: &[&str]) {
    fs::create_dir_all(to).expect("the folder exists");
    for file in files {
        fs::copy(from.join(file), to.join(file)).expect("the peer is copied");
    }
}

/// The value of an environment variable of this process.
#[expect(
    clippy::disallowed_methods,
    reason = "the tools are on the PATH of the person who runs the bench"
)]
pub(crate) fn variable(name: &str) -> String {
    std::env::var(name).expect("the variable is set")
}

/// This crate's folder.
pub(crate) fn bench() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs a command without its standard output.
///
/// # Panics
/// If the command fails.
pub(crate) fn run(command: &mut Command) {
    let status = command.stdout(Stdio::null()).status();
    let status = status.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(status.success(), "{command:?}: {status}");
}
