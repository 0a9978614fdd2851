use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use local::Deployment;
use serde_json::Value;

use crate::Stack;

/// Names the profile of the binaries, and asks every stack to run its functions by them.
const VARIABLE: &str = "AFTERCHAT_TEST_BINARIES";

/// The profile of those that are run beside stacks in one process.
const DEFAULT_PROFILE: &str = "dev";

/// The function that goes wrong as it is told.
pub const BROKEN_FUNCTION: &str = "broken-function";

/// Whether every stack is to run its functions by the real binaries.
pub(crate) fn asked_for() -> bool {
    profile().is_some()
}

fn profile() -> Option<OsString> {
    env::var_os(VARIABLE)
}

/// The executable of a function, built once for all of its tests.
pub(crate) fn binary(function: &str) -> &'static Path {
    static BUILT: OnceLock<BTreeMap<String, PathBuf>> = OnceLock::new();
    BUILT
        .get_or_init(build)
        .get(function)
        .unwrap_or_else(|| panic!("functions/{function} has no binary"))
}

/// Builds what the template deploys, and the broken function. With the features of the whole workspace, so that little is
/// built that `cargo test` has not built already.
fn build() -> BTreeMap<String, PathBuf> {
    let deployment = Deployment::load(&Stack::options()).expect("the template is understood");
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["build", "--workspace", "--profile"])
        .arg(profile().unwrap_or_else(|| DEFAULT_PROFILE.into()))
        .args(["--message-format", "json-render-diagnostics"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit());
    for function in deployment.functions().chain([BROKEN_FUNCTION]) {
        cargo.args(["--bin", function]);
    }
    for (variable, _) in env::vars_os() {
        if is_about_this_package(&variable.to_string_lossy()) {
            cargo.env_remove(variable);
        }
    }
    let built = cargo.output().expect("cargo runs");
    assert!(built.status.success(), "the binaries are built");
    let messages = String::from_utf8(built.stdout).expect("messages in UTF-8");
    messages.lines().filter_map(executable).collect()
}

/// Whether cargo set a variable for this package's tests. It would take what other packages' build
/// scripts made for changed.
fn is_about_this_package(variable: &str) -> bool {
    variable.starts_with("CARGO_PKG_") || variable.starts_with("CARGO_MANIFEST_")
}

/// The name and the path of an executable that a message of cargo tells of.
fn executable(message: &str) -> Option<(String, PathBuf)> {
    let message: Value = serde_json::from_str(message).ok()?;
    let path = message["executable"].as_str()?;
    let name = message["target"]["name"].as_str()?;
    Some((name.to_owned(), PathBuf::from(path)))
}
