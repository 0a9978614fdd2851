//! The elements of agents and their managers in the language of the page.

use serde_json::{Value, json};
use tests::Stack;
use texts::VisitorLanguage;

use crate::browser::Window;
use crate::conversation::rate;
use crate::page::{Host, Page, elements};

/// The languages with texts for agents, and what the sidebar and the report show in each.
const SHOWN: [(VisitorLanguage, &str, [&str; 4]); 6] = [
    (
        VisitorLanguage::English,
        "en-GB",
        [
            "Send transcript",
            "asked for a rating",
            "of 1 rating",
            "1 of 1 request answered",
        ],
    ),
    (
        VisitorLanguage::German,
        "de-AT",
        [
            "Protokoll senden",
            "hat um eine Bewertung gebeten",
            "von 1 Bewertung",
            "1 von 1 Anfrage beantwortet",
        ],
    ),
    (
        VisitorLanguage::Spanish,
        "es",
        [
            "Enviar transcripción",
            "pidió una valoración",
            "de 1 valoración",
            "1 de 1 solicitud respondida",
        ],
    ),
    (
        VisitorLanguage::French,
        "fr",
        [
            "Envoyer la transcription",
            "a demandé une évaluation",
            "sur 1 évaluation",
            "1 sur 1 demande",
        ],
    ),
    (
        VisitorLanguage::Portuguese,
        "pt-PT",
        [
            "Enviar transcrição",
            "pediu uma avaliação",
            "de 1 avaliação",
            "1 de 1 pedido respondido",
        ],
    ),
    (
        VisitorLanguage::Arabic,
        "ar",
        [
            "إرسال نص المحادثة",
            "تقييمًا",
            "من تقييم واحد",
            "من طلب واحد",
        ],
    ),
];

/// A conversation with a rating, on a page with the sidebar and the report.
struct Inbox {
    stack: Stack,
    elements: String,
}

impl Inbox {
    async fn start() -> Self {
        let stack = Stack::start().await;
        stack.verified_sender().await;
        let visitor = stack.conversation("c1").await;
        let agent = stack.agent("kim").await;
        rate(&stack, &agent, &visitor, json!({ "score": 2 })).await;
        let elements = elements(&stack, &visitor, &agent, &["actions", "thread", "report"]);
        Self { stack, elements }
    }

    /// The page in this language.
    async fn page(&self, language: &str) -> Page {
        let html = format!(r#"lang="{language}""#);
        let host = Host {
            html: &html,
            ..Host::default()
        };
        Page::hosting(&self.stack, host, &self.elements).await
    }
}

#[tokio::test]
async fn the_sidebar_and_the_report_are_in_the_language_of_the_page() {
    let inbox = Inbox::start().await;
    for (language, tag, texts) in SHOWN {
        let page = inbox.page(tag).await;
        let browser = &page.browser;
        for text in texts {
            browser.expect_text(text).await;
        }
        let label = language.texts().prompt.faces[1].replace('\u{AD}', "");
        browser.expect_text(&label).await;
        let script = "return ['actions', 'thread', 'report'].map((name) =>
            document.querySelector(`afterchat-${name}`).shadowRoot.querySelector('.frame').dir);";
        let direction = language.direction().as_str();
        let found = browser.run(script, vec![]).await;
        assert_eq!(found, json!([direction, direction, direction]), "{tag}");
        browser.set(Window::PHONE).await;
        let found = browser.run("return beyondThePage();", vec![]).await;
        assert_eq!(found, json!([]), "{tag}");
        let complaints = browser.console_messages().await;
        assert_eq!(complaints, Vec::<String>::new(), "{tag}");
    }
}

#[tokio::test]
async fn the_longest_and_the_right_to_left_texts_fit_in_every_window() {
    let inbox = Inbox::start().await;
    for language in ["de", "ar"] {
        let page = inbox.page(language).await;
        page.browser.expect_text("kim").await;
        let name = format!("agent-{language}");
        page.browser.check_in_every_window(&name).await;
    }
}

