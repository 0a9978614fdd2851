use domain::{DaySpan, InvalidValue, OrganisationId, Timestamp};
use errors::Refusal;
use lambda::http::{HttpRequest, TenantResolver};

use crate::cursor::Cursor;
use crate::filter::Filter;
use crate::grouping::Grouping;
use crate::next_page::Parameters;
use crate::report::row::{PREVIOUS, Row};
use crate::representation::{Representation, representation};
use crate::span::requested_span;

/// The path of the report.
pub(super) const PATH: &str = "/v1/satisfaction";

/// A decoded request for a report.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) organisation: OrganisationId,
    pub(super) span: DaySpan,
    pub(super) grouping: Grouping,
    /// The span to compare with.
    pub(super) previous: Option<DaySpan>,
    pub(super) filter: Filter,
    /// The row after which a page of the CSV table begins.
    pub(super) after: Option<Row>,
    pub(super) now: Timestamp,
}

impl Report {
    pub(super) fn decode(request: &HttpRequest, tenants: &TenantResolver) -> Result<Self, Refusal> {
        let organisation = tenants.organisation(request)?;
        request.check_query_parameters(&[
            "from", "to", "group_by", "compare", "agent", "channel", "by", "cursor",
        ])?;
        let span = requested_span(request)?;
        let mut report = Self {
            organisation,
            span,
            grouping: request
                .query_parameter("group_by", Grouping::parse)?
                .unwrap_or(Grouping::Day),
            previous: request
                .query_parameter("compare", read_comparison)?
                .map(|()| span.previous()),
            filter: Filter::decode(request)?,
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

    /// The query parameters that determine the report, without the cursor.
    pub(super) fn parameters(&self) -> Parameters {
        let [agent, channel, by] = self.filter.parameters();
        Parameters::present([
            ("from", Some(self.span.from().to_string())),
            ("to", Some(self.span.to().to_string())),
            ("group_by", Some(self.grouping.as_str().to_owned())),
            ("compare", self.previous.map(|_| PREVIOUS.to_owned())),
            agent,
            channel,
            by,
        ])
    }

    /// Distinguishes the cursors of this report from those of another.
    pub(super) fn fingerprint(&self) -> String {
        let organisation = self.organisation.as_str();
        self.parameters().fingerprint(PATH, organisation)
    }
}

fn read_comparison(text: &str) -> Result<(), InvalidValue> {
    if text == PREVIOUS {
        Ok(())
    } else {
        Err(InvalidValue::new("must be previous"))
    }
}
