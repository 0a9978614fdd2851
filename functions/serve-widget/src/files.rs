use sha2::{Digest, Sha256};

use crate::modules::{
    AGENT, AGENT_TEXTS, CHOICES, COMMON, DELAY, FACES, File, IDEMPOTENCY, LINK, MAIL_PREVIEW,
    POLLER, QUESTION, RATING, REASONS, SATISFACTION, SETTINGS_PAGE, all,
};

/// A web component that a page adds with one module.
pub(crate) struct Part {
    /// All modules that the part needs from the start.
    modules: &'static [&'static [File]],
}

/// The part for visitors.
pub(crate) const WIDGET: Part = Part {
    modules: &[COMMON, DELAY, POLLER, IDEMPOTENCY, QUESTION, RATING],
};

/// The part for agents.
pub(crate) const SIDEBAR: Part = Part {
    modules: &[
        COMMON,
        FACES,
        POLLER,
        IDEMPOTENCY,
        REASONS,
        MAIL_PREVIEW,
        AGENT_TEXTS,
        AGENT,
    ],
};

/// The satisfaction report.
pub(crate) const REPORT: Part = Part {
    modules: &[COMMON, FACES, REASONS, CHOICES, AGENT_TEXTS, SATISFACTION],
};

/// The settings page.
pub(crate) const SETTINGS: Part = Part {
    modules: &[
        COMMON,
        FACES,
        CHOICES,
        MAIL_PREVIEW,
        AGENT_TEXTS,
        QUESTION,
        SETTINGS_PAGE,
    ],
};

/// The modules of the page that the faces in a mail link to.
pub(crate) const RATE: Part = Part {
    modules: &[COMMON, DELAY, FACES, QUESTION, LINK],
};

/// The HTML of that page.
pub(crate) const RATE_PAGE: &str = include_str!("../pages/rate.html");

impl Part {
    /// Returns the module that a page loads directly. It imports each module of the part, so that
    /// the browser fetches all of them at once. Otherwise the browser would discover them one after
    /// the other.
    pub(crate) fn entry(&self, version: &str) -> String {
        self.modules
            .iter()
            .copied()
            .flatten()
            .map(|file| format!("import \"./assets/{version}/{}\";\n", file.path))
            .collect()
    }
}

/// Modules of earlier versions. Their entry modules are cached for minutes, and import each module
/// only to fetch it early.
const FORMER: [&str; 9] = [
    "report/charts.js",
    "report/details.js",
    "report/files.js",
    "report/rating.js",
    "report/source.js",
    "report/words.js",
    "sidebar/attempt.js",
    "sidebar/idempotency-key.js",
    "sidebar/moments.js",
];

/// Returns the source of the file with this name. It is empty for a file of an earlier version.
pub(crate) fn find(folder: &str, name: &str) -> Option<&'static str> {
    let is_named = |path: &str| path.split_once('/') == Some((folder, name));
    all()
        .find(|file| is_named(file.path))
        .map(|file| file.source)
        .or_else(|| FORMER.into_iter().any(is_named).then_some(""))
}

/// Returns the version of the modules, which differs between builds with different files.
pub(crate) fn version() -> String {
    let mut hash = Sha256::new();
    for file in all() {
        hash.update(file.path);
        hash.update([0]);
        hash.update(file.source);
        hash.update([0]);
    }
    written(hash)
}

/// Returns the version of the page, which differs between builds with different pages.
pub(crate) fn page_version() -> String {
    written(Sha256::new_with_prefix(RATE_PAGE))
}

