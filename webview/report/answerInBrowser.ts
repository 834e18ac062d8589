import type { Wish } from '../common/wishes';

/**
 * Does what a plain browser can of what a page asks: copies, saves, and hands places to VS Code.
 * @param root absolute folder that the names of files are relative to
 */
export function answerInBrowser(wish: Wish, root: string): void {
  switch (wish.type) {
    case 'copyText':
      void navigator.clipboard.writeText(wish.text);
      break;
    case 'saveFile':
      save(wish.suggestedName, wish.content, wish.encoding);
      break;
    case 'openPlace':
      window.location.assign(editorLink(root, wish.file, wish.line, wish.column));
      break;
    case 'openNeuron':
    case 'openConcept':
    case 'openAblation':
    case 'openPrompts':
    case 'pin':
    case 'copyLink':
    case 'showLog':
      break;
  }
}

/** The address by which VS Code opens a file at a place. */
function editorLink(root: string, file: string, line: number, column: number): string {
  const path = `${root}/${file}`
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '');
  return `vscode://file/${path.map(encodeURIComponent).join('/')}:${line}:${column}`;
}

function save(name: string, content: string, encoding: 'utf-8' | 'base64'): void {
  const bytes = encoding === 'utf-8' ? content : Uint8Array.from(atob(content), (byte) => byte.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes]));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
