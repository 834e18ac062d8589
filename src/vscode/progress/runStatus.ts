import { Disposable, StatusBarAlignment, window } from 'vscode';
import type { Services } from '../lens';
import { percentOf } from './runNotification';
import { inOneLine } from '../../core/common/foreignText';

/** `Neuron Lens 62 %` in the status bar while a profile is made. */
export function activateRunStatus({ runs }: Services<'runs'>): Disposable[] {
  const item = window.createStatusBarItem('neuronLens.run', StatusBarAlignment.Left);
  item.name = 'Neuron Lens: running profile';
  item.command = 'neuronLens.profiles.focus';
  return [
    Disposable.from(item),
    runs.onDidChange((run) => {
      if (run === null) {
        item.hide();
        return;
      }
      item.text =
        run.progress === null
          ? '$(loading~spin) Neuron Lens'
          : `$(loading~spin) Neuron Lens ${Math.floor(percentOf(run))} %`;
      item.tooltip = inOneLine(`Profiling ${run.recipe.name}. Click to see it.`);
      item.show();
    }),
  ];
}
