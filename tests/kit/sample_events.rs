use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The sample events of `tests/events`, by the names of their files.
pub fn sample_events() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("events");
    let files = fs::read_dir(folder).expect("tests/events is a folder");
    let events = files.map(|file| {
        let path = file.expect("a file").path();
        assert_eq!(path.extension().unwrap(), "json", "{path:?}");
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, fs::read_to_string(&path).expect("UTF-8"))
    });
    events.collect()
}
