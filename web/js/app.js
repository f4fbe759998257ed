// @ts-check
// Every behaviour of the application. Each file is one of them; without any of this the pages are plain forms and links.
import "./dialog.js";
import "./forms.js";
import "./copy-buttons.js";
import "./code.js";
import "./share-dialog.js";
import "./drawer.js";
import "./search.js";
import "./more.js";
import "./undo-delete.js";
import "./upload.js";
import "./poll.js";
import "./keys.js";
import "./times.js";
import "./thread.js";
