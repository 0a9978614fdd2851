//! The times at which conversations start.

const MINUTES_IN_A_WEEK: usize = 7 * 24 * 60;

/// The weeks of a year.
pub(super) const WEEKS: usize = 52;

/// The incidents of a year, such as an outage or a sale, in which many visitors come at once.
pub(super) const INCIDENTS: usize = 24;

/// The duration of an incident in minutes, and its factor of visitors.
const INCIDENT: (usize, f64) = (20, 8.0);

/// The relative number of visitors in each hour of a day.
const HOURS: [f64; 24] = [
    8.0, 5.0, 3.0, 2.0, 2.0, 4.0, 10.0, 25.0, 55.0, 80.0, 95.0, 100.0, 85.0, 90.0, 98.0, 96.0,
    90.0, 80.0, 68.0, 60.0, 52.0, 40.0, 26.0, 15.0,
];

/// The relative number of visitors on each day of a week, from Monday.
const DAYS: [f64; 7] = [120.0, 112.0, 106.0, 104.0, 100.0, 62.0, 55.0];

/// The expected number of new conversations in each minute of a year.
pub(super) struct Year {
    minutes: Vec<f64>,
}

impl Year {
    /// A year with this number of conversations.
    pub(super) fn new(conversations: f64) -> Self {
        let mut minutes: Vec<f64> = (0..WEEKS * MINUTES_IN_A_WEEK).map(weight).collect();
        let mut random = fastrand::Rng::with_seed(2_026);
        for _ in 0..INCIDENTS {
            let (length, times) = INCIDENT;
            let start = random.usize(..minutes.len() - length);
            minutes[start..start + length]
                .iter_mut()
                .for_each(|minute| *minute *= times);
        }
        let all: f64 = minutes.iter().sum();
        minutes
            .iter_mut()
            .for_each(|minute| *minute *= conversations / all);
        Self { minutes }
    }

    /// The expected number of new conversations in the busiest minute.
    pub(super) fn busiest_minute(&self) -> f64 {
        self.minutes.iter().copied().fold(0.0, f64::max)
    }

    /// The seconds of a week, each with its expected number of new conversations.
    pub(super) fn seconds_of(&self, week: usize) -> impl Iterator<Item = (usize, f64)> {
        let first = week * MINUTES_IN_A_WEEK;
        let minutes = &self.minutes[first..first + MINUTES_IN_A_WEEK];
        let seconds = minutes
            .iter()
            .flat_map(|minute| std::iter::repeat_n(minute / 60.0, 60));
        (first * 60..).zip(seconds)
    }
}

fn weight(minute: usize) -> f64 {
    let (hour, day, week) = (minute / 60, minute / (24 * 60), minute / MINUTES_IN_A_WEEK);
    // The last quarter is the busiest, and in it the week of Black Friday.
    let season = match week {
        46 => 2.5,
        44..=50 => 1.6,
        26..=33 => 0.8,
        _ => 1.0,
    };
    HOURS[hour % 24] * DAYS[day % 7] * season
}

/// A random number of events with the Poisson distribution of this mean.
pub(super) fn poisson(expected: f64, random: &mut fastrand::Rng) -> usize {
    let least = (-expected).exp();
    let mut product = random.f64();
    let mut count = 0;
    while product > least {
        product *= random.f64();
        count += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_has_the_given_number_of_conversations() {
        let year = Year::new(1_000.0);
        let all: f64 = (0..WEEKS)
            .flat_map(|week| year.seconds_of(week))
            .map(|(_, expected)| expected)
            .sum();
        assert!((all - 1_000.0).abs() < 1e-6, "{all}");
    }

    #[test]
    fn the_mean_of_poisson_is_the_expected_number() {
        let mut random = fastrand::Rng::with_seed(1);
        let all: usize = (0..10_000).map(|_| poisson(2.5, &mut random)).sum();
        assert!((24_500..25_500).contains(&all), "{all}");
    }
}
