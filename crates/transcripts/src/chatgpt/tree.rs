//! The tree: from nodes in any order, with links that may lie, to messages with parents before children.
//!
//! What holds for every input: each node with a message appears exactly once; a node's parent is
//! its nearest ancestor with a message; no recursion, so a chain of any length is fine.
//! - The `parent` link counts. Where it leads nowhere (missing, to itself, to no node), the first node
//!   that lists the node among its `children` is its parent; else the node is a root.
//! - A cycle is opened at its node that comes first in the file; that node becomes a root.
//! - Siblings stand in their parent's `children` order; those not listed, and roots, by time.
//! - A file without a single link is a plain list: each message answers the one before it, by time.

use std::collections::HashMap;

use crate::Message;

/// A node as far as its place in the tree is concerned.
pub(super) struct Node {
    pub(super) id: String,
    pub(super) parent: Option<String>,
    pub(super) children: Vec<String>,
    pub(super) has_message: bool,
    pub(super) created_at_micros: Option<i64>,
}

/// The nodes' order.
pub(super) struct Arranged {
    /// The nodes that have messages, parents first, each with its parent's place in this list.
    pub(super) order: Vec<(usize, Option<usize>)>,
    /// For each node the place in `order` of itself or its nearest ancestor there.
    place: Vec<Option<usize>>,
}

impl Arranged {
    /// The place in `order` of the node `id`, or of its nearest ancestor that has a message.
    pub(super) fn position_of(&self, nodes: &[Node], id: &str) -> Option<usize> {
        let node = nodes.iter().position(|node| node.id == id)?;
        self.place.get(node).copied().flatten()
    }
}

/// Arranges the nodes. Their ids differ.
pub(super) fn arrange(nodes: &[Node]) -> Arranged {
    let mut parents = resolve(nodes);
    let linked = parents.iter().any(Option::is_some);
    if linked {
        open_cycles(&mut parents);
    } else {
        parents = chain(nodes);
    }
    let children = children_in_order(nodes, &parents);
    let mut order = Vec::with_capacity(nodes.len());
    let mut place = vec![None; nodes.len()];
    // Pushed in reverse, so that the first child comes off the stack first.
    let mut stack: Vec<usize> = children.roots.iter().rev().copied().collect();
    while let Some(node) = stack.pop() {
        let above = parents[node].and_then(|parent| place[parent]);
        place[node] = above;
        if nodes[node].has_message {
            place[node] = Some(order.len());
            order.push((node, above));
        }
        stack.extend(children.of[node].iter().rev().copied());
    }
    Arranged { order, place }
}

/// Each node's parent, as its own link or else another's list says.
fn resolve(nodes: &[Node]) -> Vec<Option<usize>> {
    let by_id: HashMap<&str, usize> = nodes.iter().enumerate().map(|(index, node)| (node.id.as_str(), index)).collect();
    let mut listed_by: Vec<Option<usize>> = vec![None; nodes.len()];
    for (index, node) in nodes.iter().enumerate() {
        for child in node.children.iter().filter_map(|id| by_id.get(id.as_str())) {
            if *child != index && listed_by[*child].is_none() {
                listed_by[*child] = Some(index);
            }
        }
    }
    let own_link = |(index, node): (usize, &Node)| {
        let parent = node.parent.as_deref().and_then(|id| by_id.get(id).copied());
        parent.filter(|parent| *parent != index).or(listed_by[index])
    };
    nodes.iter().enumerate().map(own_link).collect()
}

/// Takes one link out of each cycle.
fn open_cycles(parents: &mut [Option<usize>]) {
    const UNSEEN: usize = usize::MAX;
    // In which walk a node was seen first.
    let mut seen_in = vec![UNSEEN; parents.len()];
    for walk in 0..parents.len() {
        let mut at = walk;
        while seen_in[at] == UNSEEN {
            seen_in[at] = walk;
            match parents[at] {
                Some(parent) => at = parent,
                None => break,
            }
        }
        if seen_in[at] == walk && parents[at].is_some() {
            let mut first = at;
            let mut next = parents[at];
            while let Some(member) = next.filter(|member| *member != at) {
                first = first.min(member);
                next = parents[member];
            }
            parents[first] = None;
        }
    }
}

/// The parents in a file that has no links: by time, where every message has one, else as in the file.
fn chain(nodes: &[Node]) -> Vec<Option<usize>> {
    let mut list: Vec<usize> = (0..nodes.len()).filter(|index| nodes[*index].has_message).collect();
    if list.iter().all(|index| nodes[*index].created_at_micros.is_some()) {
        list.sort_by_key(|index| nodes[*index].created_at_micros);
    }
    let mut parents = vec![None; nodes.len()];
    for pair in list.windows(2) {
        if let [before, after] = pair {
            parents[*after] = Some(*before);
        }
    }
    parents
}

struct Children {
    roots: Vec<usize>,
    of: Vec<Vec<usize>>,
}

fn children_in_order(nodes: &[Node], parents: &[Option<usize>]) -> Children {
    let mut roots = Vec::new();
    let mut of = vec![Vec::new(); nodes.len()];
    for (index, parent) in parents.iter().enumerate() {
        match parent {
            Some(parent) => of[*parent].push(index),
            None => roots.push(index),
        }
    }
    let time = |index: &usize| nodes[*index].created_at_micros;
    roots.sort_by_key(time);
    for (node, siblings) in nodes.iter().zip(&mut of).filter(|(_, siblings)| siblings.len() > 1) {
        let mut ranks = HashMap::new();
        for (rank, id) in node.children.iter().enumerate() {
            ranks.entry(id.as_str()).or_insert(rank);
        }
        siblings.sort_by_key(|index| {
            let rank = ranks.get(nodes[*index].id.as_str()).copied();
            (rank.unwrap_or(usize::MAX), time(index))
        });
    }
    Children { roots, of }
}

/// The leaf that was written last; among equals the last in the list.
pub(super) fn newest_leaf(messages: &[Message]) -> Option<usize> {
    let mut is_leaf = vec![true; messages.len()];
    for parent in messages.iter().filter_map(|message| message.parent) {
        is_leaf[parent] = false;
    }
    (0..messages.len()).filter(|index| is_leaf[*index]).max_by_key(|index| messages[*index].created_at_micros)
}
