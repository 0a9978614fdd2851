use csv::{Terminator, WriterBuilder};
use errors::Fault;
use lambda::http::ResponseBudget;

/// A CSV table (RFC 4180). Spreadsheet programs do not interpret its cells as formulas.
#[derive(Debug)]
pub(crate) struct CsvTable {
    text: String,
    budget: ResponseBudget,
}

/// The content of a cell.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    /// A number, a constant word or nothing. It is written unchanged.
    Plain(String),
    /// Text that a person wrote. Formulas in it are escaped.
    Text(String),
}

impl Cell {
    /// Creates a plain cell, which is empty if there is no value.
    pub(crate) fn optional(value: Option<impl ToString>) -> Self {
        Self::Plain(value.map_or_else(String::new, |value| value.to_string()))
    }

    /// Creates a cell with text that a person wrote. It is empty if there is no text.
    pub(crate) fn text(text: Option<&(impl ToString + ?Sized)>) -> Self {
        Self::Text(text.map_or_else(String::new, ToString::to_string))
    }

    pub(crate) fn plain(value: impl ToString) -> Self {
        Self::Plain(value.to_string())
    }

    /// Creates a cell with a list of texts: a line of CSV without its end. A text that contains a comma
    /// or a quotation mark is quoted, so no two lists have the same text.
    pub(crate) fn list<'a>(texts: impl Iterator<Item = &'a str>) -> Result<Self, Fault> {
        let mut texts = texts.peekable();
        // A line with no fields does not exist in CSV.
        if texts.peek().is_none() {
            return Ok(Self::Plain(String::new()));
        }
        let line = written_record(texts)?;
        Ok(Self::Text(line.trim_end_matches(['\r', '\n']).to_owned()))
    }

    fn into_written(self) -> String {
        match self {
            Self::Plain(text) => text,
            Self::Text(text) => escape_formula(&text),
        }
    }
}

impl CsvTable {
    /// Creates a table with these columns and no rows.
    pub(crate) fn new(columns: &[&str]) -> Result<Self, Fault> {
        let mut table = Self {
            text: String::new(),
            budget: ResponseBudget::of_body(),
        };
        table.push(columns.iter().copied().map(Cell::plain).collect())?;
        Ok(table)
    }

    /// Appends a row. Returns false if the table has no room for it.
    pub(crate) fn push(&mut self, cells: Vec<Cell>) -> Result<bool, Fault> {
        let row = written(cells)?;
        let has_room = self.budget.take(&row);
        if has_room {
            self.text.push_str(&row);
        }
        Ok(has_room)
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

fn written(cells: Vec<Cell>) -> Result<String, Fault> {
    written_record(cells.into_iter().map(Cell::into_written))
}

fn written_record(fields: impl Iterator<Item = impl AsRef<[u8]>>) -> Result<String, Fault> {
    let failed = || Fault::internal("a row cannot be written as CSV");
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .buffer_capacity(256)
        .from_writer(Vec::new());
    writer.write_record(fields).map_err(|_| failed())?;
    let bytes = writer.into_inner().map_err(|_| failed())?;
    String::from_utf8(bytes).map_err(|_| failed())
}

/// Inserts an apostrophe before every character that could begin a formula. A formula can begin at
/// the start of `text`. It can also begin after a line break, a tab or a semicolon, because a
/// program with other separators starts another cell there. Spaces and quotation marks before a
/// formula do not disable it.
///
/// The characters are those of OWASP's "CSV Injection", with their full-width forms.
fn escape_formula(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 1);
    let mut begins_cell = true;
    let mut characters = text.chars().peekable();
    if matches!(characters.peek(), Some('\t' | '\r' | '\n')) {
        written.push('\'');
    }
    for character in characters {
        if begins_cell && begins_formula(character) {
            written.push('\'');
        }
        begins_cell = match character {
            '\t' | '\r' | '\n' | ';' => true,
            _ => begins_cell && is_skipped(character),
        };
        written.push(character);
    }
    written
}

fn begins_formula(character: char) -> bool {
    matches!(
        character,
        '=' | '+' | '-' | '@' | '\u{FF1D}' | '\u{FF0B}' | '\u{FF0D}' | '\u{FF20}'
    )
}

/// Whether a program may skip `character` at the start of a cell.
fn is_skipped(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(
            character,
            '"' | '\'' | '\u{FEFF}' | '\u{200B}'..='\u{200F}' | '\u{2060}'
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn text_that_begins_a_formula_is_escaped() {
        for (text, expected) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t'=1"),
            ("\rx", "'\rx"),
            ("\nx", "'\nx"),
            ("＝1", "'＝1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠x", "'＠x"),
            ("\"=1", "\"'=1"),
            ("' =1", "' '=1"),
            ("  =1", "  '=1"),
            ("\u{FEFF}=1", "\u{FEFF}'=1"),
            ("fine;=1", "fine;'=1"),
            ("fine\n=1", "fine\n'=1"),
            ("fine\t\" @x", "fine\t\" '@x"),
        ] {
            assert_eq!(escape_formula(text), expected, "{text:?}");
        }
    }

    #[test]
    fn other_text_is_unchanged() {
        for text in [
            "",
            "Quick and kind.",
            "1-2",
            "a=b",
            "so, -1 for the wait",
            "jo@example.org",
            "5 + 5",
            "😊 = good",
        ] {
            assert_eq!(escape_formula(text), text);
        }
    }

    fn read_back(text: &str) -> Vec<Vec<String>> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows = reader.records().map(|row| {
            let row = row.unwrap();
            row.iter().map(str::to_owned).collect()
        });
        rows.collect()
    }

