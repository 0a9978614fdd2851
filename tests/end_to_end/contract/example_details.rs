//! The examples of problems have the sentences that the functions return.

use std::fs;
use std::path::Path;

use tests::Contract;

use crate::repository::{files_below, root};

/// A sentence in the source: its fixed parts in order, between the values that are inserted.
struct Sentence(Vec<String>);

impl Sentence {
    fn matches(&self, text: &str) -> bool {
        let [first, middle @ .., last] = &*self.0 else {
            return self.0 == [text];
        };
        let Some(mut rest) = text.strip_prefix(&**first) else {
            return false;
        };
        for part in middle {
            let Some((_, after)) = rest.split_once(&**part) else {
                return false;
            };
            rest = after;
        }
        rest.ends_with(&**last)
    }

    /// Whether so much of it is fixed that it is a sentence, and not a way to join two texts.
    fn is_specific(&self) -> bool {
        self.0.iter().map(String::len).sum::<usize>() >= 10
    }
}

/// The string literals of a source file.
fn sentences(source: &str) -> Vec<Sentence> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some((_, after)) = rest.split_once('"') {
        let mut literal = String::new();
        let mut characters = after.char_indices();
        let mut end = after.len();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    end = at + 1;
                    break;
                }
                '\\' => literal.extend(characters.next().map(|(_, escaped)| escaped)),
                _ => literal.push(character),
            }
        }
        rest = after.get(end..).unwrap_or_default();
        // A literal that is not a format string can contain single braces.
        found.push(Sentence(vec![literal.clone()]));
        let literal = literal.replace("{{", "\u{1}").replace("}}", "\u{2}");
        let parts = literal.split('{').enumerate().map(|(number, part)| {
            let fixed = if number == 0 {
                part
            } else {
                part.split_once('}').map_or(part, |(_, fixed)| fixed)
            };
            fixed.replace('\u{1}', "{").replace('\u{2}', "}")
        });
        found.push(Sentence(parts.collect()));
    }
    found
}

#[test]
fn the_detail_of_every_example_is_a_sentence_of_the_functions() {
    let files = ["functions", "shared"].map(|folder| files_below(Path::new(folder), "rs"));
    let known: Vec<_> = files
        .iter()
        .flatten()
        .flat_map(|file| sentences(&fs::read_to_string(root().join(file)).unwrap()))
        .filter(Sentence::is_specific)
        .collect();
    let is_known = |text: &str| known.iter().any(|sentence| sentence.matches(text));
    for example in Contract::load().example_problems() {
        let detail = example["detail"].as_str().unwrap();
        // For an invalid field: its path and the rule.
        let rule = detail
            .split_once(' ')
            .map(|(_, rule)| rule.trim_end_matches('.'));
        assert!(is_known(detail) || rule.is_some_and(is_known), "{detail}");
    }
}
