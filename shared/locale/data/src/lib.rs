//! Selects the CLDR data that the crate `locale` needs from the data that ICU4X publishes.

use std::cell::RefCell;
use std::collections::BTreeMap;

use icu_calendar::Gregorian;
use icu_datetime::fieldsets::{T, YMD, YMDE};
use icu_datetime::{FixedCalendarDateTimeFormatter, NoCalendarFormatter};
use icu_decimal::DecimalFormatter;
use icu_locale_core::Locale;
use icu_plurals::PluralRules;
use icu_provider::dynutil::UpcastDataPayload;
use icu_provider::export::{DataExporter, ExportMarker, FlushMetadata};
use icu_provider::prelude::*;
use icu_provider_blob::export::BlobExporter;

/// Loads data from ICU4X and exports each response.
struct Recorder<'a> {
    exporter: &'a BlobExporter<'a>,
    markers: RefCell<BTreeMap<DataMarkerInfo, FlushMetadata>>,
}

macro_rules! record {
    ($($baked:path: $($marker:ty)+;)+) => {
        $($(
            impl DataProvider<$marker> for Recorder<'_> {
                fn load(&self, request: DataRequest<'_>) -> Result<DataResponse<$marker>, DataError> {
                    let response: DataResponse<$marker> = $baked.load(request)?;
                    let payload = <ExportMarker as UpcastDataPayload<$marker>>::upcast(response.payload.clone());
                    let marker = <$marker>::INFO;
                    self.exporter.put_payload(marker, request.id, &payload)?;
                    let mut metadata = FlushMetadata::default();
                    metadata.checksum = response.metadata.checksum;
                    self.markers.borrow_mut().insert(marker, metadata);
                    Ok(response)
                }
            }
        )+)+
    };
}

record! {
    icu_datetime::provider::Baked:
        icu_datetime::provider::names::DatetimeNamesYearGregorianV1
        icu_datetime::provider::names::DatetimeNamesMonthGregorianV1
        icu_datetime::provider::names::DatetimeNamesWeekdayV1
        icu_datetime::provider::names::DatetimeNamesDayperiodV1
        icu_datetime::provider::semantic_skeletons::DatetimePatternsDateGregorianV1
        icu_datetime::provider::semantic_skeletons::DatetimePatternsTimeV1
        icu_datetime::provider::semantic_skeletons::DatetimePatternsGlueV1;
    icu_decimal::provider::Baked:
        icu_decimal::provider::DecimalSymbolsV1
        icu_decimal::provider::DecimalDigitsV1;
    icu_plurals::provider::Baked:
        icu_plurals::provider::PluralsCardinalV1;
}

// Formatters of dates require providers of the names of time zones, which they never load.
icu_provider::marker::impl_data_provider_never_marker!(Recorder<'_>);

/// Returns the data of `locales` as a blob for `icu_provider_blob`.
///
/// # Errors
/// If a locale is malformed, or ICU4X has no data for it.
pub fn generate(locales: &[&str]) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut blob = Vec::new();
    let mut exporter = BlobExporter::new_with_sink(Box::new(&mut blob));
    let recorder = Recorder {
        exporter: &exporter,
        markers: RefCell::default(),
    };
    for locale in locales {
        let locale: Locale = locale.parse()?;
        let dates = (&locale).into();
        FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new_unstable(
            &recorder,
            dates,
            YMDE::long(),
        )?;
        FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new_unstable(
            &recorder,
            dates,
            YMD::long(),
        )?;
        NoCalendarFormatter::try_new_unstable(&recorder, dates, T::hm())?;
        DecimalFormatter::try_new_unstable(&recorder, (&locale).into(), Default::default())?;
        PluralRules::try_new_cardinal_unstable(&recorder, (&locale).into())?;
    }
    for (marker, metadata) in recorder.markers.into_inner() {
        exporter.flush(marker, metadata)?;
    }
    exporter.close()?;
    drop(exporter);
    Ok(blob)
}
