use std::fmt;

/// The only span that a report can be compared with.
pub(super) const PREVIOUS: &str = "previous";

/// The position of a row in the CSV table. The rows of the span precede those of the previous span.
/// In each span, the total precedes the groups.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    pub(super) is_previous: bool,
    pub(super) group: Option<String>,
}

impl Row {
    pub(super) fn read(text: &str) -> Option<Self> {
        let (span, group) = text
            .split_once('#')
            .map_or((text, None), |(span, group)| (span, Some(group.to_owned())));
        let is_previous = match span {
            "current" => false,
            PREVIOUS => true,
            _ => return None,
        };
        Some(Self { is_previous, group })
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_previous {
            PREVIOUS
        } else {
            "current"
        })?;
        match &self.group {
            Some(group) => write!(f, "#{group}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_sort_like_the_rows_of_the_table() {
        let row = |is_previous, group: Option<&str>| Row {
            is_previous,
            group: group.map(str::to_owned),
        };
        let rows = [
            row(false, None),
            row(false, Some("a")),
            row(false, Some("b")),
            row(true, None),
            row(true, Some("a")),
        ];
        assert!(rows.is_sorted());
        for row in rows {
            assert_eq!(Row::read(&row.to_string()), Some(row));
        }
        assert_eq!(Row::read("next"), None);
    }
}