#[tokio::test]
async fn an_elements_own_language_comes_before_that_of_the_page_and_can_change() {
    let inbox = Inbox::start().await;
    let page = inbox.page("fr").await;
    let browser = &page.browser;
    browser.expect_text("Envoyer la transcription").await;
    let script = "document.querySelector('afterchat-actions').lang = arguments[0];";
    for (language, text) in [
        ("pt-BR", "Enviar transcrição"),
        ("fi", "Envoyer la transcription"),
        ("en", "Send transcript"),
    ] {
        browser.run(script, vec![json!(language)]).await;
        browser.expect_text(text).await;
    }
    // The language that was wanted last wins, whichever is loaded last.
    let script = "const actions = document.querySelector('afterchat-actions');
        for (const language of ['ar', 'de', 'en', 'es']) actions.lang = language;";
    browser.run(script, vec![]).await;
    browser.expect_text("Enviar transcripción").await;
    // Texts of the page replace those of any language.
    let script = "const actions = document.querySelector('afterchat-actions');
        actions.texts = { transcript: { button: 'Mail it' } };
        actions.lang = 'de';";
    browser.run(script, vec![]).await;
    browser.expect_text("Um Bewertung bitten").await;
    browser.expect_text("Mail it").await;
}

#[tokio::test]
async fn the_elements_are_in_english_if_their_language_cannot_be_loaded() {
    let inbox = Inbox::start().await;
    let page = inbox.page("en").await;
    let browser = &page.browser;
    browser.expect_text("of 1 rating").await;
    let blocked = json!({ "urls": ["*/texts-de.js"] });
    browser.devtools("Network.enable", json!({})).await;
    browser.devtools("Network.setBlockedURLs", blocked).await;
    browser
        .run(
            "for (const it of everything()) if (it.matches('afterchat-report, afterchat-thread')) it.lang = 'de';",
            vec![],
        )
        .await;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    browser.expect_text("of 1 rating").await;
    browser.expect_text("asked for a rating").await;
}

/// Compares the tables of an element: which texts, placeholders and plural forms differ from those of the English table
/// and of the language. `{to}` and others may be left out of a plural form that contains the number as a word.
const COMPARE: &str = r"
    const [api, folder, code] = arguments;
    const load = (file) => import(`${api}/v1/assets/any/${folder}/${file}.js`);
    const isPlural = (text) => typeof text === 'object' && !Array.isArray(text) && 'other' in text && 'one' in text;
    const placeholders = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join();
    const problems = [];
    const compare = (path, english, translated) => {
        if (typeof english === 'string') {
            if (typeof translated !== 'string' || !translated) problems.push(`${path} is missing`);
            else if (placeholders(english) !== placeholders(translated)) problems.push(`${path}: ${translated}`);
        } else if (isPlural(english)) {
            const forms = new Intl.PluralRules(code).resolvedOptions().pluralCategories.sort().join();
            if (Object.keys(translated).sort().join() !== forms) problems.push(`${path} has not exactly ${forms}`);
            const required = placeholders(english.other);
            for (const [form, text] of Object.entries(translated)) {
                const allowed = ['zero', 'one', 'two'].includes(form) ? new Set(['', ...required.split(','), required]) : new Set([required]);
                if (!allowed.has(placeholders(text))) problems.push(`${path}.${form}: ${text}`);
            }
        } else {
            const names = new Set([...Object.keys(english), ...Object.keys(translated ?? {})]);
            for (const name of names) compare(`${path}.${name}`, english[name] ?? '', translated?.[name] ?? '');
        }
    };
    return Promise.all([load('texts'), load(code === 'en' ? 'texts' : `texts-${code}`)]).then(([english, translated]) => {
        const table = translated.default ?? translated.ENGLISH;
        if (table.language !== code) problems.push('language');
        compare(folder, english.ENGLISH, { ...table, language: 'en' });
        return [problems, table.faces ?? table.rating?.faces ?? null];
    });
";

#[tokio::test]
async fn every_language_has_all_texts_with_their_placeholders_and_plural_forms() {
    let inbox = Inbox::start().await;
    let page = inbox.page("en").await;
    for (language, ..) in SHOWN {
        let labels = language
            .texts()
            .prompt
            .faces
            .map(|label| label.replace('\u{AD}', ""));
        for (folder, faces) in [
            ("sidebar", json!(labels)),
            ("report", json!(labels)),
            ("settings", Value::Null),
        ] {
            let (url, code) = (inbox.stack.url(), language.as_str());
            let arguments = vec![json!(url), json!(folder), json!(code)];
            let found = page.browser.run(COMPARE, arguments).await;
            assert_eq!(found, json!([[], faces]), "{folder} {code}");
        }
    }
}
