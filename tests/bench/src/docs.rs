//! The tables of one run in `docs/benchmarks.md`.

use std::fs;

use crate::machine;
use crate::results::Results;
use crate::section::Section;

const BEGIN: &str = "<!-- bench: begin -->\n";
const END: &str = "<!-- bench: end -->\n";

/// Replaces the tables between the page's two marks.
pub(crate) fn put(results: &Results) {
    let path = machine::repository().join("docs/benchmarks.md");
    let page = fs::read_to_string(&path).expect("the page exists");
    let page = replaced(&page, &tables(results)).expect("the page has the two marks");
    fs::write(path, page).expect("the page is written");
}

fn tables(results: &Results) -> String {
    let mut text = String::new();
    let mut told = None;
    for section in Section::ALL {
        let Some([at, on, table]) = results.told(section) else {
            continue;
        };
        let day = at.split('T').next().unwrap_or(at);
        let when = format!("{day}, {on}");
        if told.as_ref() != Some(&when) {
            text += &format!("\nMeasured {when}:\n");
        }
        text += &format!("\n{table}");
        told = Some(when);
    }
    text + "\n"
}

fn replaced(page: &str, tables: &str) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}{tables}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_around_the_tables_is_not_changed() {
        let page = format!("before\n{BEGIN}old\n{END}after\n");
        let new = replaced(&page, "new\n").unwrap();
        assert_eq!(new, format!("before\n{BEGIN}new\n{END}after\n"));
        assert_eq!(replaced("without marks", "new\n"), None);
    }
}
