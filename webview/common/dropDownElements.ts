/** The elements of drop-down lists: more code than the rest of a page, to be imported behind the first paint. */
import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
