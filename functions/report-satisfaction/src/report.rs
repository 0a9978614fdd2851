use domain::{
    AgentId, Channel, DaySpan, InvalidValue, OrganisationId, PersonName, ReportDay, Timestamp,
};
use errors::{Failure, Fault, Refusal};
use lambda::http::{HttpRequest, HttpResponse, ResponseBudget};
use serde::Serialize;
use store::{CountedBy, Counts, sum_counts};

use crate::csv_table::{Cell, CsvTable};
use crate::cursor::Cursor;
use crate::grouped_counts::{Filter, Group, GroupedCounts, Sums};
use crate::grouping::Grouping;
use crate::next_page::{NextPage, Parameters};
use crate::representation::Representation;
use crate::span::requested_span;
use crate::statistics::Statistics;
use crate::{ReportSatisfaction, csv_response, json_response, representation};

const PATH: &str = "/v1/satisfaction";

/// A decoded request for a report.
#[derive(Debug)]
struct Report {
    organisation: OrganisationId,
    span: DaySpan,
    grouping: Grouping,
    /// The span to compare with.
    previous: Option<DaySpan>,
    filter: Filter,
    /// The row after which a page of the CSV table begins.
    after: Option<Row>,
    now: Timestamp,
}

/// The position of a row in the CSV table. The rows of the span precede those of the previous span.
/// In each span, the total precedes the groups.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    is_previous: bool,
    group: Option<String>,
}

/// The report as JSON.
#[derive(Serialize)]
struct ReportBody<'a> {
    time_zone: &'a str,
    group_by: &'static str,
    #[serde(flatten)]
    current: SpanBody<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<SpanBody<'a>>,
}

/// One span of the report.
#[derive(Serialize)]
struct SpanBody<'a> {
    from: ReportDay,
    to: ReportDay,
    total: Statistics,
    groups: Vec<GroupBody<'a>>,
}

/// A group of the report as JSON.
#[derive(Serialize)]
struct GroupBody<'a> {
    key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a PersonName>,
    #[serde(flatten)]
    statistics: Statistics,
}

impl ReportSatisfaction {
    /// Counts the ratings of a span.
    pub(crate) async fn report(&self, request: &HttpRequest) -> Result<HttpResponse, Failure> {
        let report = self.decode_report(request)?;
        let counts = self.count(&report).await?;
        match representation(request) {
            Representation::Json => Ok(self.describe(&report, counts)?),
            Representation::Csv => Ok(report.tabulate(request, counts)?),
        }
    }

    fn decode_report(&self, request: &HttpRequest) -> Result<Report, Refusal> {
        let organisation = self.tenants.organisation(request)?;
        request.check_query_parameters(&[
            "from", "to", "group_by", "compare", "agent", "channel", "cursor",
        ])?;
        let span = requested_span(request)?;
        let mut report = Report {
            organisation,
            span,
            grouping: request
                .query_parameter("group_by", Grouping::parse)?
                .unwrap_or(Grouping::Day),
            previous: request
                .query_parameter("compare", read_comparison)?
                .map(|()| span.previous()),
            filter: Filter {
                agent: request.query_parameter("agent", AgentId::parse)?,
                channel: request.query_parameter("channel", Channel::parse)?,
            },
            after: None,
            now: request.now(),
        };
        let fingerprint = report.fingerprint();
        report.after = request.query_parameter("cursor", |text| match representation(request) {
            Representation::Csv => Cursor::read(text, &fingerprint, Row::read),
            Representation::Json => Err(InvalidValue::new("is only supported with text/csv")),
        })?;
        Ok(report)
    }

    /// Reads the span and the previous span together, because they are contiguous. Returns the sums
    /// of each.
    async fn count(&self, report: &Report) -> Result<Counts<[Sums; 2]>, Fault> {
        let from = report.previous.unwrap_or(report.span).from();
        let whole = DaySpan::new(from, report.span.to())
            .ok_or_else(|| Fault::internal("a span lies before the one before it"))?;
        let by_agent = report.filter.agent.is_some() || report.grouping == Grouping::Agent;
        let by = if by_agent {
            CountedBy::Agent
        } else {
            CountedBy::Channel
        };
        sum_counts(
            &self.table,
            &report.organisation,
            whole,
            by,
            report.now,
            |[current, previous]: &mut [Sums; 2], count| {
                let is_current = count.day >= report.span.from();
                let sums = if is_current { current } else { previous };
                sums.add(&count, report.grouping, &report.filter);
            },
        )
        .await
    }

