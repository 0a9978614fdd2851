use std::fmt;

use serde_json::{Map, Value, json};

use crate::figure::readable;
use crate::statistics::Summary;

/// The results of a section.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// The heading of the table, with the unit of the summaries.
    pub(crate) title: &'static str,
    pub(crate) entries: Vec<Entry>,
    pub(crate) bounds: Vec<Bound>,
    /// Explanations below the table.
    pub(crate) notes: Vec<String>,
}

/// One row of the table.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) summary: Summary,
    /// Other figures, each with its name and unit, such as `rss_mb`.
    pub(crate) extra: Vec<(&'static str, f64)>,
}

/// A limit of a figure. The run fails if it is missed.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) what: String,
    pub(crate) figure: f64,
    pub(crate) limit: Limit,
}

/// The allowed range of a figure, including the limit itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Limit {
    AtMost(f64),
    AtLeast(f64),
}

impl Entry {
    pub(crate) fn new(name: impl Into<String>, summary: Summary) -> Self {
        Self {
            name: name.into(),
            summary,
            extra: Vec::new(),
        }
    }

    pub(crate) fn with(mut self, name: &'static str, figure: f64) -> Self {
        self.extra.push((name, figure));
        self
    }

    fn to_json(&self) -> Value {
        let Summary {
            median,
            p90,
            p99,
            n,
        } = self.summary;
        let mut json = json!({ "median": median, "p90": p90, "p99": p99, "n": n });
        for (name, figure) in &self.extra {
            json[*name] = json!(figure);
        }
        json
    }
}

impl Bound {
    pub(crate) fn at_most(limit: f64, what: impl Into<String>, figure: f64) -> Self {
        Self {
            what: what.into(),
            figure,
            limit: Limit::AtMost(limit),
        }
    }

    pub(crate) fn at_least(limit: f64, what: impl Into<String>, figure: f64) -> Self {
        Self {
            what: what.into(),
            figure,
            limit: Limit::AtLeast(limit),
        }
    }

    fn holds(&self) -> bool {
        match self.limit {
            Limit::AtMost(limit) => self.figure <= limit,
            Limit::AtLeast(limit) => self.figure >= limit,
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, limit) = match self.limit {
            Limit::AtMost(limit) => ("at most", limit),
            Limit::AtLeast(limit) => ("at least", limit),
        };
        let verdict = if self.holds() { "" } else { ", **missed**" };
        write!(
            f,
            "{}: {} ({word} {}{verdict})",
            self.what,
            readable(self.figure),
            readable(limit)
        )
    }
}

impl Report {
    pub(crate) fn is_within_bounds(&self) -> bool {
        self.bounds.iter().all(Bound::holds)
    }

    /// The entries by name.
    pub(crate) fn to_json(&self) -> Value {
        let entries = self.entries.iter();
        let entries: Map<_, _> = entries
            .map(|entry| (entry.name.clone(), entry.to_json()))
            .collect();
        entries.into()
    }

    fn extra_columns(&self) -> Vec<&'static str> {
        let mut columns = Vec::new();
        for (name, _) in self.entries.iter().flat_map(|entry| &entry.extra) {
            if !columns.contains(name) {
                columns.push(*name);
            }
        }
        columns
    }

    fn rows(&self) -> Vec<Vec<String>> {
        let extra = self.extra_columns();
        let mut head = [self.title, "median", "p90", "p99", "n"]
            .map(str::to_owned)
            .to_vec();
        head.extend(extra.iter().map(|name| name.replace('_', " ")));
        let mut rows = vec![head];
        for entry in &self.entries {
            let Summary {
                median,
                p90,
                p99,
                n,
            } = entry.summary;
            let mut row = vec![entry.name.clone()];
            row.extend([median, p90, p99].map(readable));
            row.push(n.to_string());
            row.extend(extra.iter().map(|column| {
                let mut figures = entry.extra.iter();
                let figure = figures.find(|(name, _)| name == column);
                figure.map_or_else(String::new, |(_, figure)| readable(*figure))
            }));
            rows.push(row);
        }
        rows
    }
}

/// The median of the entry of this name, if there is one.
pub(crate) fn median_of(entries: &[Entry], name: &str) -> Option<f64> {
    let entry = entries.iter().find(|entry| entry.name == name)?;
    Some(entry.summary.median)
}

/// Another figure of the entry of this name, if there is one.
pub(crate) fn figure_of(entries: &[Entry], name: &str, figure: &str) -> Option<f64> {
    let entry = entries.iter().find(|entry| entry.name == name)?;
    let mut extra = entry.extra.iter();
    extra.find_map(|(of, value)| (*of == figure).then_some(*value))
}

/// The table, the bounds and the notes in Markdown with aligned columns.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.rows();
        let columns = rows[0].len();
        let width = |column: usize| {
            let cells = rows.iter().map(|row| row[column].chars().count());
            cells.max().unwrap_or_default()
        };
        let widths: Vec<_> = (0..columns).map(width).collect();
        for (number, row) in rows.iter().enumerate() {
            for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
                if column == 0 {
                    write!(f, "| {cell:<width$} |")?;
                } else {
                    write!(f, " {cell:>width$} |")?;
                }
            }
            writeln!(f)?;
            if number == 0 {
                writeln!(f, "|---{}|", "|--:".repeat(columns - 1))?;
            }
        }
        if !self.bounds.is_empty() {
            writeln!(f)?;
        }
        for bound in &self.bounds {
            writeln!(f, "- {bound}")?;
        }
        for note in &self.notes {
            writeln!(f, "\n{note}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_includes_its_limit() {
        assert!(Bound::at_most(1.5, "", 1.5).holds());
        assert!(!Bound::at_most(1.5, "", 1.51).holds());
        assert!(Bound::at_least(4.0, "", 4.0).holds());
        assert!(!Bound::at_least(4.0, "", f64::NAN).holds());
    }

    #[test]
    fn entries_with_different_figures_share_one_table() {
        let report = Report {
            title: "cold, ms",
            entries: vec![
                Entry::new("a", Summary::exact(1.0)).with("rss_mb", 6.4),
                Entry::new("b", Summary::exact(2.0)).with("cpu_ms", 0.25),
            ],
            ..Report::default()
        };
        let text = report.to_string();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(
            lines[0],
            "| cold, ms | median | p90 | p99 | n | rss mb | cpu ms |"
        );
        assert_eq!(lines[1], "|---|--:|--:|--:|--:|--:|--:|");
        assert_eq!(
            lines[3],
            "| b        |      2 |   2 |   2 | 1 |        |   0.25 |"
        );
        let json = report.to_json();
        assert_eq!(
            json["a"],
            json!({ "median": 1.0, "p90": 1.0, "p99": 1.0, "n": 1, "rss_mb": 6.4 })
        );
    }
}