fn written(hash: Sha256) -> String {
    let digest = hash.finalize();
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use settings::{Brand, MAXIMUM_REASONS, Reason, TEXT_RULES, TextRule};
    use texts::VisitorLanguage;

    use super::*;
    use crate::comments::without_comments;
    use crate::gzip::compressed;
    use crate::modules::{LANGUAGES, LINK_LANGUAGES, REPORT_LANGUAGES, SETTINGS_LANGUAGES};

    /// The size of a file as it is served.
    fn served_size(source: &str) -> usize {
        compressed(without_comments(source).as_bytes()).len()
    }

    #[test]
    fn every_file_in_the_folder_is_served() {
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
        let mut there = BTreeSet::new();
        for folder in fs::read_dir(&assets).unwrap() {
            for file in fs::read_dir(folder.unwrap().path()).unwrap() {
                let path = file.unwrap().path();
                let path = path.strip_prefix(&assets).unwrap();
                there.insert(path.to_str().unwrap().replace('\\', "/"));
            }
        }
        let served: BTreeSet<_> = all().map(|file| file.path.to_owned()).collect();
        assert_eq!(served, there);
    }

    #[test]
    fn every_import_of_a_module_is_served() {
        for file in all() {
            let (folder, _) = file.path.split_once('/').unwrap();
            let quoted = file.source.split('"').skip(1).step_by(2);
            for import in quoted.filter(|text| text.starts_with('.') && text.ends_with(".js")) {
                let found = match import.strip_prefix("../") {
                    Some(path) => path
                        .split_once('/')
                        .and_then(|(folder, name)| find(folder, name)),
                    None => find(folder, import.trim_start_matches("./")),
                };
                assert!(found.is_some(), "{} imports {import}", file.path);
            }
        }
    }

    /// The size of the files of a part, as they are served.
    fn loaded_size(part: &Part) -> usize {
        let files = part.modules.iter().copied().flatten();
        let sizes = files.map(|file| served_size(file.source));
        sizes.sum::<usize>() + served_size(&part.entry(&version()))
    }

    fn largest_size(languages: &[File]) -> usize {
        let sizes = languages.iter().map(|file| served_size(file.source));
        sizes.max().unwrap()
    }

    #[test]
    fn a_visitor_loads_less_than_25_kb_with_the_largest_language() {
        let bytes = loaded_size(&WIDGET) + largest_size(LANGUAGES);
        assert!(bytes < 25_000, "{bytes} bytes");
    }

    #[test]
    fn a_rating_page_loads_less_than_25_kb_with_the_largest_language() {
        let languages = largest_size(LANGUAGES) + largest_size(LINK_LANGUAGES);
        let bytes = loaded_size(&RATE) + languages;
        assert!(bytes < 25_000, "{bytes} bytes");
    }

    #[test]
    fn a_report_loads_less_than_47_kb_with_the_largest_language() {
        let bytes = loaded_size(&REPORT) + largest_size(REPORT_LANGUAGES);
        assert!(bytes < 47_000, "{bytes} bytes");
    }

    #[test]
    fn a_settings_page_loads_less_than_70_kb_with_the_largest_languages() {
        let languages = largest_size(LANGUAGES) + largest_size(SETTINGS_LANGUAGES);
        let bytes = loaded_size(&SETTINGS) + languages;
        assert!(bytes < 70_000, "{bytes} bytes");
    }

    #[test]
    fn the_settings_page_shows_the_built_in_subject_of_each_language() {
        let source = find("settings", "mail-subjects.js").unwrap();
        for language in VisitorLanguage::ALL {
            let code = language.as_str();
            let subject = language.mail_texts().title;
            let line = format!("  {code}: \"{subject}\",\n");
            assert!(source.contains(&line), "{line}");
        }
    }

    #[test]
    fn the_settings_page_knows_the_rules_of_the_api() {
        let source = find("settings", "rules.js").unwrap();
        let rules = [
            ("  question:", TEXT_RULES.question),
            ("  question_about:", TEXT_RULES.question_about),
            ("  thanks:", TEXT_RULES.thanks),
            ("  comment:", TEXT_RULES.comment),
            ("  mail_subject:", TEXT_RULES.mail_subject),
            ("  mail_intro:", TEXT_RULES.mail_intro),
            ("const FACE =", TEXT_RULES.face),
            ("const BRAND_NAME =", Brand::NAME),
            ("const LABEL =", Reason::LABEL),
        ];
        for (
            name,
            TextRule {
                maximum,
                placeholders,
            },
        ) in rules
        {
            let placeholders = match placeholders {
                [] => String::new(),
                names => format!(", placeholders: [\"{}\"]", names.join("\", \"")),
            };
            let rule = format!("{name} {{ maximum: {maximum}{placeholders} }}");
            assert!(source.contains(&rule), "{rule}");
        }
        let count = format!("const MAXIMUM_REASONS = {MAXIMUM_REASONS};");
        assert!(source.contains(&count));
    }

    /// The paths of the modules that the file at `path` imports when it is loaded.
    fn imports(path: &str) -> BTreeSet<String> {
        let (folder, name) = path.split_once('/').unwrap();
        let source = without_comments(find(folder, name).unwrap());
        let statements = source.split(';').filter(|text| {
            let text = text.trim_start();
            text.starts_with("import ") || text.starts_with("export ")
        });
        statements
            .filter_map(|text| text.split('"').nth(1))
            .filter_map(|import| match import.strip_prefix("../") {
                Some(path) => Some(path.to_owned()),
                None => Some(format!("{folder}/{}", import.strip_prefix("./")?)),
            })
            .collect()
    }

    #[test]
    fn a_part_loads_exactly_the_modules_that_it_imports() {
        for (part, define) in [
            (WIDGET, "rating/define.js"),
            (SIDEBAR, "sidebar/define.js"),
            (REPORT, "report/define.js"),
            (SETTINGS, "settings/define.js"),
            (RATE, "link/define.js"),
        ] {
            let mut imported = BTreeSet::from([define.to_owned()]);
            let mut unread = vec![define.to_owned()];
            while let Some(path) = unread.pop() {
                let new = imports(&path).into_iter();
                unread.extend(new.filter(|path| imported.insert(path.clone())));
            }
            let files = part.modules.iter().copied().flatten();
            let loaded: BTreeSet<_> = files.map(|file| file.path.to_owned()).collect();
            assert_eq!(loaded, imported, "{define}");
        }
    }

    #[test]
    fn modules_of_an_earlier_version_are_not_missing() {
        assert_eq!(find("report", "words.js"), Some(""));
        assert_eq!(find("report", "never.js"), None);
    }
}
