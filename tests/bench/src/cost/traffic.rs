use tests::AwsCall;

/// The calls to AWS that one request or event causes.
pub(super) struct Traffic {
    pub(super) function: &'static str,
    /// Whether API Gateway is billed.
    pub(super) is_request: bool,
    /// The function's calls by round trip.
    pub(super) calls: Vec<Vec<AwsCall>>,
    /// The number of events that the pipe publishes.
    pub(super) events: u32,
    /// The number of items, each of which takes the function's own time.
    pub(super) items: u32,
    /// The allowed number of round trips.
    pub(super) max_trips: Option<u32>,
}

impl Traffic {
    /// The number of calls to AWS in series.
    pub(super) fn trips(&self) -> u32 {
        u32::try_from(self.calls.len()).expect("few")
    }

    pub(super) fn read_units(&self) -> f64 {
        self.units(|call| !call.writes())
    }

    pub(super) fn write_units(&self) -> f64 {
        self.units(AwsCall::writes)
    }

    pub(super) fn mails(&self) -> impl Iterator<Item = &AwsCall> {
        self.all().filter(|call| call.is("ses:SendEmail"))
    }

    /// The number of schedules, each of which invokes a function once.
    pub(super) fn schedules(&self) -> usize {
        let created = self
            .all()
            .filter(|call| call.is("scheduler:CreateSchedule"));
        created.count()
    }

    fn units(&self, which: impl Fn(&AwsCall) -> bool) -> f64 {
        let calls = self.all().filter(|call| call.is_to("dynamodb"));
        calls
            .filter(|call| which(call))
            .map(|call| call.units.unwrap_or_else(|| least_units(call)))
            .sum()
    }

    fn all(&self) -> impl Iterator<Item = &AwsCall> {
        self.calls.iter().flatten()
    }
}

/// The units of a refused write, which DynamoDB does not report. They are the same as of a successful
/// write, here of items below 1 KB.
fn least_units(call: &AwsCall) -> f64 {
    let items = call.body["TransactItems"].as_array();
    items.map_or(1.0, |items| {
        2.0 * f64::from(u32::try_from(items.len()).expect("few"))
    })
}
