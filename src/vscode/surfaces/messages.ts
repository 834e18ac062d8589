import { ProgressLocation, window, type CancellationToken } from 'vscode';
import { forEditor } from '../../core/common/foreignText';

/*
 * Messages of the editor. Nothing else shows one (a lint rule holds it): the editor makes links that run commands of
 * what it is given, and names of files stand in most of them.
 */

/** Says something that is as it should be. @returns the action that was chosen, if one was */
export function tell(text: string, ...actions: string[]): Thenable<string | undefined> {
  return window.showInformationMessage(forEditor(text), ...actions);
}

/** Says something that the reader should know of. @returns the action that was chosen, if one was */
export function warn(text: string, ...actions: string[]): Thenable<string | undefined> {
  return window.showWarningMessage(forEditor(text), ...actions);
}

/** Says what went wrong. @returns the action that was chosen, if one was */
export function tellError(text: string, ...actions: string[]): Thenable<string | undefined> {
  return window.showErrorMessage(forEditor(text), ...actions);
}

/** Asks before something that cannot be undone. @returns whether the one action was chosen */
export async function confirm(question: string, detail: string, action: string): Promise<boolean> {
  const options = { modal: true, detail: forEditor(detail) };
  return (await window.showWarningMessage(forEditor(question), options, action)) === action;
}

/** A step of work that is under way: what it does now, and by how many percent it went on. */
export interface ProgressStep {
  readonly message: string;
  readonly increment?: number;
}

/**
 * Shows a notification while work is under way.
 * @param cancel what the cancel button calls; it has none where this is not given
 */
export function whileWorking<Result>(
  title: string,
  work: (report: (step: ProgressStep) => void) => Promise<Result>,
  cancel?: () => void,
): Thenable<Result> {
  const options = {
    location: ProgressLocation.Notification,
    title: forEditor(title),
    cancellable: cancel !== undefined,
  };
  return window.withProgress(options, async (progress, token: CancellationToken) => {
    const listener = cancel && token.onCancellationRequested(cancel);
    try {
      return await work((step) => progress.report({ ...step, message: forEditor(step.message) }));
    } finally {
      listener?.dispose();
    }
  });
}

/** As `whileWorking`, with a button that stops the work. */
export function whileStoppable<Result>(
  title: string,
  work: (signal: AbortSignal, report: (step: ProgressStep) => void) => Promise<Result>,
): Thenable<Result> {
  const stopping = new AbortController();
  return whileWorking(
    title,
    (report) => work(stopping.signal, report),
    () => stopping.abort(),
  );
}

/** A moving bar in a view for as long as work is under way. */
export function whileWorkingInView(viewId: string, work: Promise<void>): void {
  void window.withProgress({ location: { viewId } }, () => work);
}

/** Says something in the status bar for some milliseconds. */
export function tellInStatusBar(text: string, milliseconds: number): void {
  window.setStatusBarMessage(`$(info) ${forEditor(text)}`, milliseconds);
}
