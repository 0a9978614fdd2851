use tests::AwsCall;

/// What one request, or one event, makes a function ask of AWS.
pub(super) struct Traffic {
    /// The folder of the function.
    pub(super) function: &'static str,
    /// Whether it comes through the gateway.
    pub(super) is_request: bool,
    /// The function's calls, those of each round trip together.
    pub(super) calls: Vec<Vec<AwsCall>>,
    /// How many events go out through the pipe.
    pub(super) events: u32,
    /// How many things are done at once that take the function's own time each.
    pub(super) times: u32,
    /// How many round trips it may take.
    pub(super) most_trips: Option<u32>,
}

impl Traffic {
    /// How many calls to AWS it waits for, one after the other.
    pub(super) fn trips(&self) -> u32 {
        u32::try_from(self.calls.len()).expect("few")
    }

    pub(super) fn read_units(&self) -> f64 {
        self.units(|call| !call.writes())
    }

    pub(super) fn write_units(&self) -> f64 {
        self.units(AwsCall::writes)
    }

    /// The mails that it sends.
    pub(super) fn mails(&self) -> impl Iterator<Item = &AwsCall> {
        self.all().filter(|call| call.is("ses:SendEmail"))
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

/// What a refused write takes, of which DynamoDB says nothing: as much as if it had taken place, here
/// of items below 1 KB.
fn least_units(call: &AwsCall) -> f64 {
    let items = call.body["TransactItems"].as_array();
    items.map_or(1.0, |items| {
        2.0 * f64::from(u32::try_from(items.len()).expect("few"))
    })
}
