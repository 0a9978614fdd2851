use icu_calendar::{Date, Gregorian};
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::{YMD, YMDE};
use icu_decimal::input::Decimal;
use icu_decimal::{DecimalFormatter, options::DecimalFormatterOptions};
use icu_plurals::{PluralCategory, PluralRules};
use texts::{PluralForm, VisitorLanguage};

use crate::data::{MissingData, data_locale, provider};
use crate::times::Times;

/// How one language writes dates, times and numbers.
#[derive(Debug)]
pub struct Formats {
    dates_with_weekday: FixedCalendarDateTimeFormatter<Gregorian, YMDE>,
    dates: FixedCalendarDateTimeFormatter<Gregorian, YMD>,
    times: Times,
    numbers: DecimalFormatter,
    plurals: PluralRules,
}

impl Formats {
    /// Reads the formats of `language`. `tag` is the BCP 47 tag from which the language was chosen.
    /// Its region decides between American and international English.
    ///
    /// # Errors
    /// If the data of the language is missing, which no input causes.
    pub fn new(language: VisitorLanguage, tag: &str) -> Result<Self, MissingData> {
        let provider = provider()?;
        let locale = data_locale(language, tag)?;
        Ok(Self {
            dates_with_weekday: FixedCalendarDateTimeFormatter::try_new_with_buffer_provider(
                &provider,
                (&locale).into(),
                YMDE::long(),
            )
            .map_err(|_| MissingData)?,
            dates: FixedCalendarDateTimeFormatter::try_new_with_buffer_provider(
                &provider,
                (&locale).into(),
                YMD::long(),
            )
            .map_err(|_| MissingData)?,
            times: Times::new(&provider, &locale)?,
            numbers: DecimalFormatter::try_new_with_buffer_provider(
                &provider,
                (&locale).into(),
                DecimalFormatterOptions::default(),
            )
            .map_err(|_| MissingData)?,
            plurals: PluralRules::try_new_cardinal_with_buffer_provider(
                &provider,
                (&locale).into(),
            )
            .map_err(|_| MissingData)?,
        })
    }

    /// Formats a date of the Gregorian calendar with its day of the week, such as `Friday, 27
    /// November 2026`. A date that does not exist is formatted as `2026-02-30`.
    pub fn date_with_weekday(&self, year: i16, month: u8, day: u8) -> String {
        match Date::try_new_gregorian(year.into(), month, day) {
            Ok(date) => self.dates_with_weekday.format(&date).to_string(),
            Err(_) => format!("{year:04}-{month:02}-{day:02}"),
        }
    }

    /// Formats a date of the Gregorian calendar, such as `27 November 2026`. A date that does not
    /// exist is formatted as `2026-02-30`.
    pub fn date(&self, year: i16, month: u8, day: u8) -> String {
        match Date::try_new_gregorian(year.into(), month, day) {
            Ok(date) => self.dates.format(&date).to_string(),
            Err(_) => format!("{year:04}-{month:02}-{day:02}"),
        }
    }

    /// Formats a time of day, such as `22:35` or `10:35 PM`. A time that does not exist is formatted as
    /// `24:00`.
    // Inlined into the crate that renders mails, which is optimized for speed.
    #[inline]
    pub fn time(&self, hour: u8, minute: u8) -> String {
        let time = self.times.format(hour, minute);
        time.unwrap_or_else(|| format!("{hour:02}:{minute:02}"))
    }

    /// Formats a whole number with the separators and digits of the language, such as `1.234`.
    pub fn number(&self, number: u64) -> String {
        self.numbers.format(&Decimal::from(number)).to_string()
    }

    /// Formats a number of tenths with one decimal, such as `1,5` for 15.
    pub fn tenths(&self, tenths: u64) -> String {
        let mut number = Decimal::from(tenths);
        number.multiply_pow10(-1);
        self.numbers.format(&number).to_string()
    }

    /// Returns the plural form of a whole number.
    pub fn plural_form(&self, number: u64) -> PluralForm {
        match self.plurals.category_for(number) {
            PluralCategory::Zero => PluralForm::Zero,
            PluralCategory::One => PluralForm::One,
            PluralCategory::Two => PluralForm::Two,
            PluralCategory::Few => PluralForm::Few,
            PluralCategory::Many => PluralForm::Many,
            PluralCategory::Other => PluralForm::Other,
        }
    }
}
