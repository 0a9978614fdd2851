use std::fs;

use serde_json::Value;

use crate::machine;

/// The prices and assumptions in `prices.json`.
pub(super) struct Prices(Value);

impl Prices {
    pub(super) fn load() -> Self {
        let path = machine::repository().join("tests/bench/prices.json");
        let text = fs::read_to_string(path).expect("the prices exist");
        Self(serde_json::from_str(&text).expect("prices are JSON"))
    }

    /// The price of one `what` in US dollars.
    pub(super) fn usd(&self, what: &str) -> f64 {
        let price = &self.0["usd"][what];
        let [price, per] = ["price", "per"].map(|member| price[member].as_f64());
        price.zip(per).map(|(price, per)| price / per).expect(what)
    }

    pub(super) fn assumed(&self, what: &str) -> f64 {
        let assumed = &self.0["assumed"][what]["value"];
        assumed.as_f64().expect(what)
    }

    /// The source of the prices, and the assumptions.
    pub(super) fn note(&self) -> String {
        let [region, date] = ["region", "date"].map(|member| self.0[member].as_str());
        let (region, date) = region.zip(date).expect("prices have a region and a date");
        format!(
            "List prices of {region} on {date}, without free tiers. Trips and units are counted from \
             traffic; RealBinaries's time is the functions' own, at the CPU that comes with their memory, \
             and {} ms for a read of DynamoDB, {} for a write, {} for a transaction, {} for a mail: \
             `tests/bench/prices.json`.",
            self.assumed("read_ms"),
            self.assumed("write_ms"),
            self.assumed("transaction_ms"),
            self.assumed("mail_ms"),
        )
    }
}
