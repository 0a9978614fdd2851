use std::path::Path;

use serde_json::Value;

use crate::browser::Browser;

impl Browser {
    /// Fails if axe-core finds a serious problem on the page.
    pub(crate) async fn expect_accessible(&self, what: &str) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let axe = root.join(".tools/node_modules/axe-core/axe.min.js");
        let axe = std::fs::read_to_string(axe)
            .expect("axe-core is installed: npm install --prefix .tools axe-core");
        let script = format!(
            "{axe}; return axe.run(document, {{ resultTypes: ['violations'], iframes: false }});"
        );
        let found = self.run(&script, vec![]).await;
        let serious: Vec<String> = found["violations"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|violation| {
                ["serious", "critical"].contains(&violation["impact"].as_str().unwrap_or_default())
            })
            .map(describe)
            .collect();
        assert!(serious.is_empty(), "{what}:\n{}", serious.join("\n"));
    }
}

fn describe(violation: &Value) -> String {
    let nodes = violation["nodes"].as_array().into_iter().flatten();
    let places: Vec<String> = nodes
        .map(|node| format!("  {}\n  {}", node["target"], node["failureSummary"]))
        .collect();
    format!("{}\n{}", violation["help"], places.join("\n"))
}
