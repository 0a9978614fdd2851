use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::machine;
use crate::report::Report;
use crate::section::Section;

/// The results by section, in `target/bench.json`. A run of some sections does not change the others.
#[derive(Debug)]
pub(crate) struct Results(Value);

impl Results {
    /// The results of earlier runs, or none.
    pub(crate) fn load() -> Self {
        let text = fs::read_to_string(path()).ok();
        let json = text.and_then(|text| serde_json::from_str(&text).ok());
        Self(json.unwrap_or_else(|| json!({})))
    }

    pub(crate) fn put(&mut self, section: Section, report: &Report) {
        let name = section.name();
        self.0[name] = report.to_json();
        self.0["measured"][name] = json!({
            "at": machine::now().to_string(),
            "on": machine::description(),
            "table": report.to_string(),
        });
    }

    /// The results of a section, if it was measured.
    pub(crate) fn section(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// The time of a section's measurement, the machine, and the table.
    pub(crate) fn measurement(&self, section: Section) -> Option<[&str; 3]> {
        let measured = &self.0["measured"][section.name()];
        let [at, on, table] = ["at", "on", "table"].map(|member| measured[member].as_str());
        Some([at?, on?, table?])
    }

    pub(crate) fn save(&self) {
        let text = serde_json::to_string_pretty(&self.0).expect("results are JSON");
        let path = path();
        fs::create_dir_all(path.parent().expect("the path has a folder"))
            .expect("the folder exists");
        fs::write(path, text + "\n").expect("the results are written");
    }
}

fn path() -> PathBuf {
    machine::target().join("bench.json")
}
