//! Writes JavaScript values in the format of Biome, so that generated modules pass its check.

/// The maximum number of columns of a line, as in `biome.json`.
const LINE_WIDTH: usize = 120;

/// A value in a module.
pub(crate) enum Value {
    Text(&'static str),
    List(Vec<&'static str>),
    Group(Vec<(&'static str, Value)>),
}

impl Value {
    /// Returns the value as code. `before` is the code before it on its line, and `indent` is the
    /// indentation of that line.
    pub(crate) fn code(&self, before: &str, indent: usize) -> String {
        let inner = " ".repeat(indent + 2);
        let outer = " ".repeat(indent);
        match self {
            Self::Text(text) => {
                let text = literal(text);
                let line = indent + columns(before) + columns(&text) + 1;
                if line > LINE_WIDTH {
                    format!("{}\n{inner}{text}", before.trim_end())
                } else {
                    format!("{before}{text}")
                }
            }
            Self::List(items) => {
                let items: Vec<_> = items.iter().map(|text| literal(text)).collect();
                let line = format!("{before}[{}]", items.join(", "));
                if indent + columns(&line) + 1 > LINE_WIDTH {
                    let lines: String = items
                        .iter()
                        .map(|item| format!("{inner}{item},\n"))
                        .collect();
                    format!("{before}[\n{lines}{outer}]")
                } else {
                    line
                }
            }
            Self::Group(members) => {
                let lines: String = members
                    .iter()
                    .map(|(name, value)| {
                        let member = value.code(&format!("{name}: "), indent + 2);
                        format!("{inner}{member},\n")
                    })
                    .collect();
                format!("{before}{{\n{lines}{outer}}}")
            }
        }
    }
}

/// Returns a string literal. Soft hyphens are escaped, because they are invisible.
fn literal(text: &str) -> String {
    assert!(
        !text.contains(['"', '\\', '\n']),
        "{text} needs escape sequences"
    );
    format!("\"{}\"", text.replace('\u{AD}', "\\u00AD"))
}

/// How many columns Biome counts for a text.
fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// The width of a character of the languages: 0 for marks above and below others, 2 for the characters
/// of East Asia, 1 for the rest.
fn width(character: char) -> usize {
    match character {
        // Arabic and Hebrew vowels.
        '\u{591}'..='\u{5BD}' | '\u{64B}'..='\u{65F}' => 0,
        // Hindi vowel signs that have no width of their own.
        '\u{900}'..='\u{902}' | '\u{93C}' | '\u{941}'..='\u{948}' | '\u{94D}' => 0,
        '\u{3000}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}' => 2,
        '\u{AC00}'..='\u{D7A3}' | '\u{FF00}'..='\u{FF60}' => 2,
        _ => 1,
    }
}
