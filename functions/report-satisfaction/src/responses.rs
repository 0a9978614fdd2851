use domain::DaySpan;
use lambda::http::HttpResponse;
use lambda_http::http::HeaderValue;
use lambda_http::http::header::{CONTENT_DISPOSITION, LINK, VARY};
use serde::Serialize;

use crate::csv_table::CsvTable;
use crate::next_page::NextPage;

/// Returns a JSON response.
pub(crate) fn json_response(body: impl Serialize) -> HttpResponse {
    HttpResponse::ok(body).with_header(VARY, HeaderValue::from_static("accept"))
}

/// Returns one page of a CSV file. The file name consists of `name` and the days of `span`.
pub(crate) fn csv_response(
    table: CsvTable,
    name: &str,
    span: DaySpan,
    next: Option<&NextPage>,
) -> HttpResponse {
    let response = HttpResponse::text("text/csv; charset=utf-8; header=present", table.into_text())
        .with_header(VARY, HeaderValue::from_static("accept"));
    let (from, to) = (span.from(), span.to());
    let file = format!("attachment; filename=\"{name}-{from}-{to}.csv\"");
    let link = next.map(NextPage::link);
    [(CONTENT_DISPOSITION, Some(file)), (LINK, link)]
        .into_iter()
        .filter_map(|(header, value)| Some((header, HeaderValue::try_from(value?).ok()?)))
        .fold(response, |response, (header, value)| {
            response.with_header(header, value)
        })
}
