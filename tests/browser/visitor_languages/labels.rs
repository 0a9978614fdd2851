use texts::VisitorLanguage;

/// Labels of reasons in the languages of the screenshots.
pub(super) const LABELS: [(VisitorLanguage, [&str; 6]); 5] = [
    (
        VisitorLanguage::German,
        [
            "Freundlichkeit",
            "Wartezeit",
            "Problem nicht gelöst",
            "Verständlichkeit der Erklärungen",
            "Donaudampfschifffahrtsgesellschaftskapitän",
            "Preis",
        ],
    ),
    (
        VisitorLanguage::Polish,
        [
            "Uprzejmość",
            "Czas oczekiwania",
            "Problem nierozwiązany",
            "Niezrozumiałe wyjaśnienia",
            "Musiałem się powtarzać",
            "Cena",
        ],
    ),
    (
        VisitorLanguage::Arabic,
        [
            "اللطف",
            "وقت الانتظار",
            "لم تُحل المشكلة",
            "شرح غير واضح",
            "iPhone 15 Pro",
            "السعر",
        ],
    ),
    (
        VisitorLanguage::Japanese,
        [
            "親切さ",
            "待ち時間が長い",
            "問題が解決しなかった",
            "説明がわかりにくい",
            "同じ説明を繰り返した",
            "価格",
        ],
    ),
    (
        VisitorLanguage::Hindi,
        [
            "विनम्रता",
            "बहुत समय लगा",
            "समस्या हल नहीं हुई",
            "समझना मुश्किल था",
            "बार-बार बताना पड़ा",
            "कीमत",
        ],
    ),
];

/// The ids of the reasons.
pub(super) const IDS: [&str; 6] = ["kind", "slow", "unsolved", "unclear", "repeat", "price"];
