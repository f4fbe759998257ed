// @ts-check
// The behaviours of a chat with an assistant for people without an account, and of the one beside its form.
import "./dialog.js";
import "./forms.js";
import "./copy-buttons.js";
import "./code.js";
import "./times.js";
import "./follow.js";
import "./stream.js";
import "./composer.js";
