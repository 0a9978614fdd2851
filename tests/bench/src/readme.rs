//! The README's tables of one run.

use std::fs;

use crate::machine;
use crate::results::Results;
use crate::section::Section;

const BEGIN: &str = "<!-- bench: begin -->\n";
const END: &str = "<!-- bench: end -->\n";

/// Puts the tables between the README's two marks.
pub(crate) fn put(results: &Results) {
    let path = machine::repository().join("README.md");
    let readme = fs::read_to_string(&path).expect("there is a README");
    let readme = replaced(&readme, &tables(results)).expect("the README has the two marks");
    fs::write(path, readme).expect("the README is written");
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

fn replaced(readme: &str, tables: &str) -> Option<String> {
    let (before, rest) = readme.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}{tables}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_the_tables_stays() {
        let readme = format!("before\n{BEGIN}old\n{END}after\n");
        let new = replaced(&readme, "new\n").unwrap();
        assert_eq!(new, format!("before\n{BEGIN}new\n{END}after\n"));
        assert_eq!(replaced("without marks", "new\n"), None);
    }
}
