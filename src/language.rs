//! Which language people are spoken to in. The only place that remembers it; data from files stays as written.

use std::cell::Cell;

/// The two languages of every text that the program says itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// 中文, unless the locale says otherwise.
    Chinese,
    /// English.
    English,
}

thread_local! {
    static CURRENT: Cell<Language> = const { Cell::new(Language::Chinese) };
}

/// Sets the language of this thread; `main` does it once, before anything is said.
pub fn set(language: Language) {
    CURRENT.set(language);
}

/// The language that the locale asks for. `lookup` answers what an environment variable holds.
///
/// The first of `PLAN_LANG`, `LC_ALL`, `LC_MESSAGES` and `LANG` that is set decides: a value that begins with
/// `en` means English, anything else Chinese.
pub fn from_environment(lookup: impl Fn(&str) -> Option<String>) -> Language {
    let value = ["PLAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(lookup)
        .find(|value| !value.is_empty())
        .unwrap_or_default();
    if value.to_ascii_lowercase().starts_with("en") { Language::English } else { Language::Chinese }
}

/// The text in the language that is set: every text for people passes through here.
pub fn tr<T>(zh: T, en: T) -> T {
    match CURRENT.get() {
        Language::Chinese => zh,
        Language::English => en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(pairs: &[(&str, &str)]) -> Language {
        from_environment(|name| {
            pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_string())
        })
    }

    #[test]
    fn chinese_unless_the_locale_says_english() {
        assert_eq!(chosen(&[]), Language::Chinese);
        assert_eq!(chosen(&[("LANG", "C")]), Language::Chinese);
        assert_eq!(chosen(&[("LANG", "en_US.UTF-8")]), Language::English);
        assert_eq!(chosen(&[("LC_ALL", "zh_CN.UTF-8"), ("LANG", "en_US.UTF-8")]), Language::Chinese);
    }

    #[test]
    fn the_programs_own_variable_wins() {
        assert_eq!(chosen(&[("PLAN_LANG", "en"), ("LC_ALL", "zh_CN.UTF-8")]), Language::English);
    }
}
