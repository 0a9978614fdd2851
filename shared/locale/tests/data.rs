//! The committed CLDR data is that of the versions in `Cargo.lock`.

use std::path::Path;

/// Set this environment variable to write the file anew.
const REWRITE: &str = "REWRITE_DATA";

#[test]
fn the_committed_data_equals_a_fresh_selection() {
    let fresh = locale_data::generate(&locale::DATA_LOCALES).expect("ICU4X has the data");
    if std::env::var_os(REWRITE).is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cldr.postcard");
        std::fs::write(path, &fresh).expect("the file can be written");
    } else {
        assert!(
            fresh == locale::BLOB,
            "the data differs: run {REWRITE}=1 cargo test -p locale --test data"
        );
    }
}
