//! The documentation: its links, its anchors, the files that it names, and the length of the README.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::repository::{files_below, root};

/// The pages of the repository: `docs/` with all below it, and these.
const PAGES: [&str; 8] = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs",
    "infra/README.md",
    "tests/README.md",
    "tests/bench/README.md",
];

/// Folders that a build or a run creates. A page may name them, although they are not in the repository.
const GENERATED: [&str; 4] = ["target", ".tools", ".local", "node_modules"];

struct Page {
    /// Its path below the repository's root.
    path: PathBuf,
    text: String,
}

fn pages() -> Vec<Page> {
    let paths = PAGES.map(Path::new).into_iter().flat_map(|path| {
        if root().join(path).is_dir() {
            files_below(path, "md")
        } else {
            vec![path.to_owned()]
        }
    });
    let page = |path: PathBuf| Page {
        text: fs::read_to_string(root().join(&path))
            .unwrap_or_else(|error| panic!("{}: {error}", path.display())),
        path,
    };
    paths.map(page).collect()
}

impl Page {
    fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// The lines outside of code blocks.
    fn prose(&self) -> impl Iterator<Item = &str> {
        let mut is_code = false;
        self.text.lines().filter(move |line| {
            let is_fence = line.trim_start().starts_with("```");
            is_code ^= is_fence;
            !is_code && !is_fence
        })
    }

    /// The anchors that GitHub gives the headings.
    fn anchors(&self) -> BTreeSet<String> {
        let mut anchors = BTreeSet::new();
        for heading in self.prose().filter(|line| line.starts_with('#')) {
            let anchor = anchor(heading.trim_start_matches('#'));
            let numbered = (1..).map(|number| format!("{anchor}-{number}"));
            let mut candidates = std::iter::once(anchor.clone()).chain(numbered);
            anchors.extend(candidates.find(|candidate| !anchors.contains(candidate)));
        }
        anchors
    }

    /// The texts and targets of the links and images.
    fn links(&self) -> Vec<(String, String)> {
        // A link may begin in one line and end in the next one.
        let prose = self.prose().collect::<Vec<_>>().join("\n");
        let mut links = Vec::new();
        for (index, _) in prose.match_indices("](") {
            let text = prose[..index].rsplit('[').next().unwrap_or_default();
            let target = prose[index + 2..].split(')').next().unwrap_or_default();
            links.push((text.to_owned(), target.to_owned()));
        }
        links
    }

    /// The path of `target`, which is relative to this page.
    fn resolve(&self, target: &str) -> PathBuf {
        let folder = self.path.parent().unwrap();
        root().join(folder).join(target)
    }
}

/// The anchor of a heading: lower case, no punctuation, hyphens instead of spaces.
fn anchor(heading: &str) -> String {
    let heading = heading.trim().to_lowercase();
    let characters = heading
        .chars()
        .filter(|character| character.is_alphanumeric() || matches!(character, ' ' | '-' | '_'));
    characters
        .map(|character| if character == ' ' { '-' } else { character })
        .collect()
}

fn is_external(target: &str) -> bool {
    target.starts_with("https://") || target.starts_with("http://")
}

#[test]
fn every_link_leads_to_a_file_and_every_anchor_to_a_heading() {
    let pages = pages();
    let mut broken = Vec::new();
    let mut checked = 0;
    for page in &pages {
        for (_, target) in page.links() {
            if is_external(&target) {
                continue;
            }
            checked += 1;
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let linked = match file {
                "" => root().join(&page.path),
                file => page.resolve(file),
            };
            let is_right = match (linked.canonicalize(), anchor) {
                (Err(_), _) => false,
                (Ok(_), "") => true,
                (Ok(linked), anchor) => pages
                    .iter()
                    .filter(|it| root().join(&it.path).canonicalize().unwrap() == linked)
                    .any(|it| it.anchors().contains(anchor)),
            };
            if !is_right {
                broken.push(format!("{}: {target}", page.name()));
            }
        }
    }
    assert!(checked > 100, "only {checked} links were found");
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_test_named_in_a_link_exists_in_the_linked_file() {
    let mut named = 0;
    for page in pages() {
        for (text, target) in page.links() {
            let name = text.trim_matches('`');
            if name == text || is_external(&target) || !target.ends_with(".rs") {
                continue;
            }
            named += 1;
            let file = fs::read_to_string(page.resolve(&target)).unwrap();
            let is_there = file.contains(&format!("fn {name}("));
            assert!(is_there, "{}: {target} has no {name}", page.name());
        }
    }
    assert!(named >= 4, "the README names a test for each guarantee");
}

/// Whether `text` looks like a path of this repository, relative to `folder` or to the root.
fn is_path(text: &str, folder: &Path) -> bool {
    let is_plain = text
        .chars()
        .all(|it| it.is_ascii_alphanumeric() || matches!(it, '/' | '.' | '_' | '-'));
    let Some((first, _)) = text.split_once('/') else {
        return false;
    };
    let is_folder = |folder: &Path| folder.join(first).is_dir();
    is_plain
        && !first.is_empty()
        && !GENERATED.contains(&first)
        && (is_folder(folder) || is_folder(&root()))
}

#[test]
fn every_file_that_a_page_names_exists() {
    let mut missing = Vec::new();
    let mut checked = 0;
    for page in pages() {
        let folder = root().join(page.path.parent().unwrap());
        let prose = page.prose().collect::<Vec<_>>().join("\n");
        for text in prose.split('`').skip(1).step_by(2) {
            // A command names its program first, and a test its file before `::`.
            let text = text.split([' ', '\n']).next().unwrap_or_default();
            if text.contains("::") || !is_path(text, &folder) {
                continue;
            }
            checked += 1;
            if !root().join(text).exists() && !folder.join(text).exists() {
                missing.push(format!("{}: {text}", page.name()));
            }
        }
    }
    assert!(checked > 50, "only {checked} names were found");
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_page_is_linked_from_another_one() {
    let pages = pages();
    let linked: BTreeSet<PathBuf> = pages
        .iter()
        .flat_map(|page| page.links().into_iter().map(move |(_, it)| (page, it)))
        .filter(|(_, target)| !is_external(target))
        .filter_map(|(page, target)| {
            let file = target.split('#').next().unwrap_or_default().to_owned();
            page.resolve(&file).canonicalize().ok()
        })
        .collect();
    // Readers start at the README, so no page needs to link to it.
    let others = pages.iter().filter(|it| it.path != Path::new("README.md"));
    for page in others {
        let path = root().join(&page.path).canonicalize().unwrap();
        assert!(linked.contains(&path), "no page links {}", page.name());
    }
}

#[test]
fn the_readme_has_at_most_200_lines() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let lines = readme.lines().count();
    assert!(lines <= 200, "{lines} lines");
}

#[test]
fn the_readmes_benchmarks_are_those_of_the_latest_run() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let run = fs::read_to_string(root().join("docs/benchmarks.md")).unwrap();
    let measured: BTreeSet<&str> = run.split(['|', ' ', '\n']).map(str::trim).collect();
    let (_, section) = readme.split_once("\n## Benchmarks\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let mut numbers = 0;
    for row in section.lines().filter(|line| line.starts_with('|')).skip(2) {
        let cells = row.trim_matches('|').split('|').skip(1);
        for word in cells.flat_map(str::split_whitespace) {
            let word = word.trim_matches(',');
            if word.starts_with(|first: char| first.is_ascii_digit()) {
                numbers += 1;
                assert!(measured.contains(word), "{word} is not in {row}'s run");
            }
        }
    }
    assert!(numbers >= 12, "{numbers} numbers");
}
