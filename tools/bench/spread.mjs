/** @returns {{ median: number, min: number, max: number }} of some measurements */
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return {
    median: (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2,
    min: sorted[0],
    max: sorted.at(-1),
  };
}

/** A line for each measurement: its median, and its range in brackets. */
export function spreadTable(measured, digits) {
  const width = Math.max(...Object.keys(measured).map((what) => what.length));
  return Object.entries(measured)
    .map(([what, { median, min, max }]) => {
      const range = `(${min.toFixed(digits)} to ${max.toFixed(digits)})`;
      return `${what.padEnd(width)} ${median.toFixed(digits).padStart(7)} ${range}`;
    })
    .join('\n');
}
