// @ts-check
// Making nodes on the page equal to fresh ones while leaving alone what is equal already: what a person has selected
// or unfolded stays so, and nothing is drawn again that did not change.
//
// Elements with `data-kept` were put there by a script; they are not compared and stay where they are.

/** How far ahead a node's counterpart is looked for. */
const AHEAD = 8;

/**
 * Makes the children of `parent` from `first` on equal to `fresh`.
 * @param {Node} parent
 * @param {ChildNode | null} first
 * @param {ChildNode[]} fresh
 * @returns {ChildNode[]} the nodes that are there now, one for each fresh one
 */
export function align(parent, first, fresh) {
  let old = past(first);
  const now = [];
  for (const node of fresh) {
    const match = counterpart(old, node);
    if (!match) {
      parent.insertBefore(node, old);
      now.push(node);
      continue;
    }
    while (old && old !== match) old = drop(old);
    old = past(match.nextSibling);
    become(match, node);
    now.push(match);
  }
  while (old) old = drop(old);
  return now;
}

/**
 * Makes one node equal to a fresh one of the same kind.
 * @param {ChildNode} old
 * @param {ChildNode} fresh
 */
export function become(old, fresh) {
  if (old instanceof CharacterData && fresh instanceof CharacterData) return rewrite(old, fresh.data);
  if (!(old instanceof Element) || !(fresh instanceof Element) || old.isEqualNode(fresh)) return;
  attributes(old, fresh);
  align(old, old.firstChild, [...fresh.childNodes]);
}

/**
 * @param {Element} old
 * @param {Element} fresh
 */
function attributes(old, fresh) {
  const folded = old instanceof HTMLDetailsElement;
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !(folded && name === "open")) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

/**
 * Only what differs is exchanged, so that a selection in what stays is kept.
 * @param {CharacterData} old
 * @param {string} data
 */
function rewrite(old, data) {
  if (data.startsWith(old.data)) {
    if (data.length > old.length) old.appendData(data.slice(old.length));
    return;
  }
  const most = Math.min(old.length, data.length);
  const before = old.data;
  let same = 0;
  while (same < most && before[same] === data[same]) same += 1;
  old.replaceData(same, old.length - same, data.slice(same));
}

/**
 * @param {ChildNode | null} old
 * @param {ChildNode} node
 * @returns {ChildNode | null}
 */
function counterpart(old, node) {
  if (!(node instanceof Element)) return old && old.nodeType === node.nodeType ? old : null;
  for (let at = old, steps = 0; at && steps < AHEAD; at = past(at.nextSibling), steps += 1) {
    if (at instanceof Element && at.nodeName === node.nodeName && at.id === node.id) return at;
  }
  return null;
}

/**
 * @param {ChildNode | null} node
 * @returns {ChildNode | null} the node, or the next one that is compared
 */
function past(node) {
  while (node instanceof Element && node.hasAttribute("data-kept")) node = node.nextSibling;
  return node;
}

/**
 * @param {ChildNode} node
 * @returns {ChildNode | null} the one after it
 */
function drop(node) {
  const next = past(node.nextSibling);
  node.remove();
  return next;
}
