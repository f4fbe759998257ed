//! `ChatGPT`'s tree, whatever its links say.

use serde_json::{Map, Value, json};
use takeback_transcripts::Transcript;

use super::support::{conversation, node, read_json};

/// A tree of nodes in this order in the file.
fn tree_in_order(nodes: &[Value], current: Option<&str>) -> Transcript {
    let pairs: Vec<_> = nodes.iter().map(|node| format!("{}:{node}", node["id"])).collect();
    let json = format!("[{{\"id\":\"x\",\"current_node\":{},\"mapping\":{{{}}}}}]", json!(current), pairs.join(","));
    let mut read = super::support::read(json.as_bytes());
    assert!(read.skipped.is_empty());
    read.transcripts.remove(0)
}

fn tree(mapping: Value, current: Option<&str>) -> Transcript {
    let mut one = conversation("tree", mapping);
    one["current_node"] = json!(current);
    let mut read = read_json(&json!([one]));
    assert!(read.skipped.is_empty());
    read.transcripts.remove(0)
}

/// Each message as `id<parent's id`.
fn links(tree: &Transcript) -> Vec<String> {
    let id = |index: usize| tree.messages[index].source_id.clone();
    let parent = |index: usize| tree.messages[index].parent.map(id).unwrap_or_default();
    (0..tree.messages.len()).map(|index| format!("{}<{}", id(index), parent(index))).collect()
}

fn current(tree: &Transcript) -> &str {
    &tree.messages[tree.current.unwrap()].source_id
}

fn timed(mut node: Value, seconds: u64) -> Value {
    node["message"]["create_time"] = json!(seconds);
    node
}

#[test]
fn parents_decide_not_the_order_in_the_file() {
    let nodes = [node("c", Some("b"), "user", "third"), node("a", None, "user", "first"), node("b", Some("a"), "assistant", "second")];
    let tree = tree_in_order(&nodes, Some("c"));
    assert_eq!(links(&tree), ["a<", "b<a", "c<b"]);
    assert_eq!(current(&tree), "c");
}

#[test]
fn siblings_stand_as_their_parent_lists_them() {
    let mut root = node("a", None, "user", "q");
    root["children"] = json!(["z", "y", "nobody", "x"]);
    let mapping = json!({
        "x": node("x", Some("a"), "assistant", "3"),
        "late": timed(node("late", Some("a"), "assistant", "5"), 20),
        "early": timed(node("early", Some("a"), "assistant", "4"), 10),
        "y": node("y", Some("a"), "assistant", "2"),
        "z": node("z", Some("a"), "assistant", "1"),
        "a": root,
    });
    assert_eq!(links(&tree(mapping, None)), ["a<", "z<a", "y<a", "x<a", "early<a", "late<a"]);
}

#[test]
fn nodes_without_a_message_are_left_out_of_the_line() {
    let hollow = |id: &str, parent: Option<&str>| json!({"id": id, "parent": parent, "children": [], "message": null});
    let mapping = json!({
        "root": hollow("root", None),
        "q1": node("q1", Some("root"), "user", "as first asked"),
        "q2": node("q2", Some("root"), "user", "as then asked"),
        "gap": hollow("gap", Some("q2")),
        "gap2": hollow("gap2", Some("gap")),
        "a2": node("a2", Some("gap2"), "assistant", "answer"),
    });
    let tree = tree(mapping, Some("gap"));
    assert_eq!(links(&tree), ["q1<", "q2<", "a2<q2"]);
    // The current node has no message: its nearest ancestor counts.
    assert_eq!(current(&tree), "q2");
}

#[test]
fn without_a_usable_current_node_the_newest_leaf_is_current() {
    let mapping = json!({
        "a": timed(node("a", None, "user", "q"), 100),
        "b": timed(node("b", Some("a"), "assistant", "newer"), 300),
        "c": timed(node("c", Some("a"), "assistant", "older"), 200),
    });
    for missing in [None, Some("nobody")] {
        assert_eq!(current(&tree(mapping.clone(), missing)), "b");
    }
}

#[test]
fn links_that_lead_nowhere_lose_nothing() {
    let mut lister = node("lister", None, "user", "q");
    lister["children"] = json!(["orphan", "lister"]);
    let nodes = [
        node("self", Some("self"), "user", "my own parent"),
        node("orphan", Some("never was"), "assistant", "listed by another"),
        lister,
        node("lost", Some("never was"), "user", "listed by nobody"),
        node("below", Some("lost"), "assistant", "still there"),
    ];
    assert_eq!(links(&tree_in_order(&nodes, None)), ["self<", "lister<", "orphan<lister", "lost<", "below<lost"]);
}

#[test]
fn a_cycle_is_opened_at_its_first_node() {
    let nodes = [
        node("tail", Some("c"), "assistant", "hangs on the cycle"),
        node("b", Some("a"), "assistant", "2"),
        node("c", Some("b"), "user", "3"),
        node("a", Some("c"), "user", "1"),
        node("other", None, "user", "elsewhere"),
    ];
    // In the file's order b is the cycle's first node.
    let read = tree_in_order(&nodes, Some("tail"));
    let mut found = links(&read);
    found.sort();
    assert_eq!(found, ["a<c", "b<", "c<b", "other<", "tail<c"]);
    assert_eq!(read.current_branch().len(), 3);
}

#[test]
fn two_nodes_of_one_id_are_both_kept() {
    let (one, other) = (node("n", None, "user", "one"), node("n", None, "user", "other"));
    let child = node("k", Some("n"), "assistant", "child");
    let json = format!("[{{\"id\":\"x\",\"mapping\":{{\"n\":{one},\"n\":{other},\"k\":{child}}}}}]");
    let read = super::support::read(json.as_bytes());
    assert_eq!(links(&read.transcripts[0]), ["n<", "k<n", "n#2<"]);
}

#[test]
fn a_hundred_thousand_messages_in_a_row() {
    let mut mapping = Map::new();
    for number in (0..100_000).rev() {
        let id = format!("n{number}");
        let parent = (number > 0).then(|| format!("n{}", number - 1));
        mapping.insert(id.clone(), node(&id, parent.as_deref(), "user", "x"));
    }
    let tree = tree(Value::Object(mapping), Some("n99999"));
    assert_eq!(tree.messages.len(), 100_000);
    assert_eq!(tree.current_branch(), (0..100_000).collect::<Vec<_>>());
    assert_eq!(tree.messages[99_999].source_id, "n99999");
}
