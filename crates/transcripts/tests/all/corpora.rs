//! Every real `ChatGPT` export of the test data, with expectations written by hand.

use takeback_transcripts::{Role, Source, Transcript, open};

use super::support::{Outcome, corpus, read_all, said};

fn read(file: &str) -> Option<Outcome> {
    let path = corpus(file)?;
    let mut export = open(&path).unwrap();
    assert_eq!(export.source(), Source::ChatGpt);
    let outcome = read_all(&mut export);
    assert_eq!(outcome.progress.last(), Some(&export.total_bytes()));
    assert!(outcome.summary.broken.is_none());
    assert!(outcome.summary.unknown.is_empty());
    assert_eq!(outcome.summary.replaced_characters, 0);
    Some(outcome)
}

/// S, U, A, T for the roles; lower case for what is hidden.
fn shape(transcript: &Transcript) -> String {
    let letter = |role| match role {
        Role::System => 'S',
        Role::User => 'U',
        Role::Assistant => 'A',
        Role::Tool => 'T',
    };
    let messages = transcript.messages.iter();
    messages.map(|one| if one.hidden { letter(one.role).to_ascii_lowercase() } else { letter(one.role) }).collect()
}

fn is_one_branch(transcript: &Transcript) -> bool {
    transcript.current_branch() == (0..transcript.messages.len()).collect::<Vec<_>>()
}

#[test]
fn bot_knows() {
    let Some(read) = read("chatgpt/bot-knows/chatgpt_export.json") else {
        return;
    };
    assert_eq!(read.titles(), ["Toto Cutugno Insieme 1992", "Moja zubarka prevod"]);
    let [first, second] = &read.transcripts[..] else { panic!() };
    assert_eq!(first.source_id, "abc123-def456");
    assert_eq!(first.created_at_micros, Some(1_704_067_200_000_000));
    assert_eq!(first.updated_at_micros, Some(1_704_070_800_000_000));
    assert_eq!(first.model, None);
    // The nodes have no links at all: they are a list in the order of their times.
    assert_eq!(shape(first), "UAUA");
    assert!(is_one_branch(first));
    assert_eq!(said(&first.messages[0]), "which italian singer is singing United Europe");
    assert!(said(&first.messages[3]).contains("- Returns two sets: (done, pending)\n"));
    assert_eq!(first.messages[3].created_at_micros, Some(1_704_067_560_000_000));
    assert_eq!(shape(second), "UA");
    assert_eq!(said(&second.messages[1]), "Moja zubarka translates to My dentist (female) in English.");
}

#[test]
fn librechat_web_search() {
    let Some(read) = read("chatgpt/librechat-importer/chatgpt-export.json") else {
        return;
    };
    assert_eq!(read.titles(), ["Conversation 1. Web Search", "Conversation 2"]);
    let [first, second] = &read.transcripts[..] else { panic!() };
    assert_eq!(first.source_id, "d6523d1e-7ec3-474f-a363-0e9dffdb3d93");
    assert_eq!(first.created_at_micros, Some(1_704_629_915_775_304));
    assert_eq!(shape(first), "sUatattAUatatAUA");
    assert!(is_one_branch(first));
    assert_eq!(said(&first.messages[1]), "What is the fuel consumption of vw  transporter with 8 people in l/km");
    assert_eq!(
        serde_json::to_string(&first.messages[2].parts).unwrap(),
        r#"[{"type":"tool_call","name":"browser","arguments":"search(\"Volkswagen Transporter fuel consumption with 8 people l/km\")"}]"#
    );
    assert_eq!(first.messages[2].model.as_deref(), Some("gpt-4"));
    let answer = said(&first.messages[7]);
    assert!(answer.starts_with("The fuel consumption of a Volkswagen Transporter can vary"));
    assert!(answer.ends_with(
        " ([2021 Volkswagen Transporter T6.1 L2H1 2.0 TDI 110HP specs, dimensions](https://www.ultimatespecs.com/car-specs/Volkswagen/118424/2021-Volkswagen-Transporter-T61-L2H1-20-TDI-110HP.html)) ([Volkswagen Transporter Review - Drive](https://www.drive.com.au/reviews/volkswagen-transporter-review/))."
    ));
    assert!(!answer.contains('【'));
    assert!(said(&first.messages[15]).contains(
        "([Volkswagen Transporter TDI340 2014 - Pricing \\& Specifications \\| carsales.com.au](https://www.carsales.com.au/volkswagen/transporter/price/2014/tdi340-381631/))"
    ));
    assert_eq!(shape(second), "sUAUA");
    assert_eq!(said(&second.messages[3]), "give me code in C#");
    assert!(said(&second.messages[4]).contains("```csharp\nusing System;"));
    assert_eq!(second.messages[4].model.as_deref(), Some("text-davinci-002-render-sha"));
}

