use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::{env, fmt::Write, fs};

use local::Deployment;
use tests::Stack;

use crate::repository::root;

/// The header of the table in the workspace's manifest.
const TABLE: &str = "[workspace.metadata.lambda.watch.router]\n";

/// Names the variable that makes the test write the routes instead of comparing them.
const REWRITE: &str = "REWRITE_MANIFEST";

fn manifest() -> PathBuf {
    root().join("Cargo.toml")
}

/// The routes of the template as the table's lines.
fn router() -> String {
    let deployment = Deployment::load(&Stack::options()).unwrap();
    let mut paths = BTreeMap::<_, BTreeSet<_>>::new();
    for route in deployment.routes() {
        let targets = paths.entry(&route.path).or_default();
        targets.insert((&route.method, &route.function));
    }
    assert!(!paths.is_empty());
    let mut lines = String::new();
    for (path, targets) in paths {
        writeln!(lines, "\"{path}\" = [").unwrap();
        for (method, function) in targets {
            writeln!(
                lines,
                "    {{ method = \"{method}\", function = \"{function}\" }},"
            )
            .unwrap();
        }
        writeln!(lines, "]").unwrap();
    }
    lines
}

#[test]
fn cargo_lambda_watch_has_the_same_routes_as_the_gateway() {
    let manifest_text = fs::read_to_string(manifest()).unwrap();
    let (before, table) = manifest_text.split_once(TABLE).unwrap();
    let (routes, after) = table.split_once("\n\n").unwrap();
    let router = router();
    if env::var_os(REWRITE).is_some() {
        fs::write(manifest(), format!("{before}{TABLE}{router}\n{after}")).unwrap();
        return;
    }
    assert_eq!(
        format!("{routes}\n"),
        router,
        "Cargo.toml differs from infra/template.yaml. Write the routes with {REWRITE}=1."
    );
}
