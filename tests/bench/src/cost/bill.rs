use tests::AwsCall;

use crate::cost::prices::Prices;
use crate::cost::traffic::Traffic;

const BYTES_IN_A_GB: f64 = 1_000_000_000.0;

/// The work of a function for one request or event.
pub(super) struct Work<'a> {
    pub(super) traffic: &'a Traffic,
    pub(super) memory_mb: f64,
    /// The function's own time on a whole core, for each item.
    pub(super) own_cpu_ms: f64,
}

/// The cost in US dollars.
pub(super) struct Bill {
    pub(super) gateway: f64,
    pub(super) lambda: f64,
    pub(super) dynamodb: f64,
    pub(super) ses: f64,
    pub(super) events: f64,
    pub(super) logs: f64,
}

impl Work<'_> {
    #[expect(clippy::cast_precision_loss, reason = "an operation has few schedules")]
    pub(super) fn bill(&self, prices: &Prices) -> Bill {
        let traffic = self.traffic;
        let gb_seconds = self.memory_mb / 1_024.0 * self.billed_ms(prices) / 1_000.0;
        let mails = traffic.mails().map(|mail| {
            prices.usd("mail") + attached_bytes(mail) / BYTES_IN_A_GB * prices.usd("mail_gb")
        });
        let event = prices.usd("piped_event") + prices.usd("published_event");
        Bill {
            gateway: if traffic.is_request {
                prices.usd("api_request")
            } else {
                0.0
            },
            lambda: prices.usd("lambda_request") + gb_seconds * prices.usd("lambda_gb_second"),
            dynamodb: traffic.read_units() * prices.usd("read_unit")
                + traffic.write_units() * prices.usd("write_unit"),
            ses: mails.sum(),
            events: f64::from(traffic.events) * event
                + traffic.schedules() as f64 * prices.usd("scheduled_invocation"),
            logs: prices.assumed("log_bytes") / BYTES_IN_A_GB * prices.usd("log_gb"),
        }
    }

    /// Whole milliseconds of waiting for AWS and of the function's own time, which is longer on less
    /// than a core.
    pub(super) fn billed_ms(&self, prices: &Prices) -> f64 {
        let share = (self.memory_mb / prices.assumed("whole_core_mb")).min(1.0);
        let waits = self.traffic.calls.iter().map(|calls| {
            let waits = calls.iter().map(|call| latency(call, prices));
            waits.fold(0.0, f64::max)
        });
        let own_ms = self.own_cpu_ms * f64::from(self.traffic.items);
        (own_ms / share + waits.sum::<f64>()).ceil()
    }
}

impl Bill {
    pub(super) fn total(&self) -> f64 {
        self.gateway + self.lambda + self.dynamodb + self.ses + self.events + self.logs
    }
}

fn latency(call: &AwsCall, prices: &Prices) -> f64 {
    prices.assumed(if call.is("dynamodb:TransactWriteItems") {
        "transaction_ms"
    } else if call.is_to("ses") {
        "mail_ms"
    } else if call.is_to("scheduler") {
        "schedule_ms"
    } else if call.writes() {
        "write_ms"
    } else {
        "read_ms"
    })
}

#[expect(clippy::cast_precision_loss, reason = "a mail has at most 40 MB")]
fn attached_bytes(mail: &AwsCall) -> f64 {
    let files = mail.body["Content"]["Simple"]["Attachments"].as_array();
    let sizes = files.into_iter().flatten();
    sizes
        .filter_map(|file| file["RawContent"].as_str())
        .map(|base64| base64.len() as f64 * 0.75)
        .sum()
}