#[test]
fn librechat_modern() {
    let Some(read) = read("chatgpt/librechat-importer/chatgpt-modern-export.json") else {
        return;
    };
    assert_eq!(read.titles(), ["Deploying the staging cluster", "Weeknight pasta"]);
    let [first, second] = &read.transcripts[..] else { panic!() };
    assert_eq!(first.model.as_deref(), Some("gpt-5-thinking"));
    assert_eq!(first.created_at_micros, Some(1_756_000_000_123_456));
    // The profile and instructions of the user are kept, and hidden.
    assert_eq!(shape(first), "uUAUA");
    assert!(is_one_branch(first));
    assert_eq!(said(&first.messages[0]), "The user is an SRE.\n\nAnswer concisely.");
    assert_eq!(said(&first.messages[2]), "Run `helm rollback staging`.");
    // The model is what the message says, never a guess.
    assert_eq!(first.messages[2].model, None);
    assert_eq!(first.messages[4].model.as_deref(), Some("o4-mini"));
    assert_eq!(shape(second), "UA");
    assert_eq!(said(&second.messages[1]), "Puttanesca.");
    let [skipped] = &read.skipped[..] else { panic!() };
    assert_eq!(skipped.position, 1);
    assert_eq!(skipped.title.as_deref(), Some("Corrupted entry"));
    assert_eq!(skipped.reason, "It has no messages (no \"mapping\").");
}

#[test]
fn librechat_tree() {
    let Some(read) = read("chatgpt/librechat-importer/chatgpt-tree.json") else {
        return;
    };
    let [tree] = &read.transcripts[..] else { panic!() };
    assert_eq!(tree.title.as_deref(), Some("Assist user with summary"));
    assert_eq!(shape(tree), "sUAUAUAUAUAA");
    let parents: Vec<_> = tree.messages.iter().map(|one| one.parent).collect();
    let expected = [None, Some(0), Some(1), Some(2), Some(3), Some(4), Some(5), Some(2), Some(7), Some(8), Some(9), Some(9)];
    assert_eq!(parents, expected);
    let branch: Vec<_> = tree.current_branch().iter().map(|one| said(&tree.messages[*one])).collect();
    assert_eq!(
        branch[1..6],
        ["hi there", "Hello! How can I assist you today?", "hi again", "Hey! Welcome back. What's on your mind?", "tell me a joke"]
    );
    assert!(branch[6].contains("Because they make up everything!"));
    assert_eq!(said(&tree.messages[3]), "so cool bro");
    assert!(said(&tree.messages[6]).ends_with("in a small village nestled between rolling"));
}

#[test]
fn one_conversation_with_instructions() {
    let Some(read) = read("chatgpt/sanand0-openai-conversations/csv-data-analysis-insights.json") else {
        return;
    };
    let [one] = &read.transcripts[..] else { panic!() };
    assert_eq!(one.title.as_deref(), Some("CSV Data Analysis Insights"));
    assert_eq!(one.source_id, "674920c9-f218-800c-9cd8-c3bb51bf49eb");
    assert_eq!(one.model.as_deref(), Some("o1-preview"));
    assert_eq!(shape(one), "suUtA");
    assert!(is_one_branch(one));
    assert!(said(&one.messages[1]).contains("Use dry humor."));
    assert!(said(&one.messages[2]).starts_with("I am writing a Python program that can automatically analyze ANY CSV file"));
    assert!(said(&one.messages[4]).starts_with("A comprehensive list of analyses"));
}

#[test]
fn markers_in_private_use_characters() {
    let file = "chatgpt/sanand0-openai-conversations/karunanidhi-political-family-overview.json";
    let Some(read) = read(file) else { return };
    let [one] = &read.transcripts[..] else { panic!() };
    assert_eq!(one.title.as_deref(), Some("Karunanidhi Political Family Overview"));
    assert_eq!(shape(one), "suUaatA");
    let answer = said(&one.messages[6]);
    assert!(answer.starts_with("![Karunanidhi: Here's DMK chief's family tree](https://tse4.mm.bing.net/"));
    assert!(answer.contains("**Follow-Up Prompts:**"));
    assert!(!answer.contains(|c| ('\u{e000}'..='\u{f8ff}').contains(&c)));
}

#[test]
fn citations_in_both_forms_become_links_once() {
    let Some(read) = read("chatgpt/sanand0-openai-conversations/seoul-weather-early-october.json") else {
        return;
    };
    let [one] = &read.transcripts[..] else { panic!() };
    assert_eq!(one.title.as_deref(), Some("Seoul Weather Early October"));
    assert_eq!(shape(one), "ssUaatatttA");
    assert!(is_one_branch(one));
    assert!(said(&one.messages[10]).ends_with(
        "to explore the city ([Seoul Weather in October: Temperature, Rainfall, \\& More](https://weather-and-climate.com/Seoul-October-averages)) ([October weather - Autumn 2024 - Seoul, South Korea](https://www.weather-atlas.com/en/south-korea/seoul-weather-october))."
    ));
}

#[test]
fn other_exports_are_recognised_by_their_content() {
    let files = [
        ("claude/bot-knows/claude_export.json", "a Claude export"),
        ("claude/simonw-claude-to-sqlite/example.json", "a Claude export"),
        ("openwebui/openwebui-export.json", "an Open WebUI export"),
        ("librechat/librechat-linear.json", "a LibreChat export"),
        ("librechat/librechat-tree.json", "a LibreChat export"),
        ("librechat/chatbotui-export.json", "a Chatbot UI export"),
        ("sharegpt/dummy_conversation_first60.json", "a ShareGPT file"),
    ];
    for (file, what) in files {
        let Some(path) = corpus(file) else { return };
        assert_eq!(
            open(&path).unwrap_err().to_string(),
            format!(
                "This looks like {what}; this version reads a ChatGPT export (its ZIP file or conversations.json), Chat Completions messages, and sessions of Claude Code and Codex."
            ),
            "{file}"
        );
    }
}