    #[test]
    fn lines_end_with_crlf_and_cells_are_quoted_only_if_needed() {
        let mut table = CsvTable::new(&["a", "b"]).unwrap();
        let row = vec![Cell::plain(-1.5), Cell::Text("say \"hi\",\nJo".to_owned())];
        assert!(table.push(row).unwrap());
        let expected = "a,b\r\n-1.5,\"say \"\"hi\"\",\nJo\"\r\n";
        assert_eq!(table.into_text(), expected);
    }

    #[test]
    fn a_list_in_one_cell_is_a_line_of_csv() {
        for (values, expected) in [
            (&[][..], ""),
            (&["vip"], "vip"),
            (&["billing", "größe L"], "billing,größe L"),
            (
                &["a, b", "say \"hi\"", " c"],
                "\"a, b\",\"say \"\"hi\"\"\", c",
            ),
        ] {
            let list = Cell::list(values.iter().copied()).unwrap();
            let written = list.into_written();
            assert_eq!(written, expected);
            let mut reader = csv::ReaderBuilder::new();
            let mut reader = reader.has_headers(false).from_reader(written.as_bytes());
            let read = reader.records().flat_map(|row| {
                let row = row.unwrap();
                row.iter().map(str::to_owned).collect::<Vec<_>>()
            });
            assert_eq!(read.collect::<Vec<_>>(), values);
        }
    }

    #[test]
    fn a_row_that_does_not_fit_is_not_added() {
        let mut table = CsvTable::new(&["a"]).unwrap();
        let row = || vec![Cell::Text("\"".repeat(1_000_000))];
        assert!(table.push(row()).unwrap());
        // CSV doubles each quotation mark, and Lambda requires the body to be escaped as well.
        assert!(!table.push(row()).unwrap());
        assert_eq!(read_back(&table.into_text()).len(), 1);
    }

    proptest! {
        #[test]
        fn a_parser_reads_back_each_cell(
            rows in prop::collection::vec(prop::array::uniform2(any::<String>()), 1..5),
        ) {
            let mut table = CsvTable::new(&["a", "b"]).unwrap();
            for row in &rows {
                table.push(row.iter().cloned().map(Cell::Text).collect()).unwrap();
            }
            let expected: Vec<Vec<_>> = rows
                .iter()
                .map(|row| row.iter().map(|cell| escape_formula(cell)).collect())
                .collect();
            prop_assert_eq!(read_back(&table.into_text()), expected);
        }

        #[test]
        fn no_cell_begins_with_a_formula(text in "[=+@\\-\t\r\n;\"' a＝－]{0,12}") {
            let escape_formula = escape_formula(&text);
            for cell in escape_formula.split(['\t', '\r', '\n', ';']) {
                let rest = cell.trim_start_matches(is_skipped);
                let skipped = &cell[..cell.len() - rest.len()];
                if rest.starts_with(begins_formula) {
                    prop_assert!(skipped.ends_with('\''), "{escape_formula:?}");
                }
            }
        }
    }
}
