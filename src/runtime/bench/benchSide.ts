import { openBareSide } from './bareSide';
import type { BenchSetup, BenchSide, OpenSide } from './benchRequest';
import { openPlainSide } from './plainSide';
import { openProfileSide } from './profileSide';

/** Opens one side of a comparison in this process. */
export function openBenchSide(side: BenchSide, setup: BenchSetup): Promise<OpenSide> {
  switch (side) {
    case 'bare':
      return openBareSide(setup);
    case 'profile':
      return openProfileSide(setup);
    case 'plain':
      return openPlainSide(setup);
  }
}
