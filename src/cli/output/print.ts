import { inspect } from 'node:util';
import { systemCode, writeError } from '../../runtime/files/fileErrors';
import { forJson, forTerminal, inOneLine } from '../../core/common/foreignText';

/*
 * The only place that writes to the terminal (a lint rule holds it), so that no text from outside can steer one. Names
 * and tokens within a text of several lines are brought into one line where that text is made.
 */

/** Prints one JSON document on stdout, and nothing else goes there with it. Non-finite numbers become null. */
export function printJson(value: unknown): void {
  process.stdout.write(`${forJson(JSON.stringify(value, null, 2))}\n`);
}

/** Prints one line on stdout, whatever the names in it hold. */
export function printLine(line = ''): void {
  process.stdout.write(`${inOneLine(line)}\n`);
}

/** Prints a piece of a line on stdout that grows. */
export function printPiece(piece: string): void {
  process.stdout.write(inOneLine(piece));
}

/** Prints a text of several lines, such as a table or a page, on stdout. */
export function printText(text: string): void {
  process.stdout.write(`${forTerminal(text)}\n`);
}

/** One line of progress, a warning or an error: stderr, so that pipes and --json stay clean. */
export function printNotice(line: string): void {
  process.stderr.write(`${inOneLine(line)}\n`);
}

/** What stands behind an error, for whoever looks for its cause: stderr. */
export function printCause(cause: unknown): void {
  process.stderr.write(`${forTerminal(inspect(cause))}\n`);
}

/**
 * Lets a reader leave before the end, as `head` does: it wants no more, and the work goes on to its own end. Output that
 * could not be written for any other reason is said, and fails the command.
 */
export function outliveReaders(): void {
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error) => {
    if (systemCode(error) === 'EPIPE') return;
    printNotice(writeError('The output', error).message);
    process.exitCode = 1;
  });
}

/** Where the parser of the command line writes its help and what it refuses, line ends included. */
export const PARSER_OUTPUT = {
  writeOut: (text: string): boolean => process.stdout.write(forTerminal(text)),
  writeErr: (text: string): boolean => process.stderr.write(forTerminal(text)),
};
