import { inspect } from 'node:util';
import { window } from 'vscode';
import { forTerminal, inOneLine } from '../../core/common/foreignText';

/** The extension's log, as the editor shows it and keeps it in a file. */
export interface Log {
  info(line: string): void;
  warn(line: string): void;
  /** @param cause what stands behind the line: an error, or its stack */
  error(line: string, cause: unknown): void;
  show(): void;
  dispose(): void;
}

/** Opens the log: the only thing that writes to the editor's channel, so that nothing in it steers whoever reads it. */
export function openLog(): Log {
  const channel = window.createOutputChannel('Neuron Lens', { log: true });
  return {
    info: (line) => channel.info(inOneLine(line)),
    warn: (line) => channel.warn(inOneLine(line)),
    error: (line, cause) => channel.error(`${inOneLine(line)}\n${forTerminal(textOf(cause))}`),
    show: () => channel.show(),
    dispose: () => channel.dispose(),
  };
}

function textOf(cause: unknown): string {
  return typeof cause === 'string' ? cause : inspect(cause);
}