    /// The report as JSON.
    fn describe(
        &self,
        report: &Report,
        counts: Counts<[Sums; 2]>,
    ) -> Result<HttpResponse, Refusal> {
        let [current, previous] = report.tabulations(counts);
        let response = json_response(ReportBody {
            time_zone: self.time_zone(),
            group_by: report.grouping.as_str(),
            current: SpanBody::new(report.span, &current),
            previous: report.previous.map(|span| SpanBody::new(span, &previous)),
        });
        if ResponseBudget::of_body().take(response.body_text()) {
            Ok(response)
        } else {
            let rule = "makes more groups than one answer holds: ask for fewer days, or for text/csv, which comes in pages";
            Err(Refusal::invalid_field("group_by", &InvalidValue::new(rule)))
        }
    }
}

impl Report {
    /// Returns the groups of the span and of the previous span. The latter are empty if there is no
    /// previous span.
    fn tabulations(&self, counts: Counts<[Sums; 2]>) -> [GroupedCounts; 2] {
        let Counts {
            sums: [current, previous],
            names,
        } = counts;
        let tabulate = |sums, span| GroupedCounts::of(sums, span, self.grouping, &names);
        [
            tabulate(current, self.span),
            self.previous
                .map(|span| tabulate(previous, span))
                .unwrap_or_default(),
        ]
    }

    /// Returns one page of the report as CSV.
    fn tabulate(
        &self,
        request: &HttpRequest,
        counts: Counts<[Sums; 2]>,
    ) -> Result<HttpResponse, Fault> {
        let mut table = CsvTable::new(&[
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
        ])?;
        let mut last = None;
        let mut next = None;
        let [current, previous] = self.tabulations(counts);
        let spans = [(Some(self.span), &current), (self.previous, &previous)];
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
            if self.after.as_ref().is_some_and(|after| row <= *after) {
                continue;
            }
            let cells = self.cells(span, row.group.as_deref(), &group);
            if !table.push(cells)? {
                next = last.map(|last: Row| Cursor::new(&self.fingerprint(), &last.to_string()));
                break;
            }
            last = Some(row);
        }
        let next = next.map(|cursor| NextPage::new(request, PATH, &self.parameters(), &cursor));
        Ok(csv_response(
            table,
            "satisfaction",
            self.span,
            next.as_ref(),
        ))
    }

    fn cells(&self, span: DaySpan, key: Option<&str>, group: &Group) -> Vec<Cell> {
        let statistics = Statistics::of(&group.tally);
        let grouped_by = key.map_or("total", |_| self.grouping.as_str());
        let mut cells = vec![
            Cell::plain(span.from()),
            Cell::plain(span.to()),
            Cell::plain(grouped_by),
            Cell::text(key),
            Cell::text(group.name.as_ref()),
            Cell::plain(statistics.requests),
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

    fn parameters(&self) -> Parameters {
        Parameters::present([
            ("from", Some(self.span.from().to_string())),
            ("to", Some(self.span.to().to_string())),
            ("group_by", Some(self.grouping.as_str().to_owned())),
            ("compare", self.previous.map(|_| PREVIOUS.to_owned())),
            ("agent", self.filter.agent.as_ref().map(ToString::to_string)),
            (
                "channel",
                self.filter.channel.as_ref().map(ToString::to_string),
            ),
        ])
    }

    fn fingerprint(&self) -> String {
        let organisation = self.organisation.as_str();
        self.parameters().fingerprint(PATH, organisation)
    }
}

impl Row {
    fn read(text: &str) -> Option<Self> {
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

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
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

/// The only span that a report can be compared with.
const PREVIOUS: &str = "previous";

fn read_comparison(text: &str) -> Result<(), InvalidValue> {
    if text == PREVIOUS {
        Ok(())
    } else {
        Err(InvalidValue::new("must be previous"))
    }
}

/// Returns the total, which has no key, and then the groups.
fn rows(
    span: DaySpan,
    grouped_counts: &GroupedCounts,
) -> impl Iterator<Item = (DaySpan, Option<&str>, Group)> {
    let total = Group {
        name: None,
        tally: grouped_counts.total,
    };
    let groups = grouped_counts.groups.iter();
    let groups = groups.map(move |(key, group)| (span, Some(key.as_str()), group.clone()));
    [(span, None, total)].into_iter().chain(groups)
}

impl<'a> SpanBody<'a> {
    fn new(span: DaySpan, grouped_counts: &'a GroupedCounts) -> Self {
        let groups = grouped_counts.groups.iter().map(|(key, group)| GroupBody {
            key,
            name: group.name.as_ref(),
            statistics: Statistics::of(&group.tally),
        });
        Self {
            from: span.from(),
            to: span.to(),
            total: Statistics::of(&grouped_counts.total),
            groups: groups.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_in_the_order_in_which_their_places_are() {
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
