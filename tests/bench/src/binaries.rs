//! The programs that are measured: built here, or installed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;

use crate::machine;

/// Which functions are measured, and how they are built.
#[derive(Clone, Debug, Args)]
pub(crate) struct Build {
    /// Leaves out all functions but these.
    #[arg(long, value_name = "FUNCTION")]
    only: Vec<String>,
    /// The functions' cargo profile; they are deployed in that of the default. In `dev` plain cargo builds
    /// them, in all others cargo-lambda, as they are deployed.
    #[arg(long, default_value = "release")]
    pub(crate) profile: String,
    /// Takes the functions' binaries as they are.
    #[arg(long)]
    built: bool,
}

impl Build {
    /// Whether the functions are those that are deployed.
    pub(crate) fn is_for_release(&self) -> bool {
        self.profile == "release"
    }

    pub(crate) fn takes_in(&self, function: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == function)
    }

    /// The same, with `function` taken in whatever is left out.
    pub(crate) fn with(&self, function: &str) -> Self {
        let mut build = self.clone();
        if !build.takes_in(function) {
            build.only.push(function.to_owned());
        }
        build
    }

    /// Builds those of `functions` that are taken in, and gives their binaries by name.
    pub(crate) fn functions<'a>(
        &self,
        functions: impl Iterator<Item = &'a str>,
    ) -> BTreeMap<String, PathBuf> {
        let functions = functions.filter(|name| self.takes_in(name));
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

/// With the features of the whole workspace, as the tests build them.
fn build_dev(functions: &[String]) {
    let mut cargo = tests::cargo();
    cargo.args(["build", "--workspace"]);
    for function in functions {
        cargo.args(["--bin", function]);
    }
    run(&mut cargo);
}

/// The directory of the programs in `floor/`.
pub(crate) fn floor() -> PathBuf {
    let directory = machine::target().join("bench-floor");
    let mut cargo = tests::cargo();
    cargo.args(["build", "--release", "--target-dir"]);
    run(cargo.arg(&directory).current_dir(bench().join("floor")));
    directory.join("release")
}

/// A Python with what the peers in `peers/python` need, and the folder of those.
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
    // Python compiles it there, once.
    let function = directory.join("function");
    let files = ["ask_rating.py", "hello.py"];
    copy(&bench().join("peers/python"), &function, &files);
    (python, function)
}

/// The folder of the bundles of `peers/node`, as they would be deployed: `main.cjs` and `hello.cjs`.
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
    fs::create_dir_all(to).expect("the folder is there");
    for file in files {
        fs::copy(from.join(file), to.join(file)).expect("the peer is copied");
    }
}

/// The value of a variable of this process.
#[expect(
    clippy::disallowed_methods,
    reason = "the tools are where the person who measures has them"
)]
pub(crate) fn variable(name: &str) -> String {
    std::env::var(name).expect("it is set")
}

/// This crate's folder.
pub(crate) fn bench() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs a command that prints what it does among the errors, and must succeed.
pub(crate) fn run(command: &mut Command) {
    let status = command.stdout(Stdio::null()).status();
    let status = status.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(status.success(), "{command:?}: {status}");
}
