//! The attacks that `docs/reliability.md` lists, and the routes that must never be deployed.

use std::collections::BTreeSet;
use std::fs;

use local::{Deployment, Options};
use tests::Stack;

use crate::repository::root;

const PAGE: &str = include_str!("../../docs/reliability.md");

/// The rows of the section "Attacks": the attack, its tests, its result.
fn attacks() -> Vec<[&'static str; 3]> {
    let (_, section) = PAGE
        .split_once("\n## Attacks\n")
        .expect("the page has the section");
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with('|'));
    // The first two are the heading and its underline.
    let rows = rows.skip(2).map(|row| {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        cells
            .try_into()
            .unwrap_or_else(|_| panic!("the row does not have three cells: {row}"))
    });
    rows.collect()
}

/// The texts between backticks in `cell`.
fn names(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// Whether there is a file with a test of this name: `tests/browser/sidebar.rs` for
/// `browser/sidebar::name`, `functions/…`, `shared/…` and `infra/…` likewise, and
/// `tests/end_to_end/callers.rs` for `callers::name`.
fn is_a_test(name: &str) -> bool {
    let (file, test) = name.rsplit_once("::").expect("a file and a test");
    let folders = ["tests/end_to_end", "tests", "."];
    let files = folders.map(|folder| root().join(folder).join(format!("{file}.rs")));
    let texts = files
        .iter()
        .filter_map(|file| fs::read_to_string(file).ok());
    let declared = format!("fn {test}(");
    texts.into_iter().any(|text| {
        let place = text.find(&declared);
        place.is_some_and(|place| {
            let before = text[..place].lines().rev().take(3).map(str::trim_start);
            before
                .into_iter()
                .any(|line| line.starts_with("#[") && line.contains("test"))
        })
    })
}

fn fuzz_targets() -> BTreeSet<String> {
    let files = fs::read_dir(root().join("tests/fuzz/fuzz_targets")).unwrap();
    let names = files.map(|file| file.unwrap().path());
    let names = names.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned());
    names.collect()
}

#[test]
fn every_test_in_the_list_of_attacks_exists() {
    let attacks = attacks();
    assert!(attacks.len() > 40, "{} attacks", attacks.len());
    let targets = fuzz_targets();
    for [attack, tests, result] in attacks {
        assert!(!attack.is_empty() && !result.is_empty(), "{attack}");
        let mut test_names = names(tests).peekable();
        assert!(test_names.peek().is_some(), "{attack} has no test");
        for name in test_names {
            let exists = match name.strip_prefix("fuzz ") {
                Some(target) => targets.contains(target),
                None => name == "schemathesis" || is_a_test(name),
            };
            assert!(exists, "{attack}: there is no {name}");
        }
    }
}

#[test]
fn every_fuzz_target_is_in_the_list_of_attacks_and_has_a_corpus() {
    let attacks = attacks();
    for target in fuzz_targets() {
        let name = format!("`fuzz {target}`");
        let mut cells = attacks.iter().map(|[_, tests, _]| tests);
        assert!(
            cells.any(|tests| tests.contains(&name)),
            "{name} is in no row"
        );
        let corpus = root().join(format!("tests/fuzz/corpus/{target}.tar.gz"));
        assert!(fs::metadata(corpus).unwrap().len() > 1_000, "{target}");
    }
}

#[test]
fn the_dev_routes_are_not_deployed() {
    let deployment = Deployment::load(&Options::default()).unwrap();
    for route in deployment.routes() {
        let is_public = route.path == "/rate" || route.path.starts_with("/v1/");
        assert!(is_public, "{}", route.key());
    }
    for file in ["infra/template.yaml", "infra/openapi.yaml"] {
        let text = fs::read_to_string(root().join(file)).unwrap();
        assert!(!text.contains("/dev/"), "{file}");
    }
    // No function depends on the local server, which has these routes.
    for function in fs::read_dir(root().join("functions")).unwrap() {
        let manifest = function.unwrap().path().join("Cargo.toml");
        let manifest = fs::read_to_string(manifest).unwrap();
        assert!(!manifest.contains("local"), "{manifest}");
    }
}

#[tokio::test]
async fn every_route_except_those_for_visitors_and_files_requires_an_agents_token() {
    let stack = Stack::start().await;
    let deployment = Deployment::load(&Options::default()).unwrap();
    let mut without_scope = BTreeSet::new();
    for route in deployment.routes() {
        let method = route.method.parse().unwrap();
        let request = stack
            .nobody()
            .request(method, &route.path.replace(['{', '}'], ""));
        let status = tests::Reply::of(request).await.status;
        let requires_agent = route.scopes.is_some();
        assert_eq!(
            status == 401,
            requires_agent || route.path.contains("/visitor/")
        );
        if !requires_agent {
            without_scope.insert(route.path.as_str());
        }
    }
    let of_files = |path: &&&str| path.ends_with(".js") || path.starts_with("/v1/assets/");
    let others: Vec<_> = without_scope
        .iter()
        .filter(|path| !of_files(path))
        .collect();
    assert_eq!(
        others,
        [
            &"/rate",
            &"/v1/hooks/chatwoot/{connection_id}/{key}",
            &"/v1/visitor/rating-request",
            &"/v1/visitor/rating-requests/{rating_request_id}",
            &"/v1/visitor/rating-requests/{rating_request_id}/rating",
            &"/v1/visitor/transcripts",
        ]
    );
}
