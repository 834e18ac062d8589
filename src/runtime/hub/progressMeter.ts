export interface DownloadProgress {
  /** Path of the file that is arriving. */
  readonly file: string;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly bytesPerSecond: number;
  /** null until the speed is known. */
  readonly secondsLeft: number | null;
}

interface ProgressMeter {
  /** Bytes of one file that are there by now. */
  during(file: string, bytes: number): void;
  after(file: string, bytes: number): void;
}

/** The speed is that of the last seconds, so that a pause or an earlier download does not distort the time left. */
const WINDOW_MS = 5_000;
/** Fast enough for the eye. */
const INTERVAL_MS = 100;

/** Turns bytes that arrive into progress with speed and time left. */
export function progressMeter(
  bytesTotal: number,
  onProgress: (progress: DownloadProgress) => void,
  now: () => number = Date.now,
): ProgressMeter {
  let finished = 0;
  let reported = -Infinity;
  let samples: { readonly time: number; readonly bytes: number }[] = [];
  let lastFile: string | null = null;

  const report = (file: string, bytesDone: number): void => {
    const time = now();
    if (time - reported < INTERVAL_MS && bytesDone < bytesTotal) return;
    reported = time;
    // What a file brings along from an earlier download has not arrived now.
    if (file !== lastFile) samples = [];
    lastFile = file;
    samples = [...samples.filter((sample) => time - sample.time <= WINDOW_MS), { time, bytes: bytesDone }];
    const [first] = samples;
    const seconds = (time - first!.time) / 1000;
    const bytesPerSecond = seconds > 0 ? Math.max(bytesDone - first!.bytes, 0) / seconds : 0;
    const secondsLeft = bytesPerSecond > 0 ? (bytesTotal - bytesDone) / bytesPerSecond : null;
    onProgress({ file, bytesDone, bytesTotal, bytesPerSecond, secondsLeft });
  };
  return {
    during: (file, bytes) => report(file, finished + bytes),
    after(file, bytes) {
      finished += bytes;
      report(file, finished);
    },
  };
}
