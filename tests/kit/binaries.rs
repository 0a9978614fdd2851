use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use local::{Deployment, Options};
use serde_json::Value;

/// The environment variable that makes every stack run its functions as real binaries. Its value is
/// their profile.
const VARIABLE: &str = "AFTERCHAT_TEST_BINARIES";

/// The profile in which plain cargo builds the binaries. In any other profile they are built as they
/// are deployed.
const DEV: &str = "dev";

/// The function that fails in the way that a request names.
pub const BROKEN_FUNCTION: &str = "broken-function";

/// Whether every stack runs its functions as real binaries.
pub(crate) fn are_requested() -> bool {
    profile().is_some()
}

fn profile() -> Option<String> {
    let profile = env::var_os(VARIABLE)?;
    Some(profile.into_string().expect("a profile's name"))
}

/// The executable of a function, which is built once. It is built as it is deployed if the environment
/// variable names a profile for that.
pub(crate) fn binary(function: &str) -> &'static Path {
    static BUILT: OnceLock<BTreeMap<String, PathBuf>> = OnceLock::new();
    match profile() {
        Some(profile) if profile != DEV => {
            let built = BUILT.get_or_init(|| build_as_deployed(&profile, &functions()));
            of_function(built, function)
        }
        _ => dynamic_binary(function),
    }
}

/// The executable of a function, linked dynamically with the machine's C library, so that a test can
/// change its time.
pub(crate) fn dynamic_binary(function: &str) -> &'static Path {
    static BUILT: OnceLock<BTreeMap<String, PathBuf>> = OnceLock::new();
    of_function(BUILT.get_or_init(build), function)
}

fn of_function<'a>(built: &'a BTreeMap<String, PathBuf>, function: &str) -> &'a Path {
    let path = built.get(function);
    path.unwrap_or_else(|| panic!("functions/{function} has no binary"))
}

/// The functions of the template, and the broken function.
fn functions() -> Vec<String> {
    let deployment = Deployment::load(&Options::default()).expect("the template is supported");
    let functions = deployment.functions().chain([BROKEN_FUNCTION]);
    functions.map(str::to_owned).collect()
}

/// Builds functions in `profile` as they are deployed, but for this machine's architecture, and returns
/// their executables by name.
///
/// # Panics
/// If they cannot be built, for example without cargo-lambda.
pub fn build_as_deployed(profile: &str, functions: &[String]) -> BTreeMap<String, PathBuf> {
    let mut cargo = cargo();
    cargo
        .args(["lambda", "build", "--profile", profile, "--target"])
        .arg(format!("{}-unknown-linux-musl", env::consts::ARCH))
        .arg("--lambda-dir")
        .arg(deployed_directory(profile))
        .stdout(Stdio::null());
    // All packages are named, so that cargo unifies features as in a build of all functions.
    for package in self::functions() {
        cargo.args(["--package", &package]);
    }
    for function in functions {
        cargo.args(["--bin", function]);
    }
    let status = cargo.status().expect("cargo runs");
    assert!(
        status.success(),
        "the functions were not built: {status} (is cargo-lambda installed? pip install cargo-lambda)"
    );
    let named = |name: &String| (name.clone(), deployed_binary(profile, name));
    functions.iter().map(named).collect()
}

/// The path to which [`build_as_deployed`] writes the executable of a function.
pub fn deployed_binary(profile: &str, function: &str) -> PathBuf {
    let directory = deployed_directory(profile);
    directory.join(function).join("bootstrap")
}

/// A folder beside `target/lambda`, which contains the binaries for the architecture of a deployment.
fn deployed_directory(profile: &str) -> PathBuf {
    repository().join(format!("target/lambda-{profile}"))
}

/// Builds all functions with plain cargo. It uses the features of the whole workspace, because `cargo
/// test` has already built most crates with them.
fn build() -> BTreeMap<String, PathBuf> {
    let mut cargo = cargo();
    cargo
        .args(["build", "--workspace", "--profile", DEV])
        .args(["--message-format", "json-render-diagnostics"])
        .stderr(Stdio::inherit());
    for function in functions() {
        cargo.args(["--bin", &function]);
    }
    let built = cargo.output().expect("cargo runs");
    assert!(built.status.success(), "the binaries are built");
    let messages = String::from_utf8(built.stdout).expect("messages in UTF-8");
    messages.lines().filter_map(executable).collect()
}

/// Cargo in the repository, without the variables that cargo set for this process. With them, cargo
/// would run the build scripts of other packages again.
pub fn cargo() -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(repository());
    for (variable, _) in env::vars_os() {
        let name = variable.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(variable);
        }
    }
    cargo
}

fn repository() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent()
        .expect("the crate is in a folder of the repository")
}

/// The name and the path of the executable in a message of cargo.
fn executable(message: &str) -> Option<(String, PathBuf)> {
    let message: Value = serde_json::from_str(message).ok()?;
    let path = message["executable"].as_str()?;
    let name = message["target"]["name"].as_str()?;
    Some((name.to_owned(), PathBuf::from(path)))
}
