import * as vscode from 'vscode';

export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel('Neuron Lens', { log: true });
  context.subscriptions.push(output);
}
