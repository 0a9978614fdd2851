//! What is said of attacks in `tests/README.md`, and what must never be deployed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use local::{Deployment, Options};
use tests::Stack;

const README: &str = include_str!("../README.md");

/// The rows of the section on hostile input: attack, where it is tried, what it gets.
fn attacks() -> Vec<[&'static str; 3]> {
    let (_, section) = README
        .split_once("\n## Hostile input\n")
        .expect("a section");
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with('|'));
    // The first two are the heading and its underline.
    let rows = rows.skip(2).map(|row| {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        cells
            .try_into()
            .unwrap_or_else(|_| panic!("three cells: {row}"))
    });
    rows.collect()
}

/// What stands between backticks in `cell`.
fn names(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
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
fn every_attack_in_the_list_is_tried_where_the_list_says() {
    let attacks = attacks();
    assert!(attacks.len() > 40, "{} attacks", attacks.len());
    let targets = fuzz_targets();
    for [attack, tried, gets] in attacks {
        assert!(!attack.is_empty() && !gets.is_empty(), "{attack}");
        let mut places = names(tried).peekable();
        assert!(places.peek().is_some(), "{attack} is tried nowhere");
        for place in places {
            let is_there = match place.strip_prefix("fuzz ") {
                Some(target) => targets.contains(target),
                None => place == "schemathesis" || is_a_test(place),
            };
            assert!(is_there, "{attack}: there is no {place}");
        }
    }
}

#[test]
fn every_fuzz_target_is_in_the_list_and_has_a_corpus() {
    let attacks = attacks();
    for target in fuzz_targets() {
        let name = format!("`fuzz {target}`");
        let mut cells = attacks.iter().map(|[_, tried, _]| tried);
        assert!(
            cells.any(|tried| tried.contains(&name)),
            "{name} is in no row"
        );
        let corpus = root().join(format!("tests/fuzz/corpus/{target}.tar.gz"));
        assert!(fs::metadata(corpus).unwrap().len() > 1_000, "{target}");
    }
}

#[test]
fn what_is_for_trying_is_not_deployed() {
    let deployment = Deployment::load(&Options::default()).unwrap();
    for route in deployment.routes() {
        let is_public = route.path == "/rate" || route.path.starts_with("/v1/");
        assert!(is_public, "{}", route.key());
    }
    for file in ["infra/template.yaml", "infra/openapi.yaml"] {
        let text = fs::read_to_string(root().join(file)).unwrap();
        assert!(!text.contains("/dev/"), "{file}");
    }
    // No function links the server that has these routes.
    for function in fs::read_dir(root().join("functions")).unwrap() {
        let manifest = function.unwrap().path().join("Cargo.toml");
        let manifest = fs::read_to_string(manifest).unwrap();
        assert!(!manifest.contains("local"), "{manifest}");
    }
}

#[tokio::test]
async fn only_the_routes_that_need_none_do_without_a_token_of_an_agent() {
    let stack = Stack::start().await;
    let deployment = Deployment::load(&Options::default()).unwrap();
    let mut open = BTreeSet::new();
    for route in deployment.routes() {
        let method = route.method.parse().unwrap();
        let request = stack
            .nobody()
            .request(method, &route.path.replace(['{', '}'], ""));
        let status = tests::Reply::of(request).await.status;
        let asks_for_an_agent = route.scopes.is_some();
        assert_eq!(
            status == 401,
            asks_for_an_agent || route.path.contains("/visitor/")
        );
        if !asks_for_an_agent {
            open.insert(route.path.as_str());
        }
    }
    let of_files = |path: &&&str| path.ends_with(".js") || path.starts_with("/v1/assets/");
    let others: Vec<_> = open.iter().filter(|path| !of_files(path)).collect();
    assert_eq!(
        others,
        [
            &"/rate",
            &"/v1/visitor/rating-request",
            &"/v1/visitor/rating-requests/{rating_request_id}/rating",
        ]
    );
}
