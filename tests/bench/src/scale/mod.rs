//! What is met first as load grows: a year of a big organisation, and then its busiest minute a
//! thousandfold, both through the functions' own keys.

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

/// How many conversations the organisation has in a year.
const CONVERSATIONS: f64 = 10_000_000.0;

/// How much its load grows.
const GROWTH: f64 = 1_000.0;

/// How much it may grow at least before a partition of the design is full.
const HEADROOM: f64 = 100.0;

pub(crate) async fn measure() -> Report {
    let mut report = Report {
        title: "load in a second",
        ..Report::default()
    };
    let year = Year::new(CONVERSATIONS);
    let totals = play(&year);
    let grown = grow(&year);
    for limit in &LIMITS {
        let peak = grown.peak(limit.load) / GROWTH;
        let entry = Entry::new(limit.name, totals.summary(limit.load))
            .with("peak", totals.peak(limit.load))
            .with("limit", limit.figure)
            .with("met_at_times", limit.figure / peak);
        report.entries.push(entry);
        if limit.is_of_the_design {
            report.bounds.push(Bound::at_least(
                HEADROOM,
                format!("times as busy before it is met: {}", limit.name),
                limit.figure / peak,
            ));
        }
    }
    report.notes.push(format!(
        "A year of {CONVERSATIONS:.0} conversations, played second by second through the functions' keys: \
         days, weeks, seasons, and {} incidents in which the visitors come at once. Where a limit is \
         met is told by the year's busiest minute ({:.1} new conversations in a second) played {GROWTH} \
         times as busy.",
        arrivals::INCIDENTS,
        year.busiest_minute() / 60.0,
    ));
    report
}

/// Plays the year, its weeks side by side.
fn play(year: &Year) -> Totals {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let players: Vec<_> = (0..threads)
            .map(|first| {
                scope.spawn(move || {
                    let weeks = (first..arrivals::WEEKS).step_by(threads);
                    let mut totals = Totals::default();
                    weeks.for_each(|week| play_week(year, week, &mut totals));
                    totals
                })
            })
            .collect();
        let mut all = Totals::default();
        for player in players {
            all.add(&player.join().expect("no panic"));
        }
        all
    })
}

fn play_week(year: &Year, week: usize, totals: &mut Totals) {
    let mut random = fastrand::Rng::with_seed(week as u64 + 1);
    let organisation = organisation();
    let own = key::organisation_partition(&organisation).into();
    // What comes within the longest chat, second by second.
    let mut coming = vec![Vec::new(); chat::LONGEST];
    let mut tally = Tally::default();
    for (second, expected) in year.seconds_of(week) {
        for _ in 0..arrivals::poisson(expected, &mut random) {
            let chat = Chat::new(&organisation, second, &mut random);
            for (offset, act) in chat.acts(&mut random) {
                coming[(second + offset) % chat::LONGEST].push((chat, act));
            }
        }
        for (chat, act) in coming[second % chat::LONGEST].drain(..) {
            demand::of(chat, act, own, &mut tally);
        }
        totals.end_second(&mut tally);
    }
}

/// Plays the busiest minute as if it had lasted for long, so many times as busy: what the chats of
/// its arrivals do comes at any of its seconds.
fn grow(year: &Year) -> Totals {
    let mut random = fastrand::Rng::with_seed(0);
    let organisation = organisation();
    let own = key::organisation_partition(&organisation).into();
    let mut seconds = vec![Vec::new(); 60];
    let arrivals = (year.busiest_minute() * GROWTH) as usize;
    for _ in 0..arrivals {
        let chat = Chat::new(&organisation, 0, &mut random);
        for (_, act) in chat.acts(&mut random) {
            seconds[random.usize(..60)].push((chat, act));
        }
    }
    let mut totals = Totals::default();
    let mut tally = Tally::default();
    for acts in seconds {
        for (chat, act) in acts {
            demand::of(chat, act, own, &mut tally);
        }
        totals.end_second(&mut tally);
    }
    totals
}

fn organisation() -> OrganisationId {
    OrganisationId::parse("main").expect("an id")
}
