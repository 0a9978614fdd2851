//! Writes the tables into `docs/benchmarks.md`.

use std::fs;

use crate::machine;
use crate::results::Results;
use crate::section::Section;

const BEGIN: &str = "<!-- bench: begin -->\n";
const END: &str = "<!-- bench: end -->\n";

/// Replaces the tables between the page's two marks.
pub(crate) fn write_tables(results: &Results) {
    let path = machine::repository().join("docs/benchmarks.md");
    let page = fs::read_to_string(&path).expect("the page exists");
    let page = replace_tables(&page, &tables(results)).expect("the page has the two marks");
    fs::write(path, page).expect("the page is written");
}

fn tables(results: &Results) -> String {
    let mut text = String::new();
    let mut last_heading = None;
    for section in Section::ALL {
        let Some([at, on, table]) = results.measurement(section) else {
            continue;
        };
        let day = at.split('T').next().unwrap_or(at);
        let heading = format!("{day}, {on}");
        if last_heading.as_ref() != Some(&heading) {
            text += &format!("\nMeasured {heading}:\n");
        }
        text += &format!("\n{table}");
        last_heading = Some(heading);
    }
    text + "\n"
}

fn replace_tables(page: &str, tables: &str) -> Option<String> {
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
        let new = replace_tables(&page, "new\n").unwrap();
        assert_eq!(new, format!("before\n{BEGIN}new\n{END}after\n"));
        assert_eq!(replace_tables("without marks", "new\n"), None);
    }
}
