import { describe, expect, it } from 'vitest';
import { RestartPolicy } from '../../../src/vscode/engineClient/restartPolicy';

const MINUTE = 60_000;

describe('when the engine is started again', () => {
  it('is at once before the first crash, and later after each', () => {
    const policy = new RestartPolicy();
    const delays = [policy.delay];
    for (let crash = 0; crash < 3; crash++) {
      policy.crashed(crash * 1000);
      delays.push(policy.delay);
    }
    expect(delays).toEqual([0, 250, 500, 1000]);
  });

  it('is never after 5 crashes in 3 minutes, until the user asks for it', () => {
    const policy = new RestartPolicy();
    for (let crash = 0; crash < 5; crash++) policy.crashed(crash * 0.7 * MINUTE);
    expect(policy.exhausted).toBe(true);
    policy.reset();
    expect(policy.exhausted).toBe(false);
  });

  it('forgives crashes that are longer ago', () => {
    const policy = new RestartPolicy();
    for (let crash = 0; crash < 20; crash++) {
      policy.crashed(crash * MINUTE);
      expect(policy.exhausted).toBe(false);
    }
  });
});
