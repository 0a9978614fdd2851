//! The limits that are reached as load grows. The section simulates a year of a large organisation and
//! then its busiest minute with a thousand times the load, both with the functions' own keys.

mod arrivals;
mod chat;
mod demand;
mod limits;
mod tally;

use std::thread;

use arrivals::Year;
use chat::Chat;
use domain::OrganisationId;
use limits::LIMITS;
use store::key;
use tally::{Tally, Totals};

use crate::report::{Bound, Entry, Report};

/// The organisation's conversations in a year.
const CONVERSATIONS: f64 = 10_000_000.0;

/// The factor of the load in the second simulation.
const GROWTH: f64 = 1_000.0;

/// The least factor by which load can grow before a partition reaches its limit.
const HEADROOM: f64 = 100.0;

pub(crate) async fn measure() -> Report {
    let mut report = Report {
        title: "load per second",
        ..Report::default()
    };
    let year = Year::new(CONVERSATIONS);
    let totals = simulate(&year);
    let grown = grow(&year);
    for limit in &LIMITS {
        let peak = grown.peak(limit.load) / GROWTH;
        let entry = Entry::new(limit.name, totals.summary(limit.load))
            .with("peak", totals.peak(limit.load))
            .with("limit", limit.figure)
            .with("headroom", limit.figure / peak);
        report.entries.push(entry);
        if limit.needs_redesign {
            report.bounds.push(Bound::at_least(
                HEADROOM,
                format!("headroom of {}", limit.name),
                limit.figure / peak,
            ));
        }
    }
    report.notes.push(format!(
        "A year of {CONVERSATIONS:.0} conversations, simulated second by second with the functions' keys: \
         days, weeks, seasons, and {} incidents in which many visitors come at once. The headroom is \
         the factor by which load can grow before the limit is reached. It is measured in the year's \
         busiest minute ({:.1} new conversations a second) with {GROWTH} times the load.",
        arrivals::INCIDENTS,
        year.busiest_minute() / 60.0,
    ));
    report
}

/// Simulates the year, with several weeks in parallel.
fn simulate(year: &Year) -> Totals {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|first| {
                scope.spawn(move || {
                    let weeks = (first..arrivals::WEEKS).step_by(threads);
                    let mut totals = Totals::default();
                    weeks.for_each(|week| simulate_week(year, week, &mut totals));
                    totals
                })
            })
            .collect();
        let mut all = Totals::default();
        for worker in workers {
            all.add(&worker.join().expect("no panic"));
        }
        all
    })
}

fn simulate_week(year: &Year, week: usize, totals: &mut Totals) {
    let mut random = fastrand::Rng::with_seed(week as u64 + 1);
    let organisation = organisation();
    let own = key::organisation_partition(&organisation).into();
    // The actions of each second within the longest chat.
    let mut upcoming = vec![Vec::new(); chat::LONGEST];
    let mut tally = Tally::default();
    for (second, expected) in year.seconds_of(week) {
        for _ in 0..arrivals::poisson(expected, &mut random) {
            let chat = Chat::new(&organisation, second, &mut random);
            for (offset, action) in chat.actions(&mut random) {
                upcoming[(second + offset) % chat::LONGEST].push((chat, action));
            }
        }
        for (chat, action) in upcoming[second % chat::LONGEST].drain(..) {
            demand::add(chat, action, own, &mut tally);
        }
        totals.end_second(&mut tally);
    }
}

/// Simulates the busiest minute with [`GROWTH`] times the load. The actions of its conversations are
/// spread over its seconds, as if it had lasted for a long time.
fn grow(year: &Year) -> Totals {
    let mut random = fastrand::Rng::with_seed(0);
    let organisation = organisation();
    let own = key::organisation_partition(&organisation).into();
    let mut seconds = vec![Vec::new(); 60];
    let arrivals = (year.busiest_minute() * GROWTH) as usize;
    for _ in 0..arrivals {
        let chat = Chat::new(&organisation, 0, &mut random);
        for (_, action) in chat.actions(&mut random) {
            seconds[random.usize(..60)].push((chat, action));
        }
    }
    let mut totals = Totals::default();
    let mut tally = Tally::default();
    for actions in seconds {
        for (chat, action) in actions {
            demand::add(chat, action, own, &mut tally);
        }
        totals.end_second(&mut tally);
    }
    totals
}

fn organisation() -> OrganisationId {
    OrganisationId::parse("main").expect("an id")
}
