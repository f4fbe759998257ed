//! Providers that the environment and takeback.toml name.

use serde::Deserialize;

use super::settings::{Key, Kind, ProviderSettings, Source};
use crate::config::Environment;
use crate::error::Error;

/// Where an Ollama usually is.
pub const OLLAMA: &str = "http://127.0.0.1:11434";

/// A `[[providers]]` of takeback.toml.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    name: String,
    kind: String,
    base_url: Option<String>,
    key: Option<String>,
    key_env: Option<String>,
    #[serde(default)]
    models: Vec<String>,
    context_tokens: Option<u32>,
}

/// All of them: those of the environment, then those of the file.
///
/// # Errors
/// [`Error::Setup`] that names the provider and what is wrong with it.
pub fn all(environment: &Environment, file: Vec<Written>) -> Result<Vec<ProviderSettings>, Error> {
    let mut all = from_environment(environment);
    for written in file {
        let settings = from_file(environment, &written)?;
        if all.iter().any(|known| known.id == settings.id) {
            return Err(setup(&written.name, "there is another one of this name (the environment makes openai, anthropic and gemini)"));
        }
        all.push(settings);
    }
    Ok(all)
}

fn from_environment(environment: &Environment) -> Vec<ProviderSettings> {
    let mut all = Vec::new();
    let mut add = |id: &str, name: &str, kind: Kind, base_url: &str, key: Option<String>, variable| {
        let key = key.as_deref();
        all.push(ProviderSettings {
            id: id.to_owned(),
            source: Source::Environment(variable),
            ..ProviderSettings::new(name, kind, base_url, key)
        });
    };
    let usual = |kind: Kind| kind.usual_address().unwrap_or_default();
    match (environment.get("OPENAI_API_KEY"), environment.get("OPENAI_BASE_URL")) {
        (None, None) => (),
        (Some(key), None) => add("openai", "OpenAI", Kind::OpenAi, usual(Kind::OpenAi), Some(key), "OPENAI_API_KEY"),
        // Whoever gives an address of their own means a server that speaks like OpenAI's.
        (key, Some(url)) => {
            let kind = if url.contains("//api.openai.com") { Kind::OpenAi } else { Kind::Compatible };
            add("openai", kind.label(), kind, &url, key, "OPENAI_BASE_URL");
        }
    }
    for (variable, id, kind) in [("ANTHROPIC_API_KEY", "anthropic", Kind::Anthropic), ("GEMINI_API_KEY", "gemini", Kind::Gemini)] {
        if let Some(key) = environment.get(variable) {
            add(id, kind.label(), kind, usual(kind), Some(key), variable);
        }
    }
    all
}

fn from_file(environment: &Environment, written: &Written) -> Result<ProviderSettings, Error> {
    let name = written.name.trim();
    if name.is_empty() {
        return Err(setup("", "it needs a name"));
    }
    let kinds = "kind must be openai, anthropic, gemini, ollama or compatible";
    let kind = Kind::parse(&written.kind).ok_or_else(|| setup(name, kinds))?;
    let base_url = written.base_url.as_deref().or(kind.usual_address());
    let base_url = base_url.ok_or_else(|| setup(name, "it needs base_url, such as http://127.0.0.1:8000/v1"))?;
    let key = match (&written.key, &written.key_env) {
        (Some(_), Some(_)) => return Err(setup(name, "give key or key_env, not both")),
        (Some(key), None) => Some(key.trim().to_owned()).filter(|key| !key.is_empty()),
        (None, Some(variable)) => {
            let missing = format!("key_env names the variable {variable}, which is not set");
            Some(environment.get(variable).ok_or_else(|| setup(name, &missing))?)
        }
        (None, None) => None,
    };
    Ok(ProviderSettings {
        key: key.as_deref().map(Key::new),
        models: written.models.clone(),
        context_tokens: written.context_tokens.filter(|tokens| *tokens > 0),
        ..ProviderSettings::new(name, kind, base_url, None)
    })
}

fn setup(name: &str, what: &str) -> Error {
    Error::Setup(format!("The provider {name:?} in takeback.toml: {what}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Vec<Written> {
        #[derive(Deserialize)]
        struct File {
            providers: Vec<Written>,
        }
        toml::from_str::<File>(text).unwrap().providers
    }

    #[test]
    fn a_key_in_the_environment_is_all_that_it_takes() {
        let environment = Environment::Given(vec![
            ("OPENAI_API_KEY", "sk-a".to_owned()),
            ("ANTHROPIC_API_KEY", "sk-b".to_owned()),
            ("GEMINI_API_KEY", " ".to_owned()),
        ]);
        let found = all(&environment, Vec::new()).unwrap();
        let shown: Vec<_> = found.iter().map(|p| (p.id.as_str(), p.kind, p.base_url.as_str())).collect();
        assert_eq!(
            shown,
            [("openai", Kind::OpenAi, "https://api.openai.com/v1"), ("anthropic", Kind::Anthropic, "https://api.anthropic.com/v1")]
        );
        let local = Environment::Given(vec![("OPENAI_BASE_URL", "http://gpu.lan:8000/v1/".to_owned())]);
        let found = all(&local, Vec::new()).unwrap();
        assert_eq!((found[0].kind, found[0].name.as_str(), found[0].key.is_none()), (Kind::Compatible, "OpenAI-compatible", true));
    }

    #[test]
    fn a_mistake_in_the_file_is_named_without_the_key() {
        for (text, words) in [
            ("name = 'x'\nkind = 'gpt'\nkey = 'sk-zanzibar'", "kind must be"),
            ("name = 'x'\nkind = 'compatible'\nkey = 'sk-zanzibar'", "needs base_url"),
            ("name = 'x'\nkind = 'openai'\nkey = 'sk-zanzibar'\nkey_env = 'Y'", "not both"),
            ("name = 'x'\nkind = 'openai'\nkey_env = 'ZZ'", "ZZ, which is not set"),
            ("name = ''\nkind = 'openai'\nkey = 'sk-zanzibar'", "needs a name"),
        ] {
            let error = all(&Environment::Empty, written(&format!("[[providers]]\n{text}"))).unwrap_err().to_string();
            assert!(error.contains(words) && !error.contains("zanzibar"), "{error}");
        }
        let twice = written("[[providers]]\nname = 'Lab'\nkind = 'ollama'\n[[providers]]\nname = 'lab'\nkind = 'ollama'");
        assert!(all(&Environment::Empty, twice).unwrap_err().to_string().contains("another one"));
    }
}
