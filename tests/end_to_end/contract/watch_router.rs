use std::collections::BTreeSet;
use std::process::Command;

use local::Deployment;
use serde_json::Value;
use tests::Stack;

/// The manifest of the workspace, as cargo reads it.
fn metadata() -> Value {
    let metadata = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(metadata.status.success());
    serde_json::from_slice(&metadata.stdout).unwrap()
}

#[test]
fn cargo_lambda_watch_has_the_same_routes_as_the_gateway() {
    let metadata = metadata();
    let router = &metadata["metadata"]["lambda"]["watch"]["router"];
    let router = router
        .as_object()
        .expect("the manifest configures a router");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let watched: BTreeSet<_> = router
        .iter()
        .flat_map(|(path, routes)| {
            let routes = routes.as_array().unwrap().iter();
            routes.map(|route| {
                (
                    path.clone(),
                    text(&route["method"]),
                    text(&route["function"]),
                )
            })
        })
        .collect();
    let deployment = Deployment::load(&Stack::options()).unwrap();
    let deployed = deployment
        .routes()
        .iter()
        .map(|route| {
            (
                route.path.clone(),
                route.method.clone(),
                route.function.clone(),
            )
        })
        .collect();
    assert_eq!(watched, deployed);
}
