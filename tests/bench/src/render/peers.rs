//! The template engines that the function is compared with. They are installed below `.tools/`.

use std::path::PathBuf;
use std::process::Command;

use crate::machine;

/// A program that writes the same mail.
pub(super) struct Peer {
    pub(super) name: &'static str,
    program: PathBuf,
    script: &'static str,
}

impl Peer {
    /// All peers, after their installation if it is missing.
    pub(super) fn all() -> [Self; 2] {
        [
            Self {
                name: "Jinja2",
                program: install_jinja(),
                script: "jinja.py",
            },
            Self {
                name: "Handlebars",
                program: install_handlebars(),
                script: "handlebars.cjs",
            },
        ]
    }

    /// The command without the arguments.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .env("NODE_PATH", node_folder().join("node_modules"))
            .arg(sources().join(self.script));
        command
    }
}

fn sources() -> PathBuf {
    machine::repository().join("tests/bench/peers/render")
}

fn tools() -> PathBuf {
    machine::repository().join(".tools/bench/render")
}

fn node_folder() -> PathBuf {
    tools().join("node")
}

fn install_jinja() -> PathBuf {
    let folder = tools().join("python");
    let program = folder.join("bin/python");
    if !folder.join("done").exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder));
        run(Command::new(&program)
            .args(["-m", "pip", "install", "--quiet", "--requirement"])
            .arg(sources().join("requirements.txt")));
        std::fs::write(folder.join("done"), "").expect("the mark is written");
    }
    program
}

fn install_handlebars() -> PathBuf {
    let folder = node_folder();
    if !folder.join("node_modules/handlebars").exists() {
        std::fs::create_dir_all(&folder).expect("a folder for Node's modules");
        std::fs::copy(sources().join("package.json"), folder.join("package.json"))
            .expect("the list of modules is copied");
        run(Command::new("npm")
            .args(["install", "--silent", "--prefix"])
            .arg(&folder));
    }
    "node".into()
}

fn run(command: &mut Command) {
    let ended = command.status().expect("the program is installed");
    assert!(ended.success(), "{command:?}");
}
