//! Times of day.

use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use icu_datetime::fieldsets::T;
use icu_datetime::{NoCalendarFormatter, parts};
use icu_locale_core::Locale;
use icu_provider_blob::BlobDataProvider;
use icu_time::Time;
use writeable::{Part, PartsWrite, Writeable as _};

use crate::data::MissingData;

/// How one language writes times of day.
///
/// Each hour is formatted once, because formatting takes much longer than copying. Its minutes only differ in
/// two digits, because none of the languages writes a minute in another way.
#[derive(Debug)]
pub(crate) struct Times {
    formatter: NoCalendarFormatter<T>,
    /// The first minute of each hour.
    hours: [OnceLock<FormattedTime>; 24],
}

impl Times {
    pub(crate) fn new(provider: &BlobDataProvider, locale: &Locale) -> Result<Self, MissingData> {
        let (preferences, fields) = (locale.into(), T::hm());
        Ok(Self {
            formatter: NoCalendarFormatter::try_new_with_buffer_provider(
                provider,
                preferences,
                fields,
            )
            .map_err(|_| MissingData)?,
            hours: [const { OnceLock::new() }; 24],
        })
    }

    /// Formats a time of day, or returns `None` if there is no such time.
    #[inline]
    pub(crate) fn format(&self, hour: u8, minute: u8) -> Option<String> {
        let hour_start = self.hours.get(usize::from(hour)).filter(|_| minute < 60)?;
        let hour_start = hour_start.get_or_init(|| self.format_in_parts(hour, 0));
        let [before, zeros, after] = hour_start.split_at_minute();
        let zero = u32::from(zeros.chars().next()?);
        let digit = |value: u8| char::from_u32(zero + u32::from(value));
        let mut time = String::with_capacity(hour_start.text.len());
        time.push_str(before);
        time.push(digit(minute / 10)?);
        time.push(digit(minute % 10)?);
        time.push_str(after);
        Some(time)
    }

    fn format_in_parts(&self, hour: u8, minute: u8) -> FormattedTime {
        let mut formatted = FormattedTime::default();
        if let Ok(time) = Time::try_new(hour, minute, 0, 0) {
            // A string accepts all text.
            let _ = self.formatter.format(&time).write_to_parts(&mut formatted);
        }
        formatted
    }
}

/// A formatted time of day.
#[derive(Debug, Default)]
struct FormattedTime {
    text: String,
    /// The range of the minute in `text`.
    minute: Range<usize>,
}

impl FormattedTime {
    /// Returns the text before the minute, the minute and the text after it.
    #[inline]
    fn split_at_minute(&self) -> [&str; 3] {
        let Range { start, end } = self.minute;
        [0..start, start..end, end..self.text.len()]
            .map(|range| self.text.get(range).unwrap_or_default())
    }
}

impl fmt::Write for FormattedTime {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.text.write_str(text)
    }
}

impl PartsWrite for FormattedTime {
    type SubPartsWrite = Self;

    fn with_part(
        &mut self,
        part: Part,
        mut write: impl FnMut(&mut Self) -> fmt::Result,
    ) -> fmt::Result {
        let start = self.text.len();
        write(self)?;
        if part == parts::MINUTE {
            self.minute = start..self.text.len();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{DATA_LOCALES, provider};

    #[test]
    fn each_time_of_each_language_is_formatted_as_without_parts() {
        let provider = provider().unwrap();
        for locale in DATA_LOCALES {
            let times = Times::new(&provider, &locale.parse().unwrap()).unwrap();
            for (hour, minute) in (0..24).flat_map(|hour| (0..60).map(move |it| (hour, it))) {
                let time = Time::try_new(hour, minute, 0, 0).unwrap();
                assert_eq!(
                    times.format(hour, minute),
                    Some(times.formatter.format(&time).to_string()),
                    "{locale} {hour} {minute}"
                );
            }
        }
    }

    #[test]
    fn a_time_that_does_not_exist_is_not_formatted() {
        let times = Times::new(&provider().unwrap(), &"en".parse().unwrap()).unwrap();
        assert_eq!(times.format(24, 0), None);
        assert_eq!(times.format(0, 60), None);
    }
}
