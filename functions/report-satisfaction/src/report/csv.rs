use domain::DaySpan;
use errors::Fault;
use lambda::http::{HttpRequest, HttpResponse};

use crate::csv_table::{Cell, CsvTable};
use crate::cursor::Cursor;
use crate::grouped_counts::{Group, GroupedCounts};
use crate::next_page::NextPage;
use crate::report::request::{PATH, Report};
use crate::report::row::Row;
use crate::responses::csv_response;
use crate::statistics::Statistics;

const COLUMNS: &[&str] = &[
    "from",
    "to",
    "group_by",
    "key",
    "name",
    "requests",
    "ratings",
    "response_rate",
    "score_1",
    "score_2",
    "score_3",
    "score_4",
    "score_5",
    "csat",
    "csat_low",
    "csat_high",
    "mean",
    "small_sample",
];

/// Returns one page of the report as CSV.
pub(super) fn csv(
    report: &Report,
    request: &HttpRequest,
    [current, previous]: &[GroupedCounts; 2],
) -> Result<HttpResponse, Fault> {
    let mut table = CsvTable::new(COLUMNS)?;
    let mut last = None;
    let mut next = None;
    let spans = [(Some(report.span), current), (report.previous, previous)];
    let rows = spans
        .into_iter()
        .enumerate()
        .flat_map(|(index, (span, grouped_counts))| {
            let rows = span.into_iter().flat_map(|span| rows(span, grouped_counts));
            rows.map(move |(span, key, group)| {
                let row = Row {
                    is_previous: index == 1,
                    group: key.map(str::to_owned),
                };
                (row, span, group)
            })
        });
    for (row, span, group) in rows {
        if report.after.as_ref().is_some_and(|after| row <= *after) {
            continue;
        }
        let cells = cells(report, span, row.group.as_deref(), &group);
        if !table.push(cells)? {
            next = last.map(|last: Row| Cursor::new(&report.fingerprint(), &last.to_string()));
            break;
        }
        last = Some(row);
    }
    let next = next.map(|cursor| NextPage::new(request, PATH, &report.parameters(), &cursor));
    Ok(csv_response(
        table,
        "satisfaction",
        report.span,
        next.as_ref(),
    ))
}

fn cells(report: &Report, span: DaySpan, key: Option<&str>, group: &Group) -> Vec<Cell> {
    let statistics = match key {
        Some(_) => report.grouping.statistics(&group.counts),
        None => Statistics::of(&group.counts),
    };
    let grouped_by = key.map_or("total", |_| report.grouping.as_str());
    let mut cells = vec![
        Cell::plain(span.from()),
        Cell::plain(span.to()),
        Cell::plain(grouped_by),
        Cell::text(key),
        Cell::text(group.name.as_ref()),
        Cell::optional(statistics.requests),
        Cell::plain(statistics.ratings),
        Cell::optional(statistics.response_rate),
    ];
    cells.extend(statistics.scores.map(Cell::plain));
    cells.extend([
        Cell::optional(statistics.csat),
        Cell::optional(statistics.csat_low),
        Cell::optional(statistics.csat_high),
        Cell::optional(statistics.mean),
        Cell::plain(statistics.small_sample),
    ]);
    cells
}

/// Returns the total, which has no key, and then the groups.
fn rows(
    span: DaySpan,
    grouped_counts: &GroupedCounts,
) -> impl Iterator<Item = (DaySpan, Option<&str>, Group)> {
    let total = Group {
        name: None,
        counts: grouped_counts.total,
    };
    let groups = grouped_counts.groups.iter();
    let groups = groups.map(move |(key, group)| (span, Some(key.as_str()), group.clone()));
    [(span, None, total)].into_iter().chain(groups)
}
