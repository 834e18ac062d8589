/**
 * Asks for the next entry while the last one is still being used, so that reading goes on during a forward pass.
 * Entries come in the order of the source.
 */
export async function* prefetch<Entry>(source: AsyncIterable<Entry>): AsyncGenerator<Entry> {
  const entries = source[Symbol.asyncIterator]();
  let next = settled(entries.next());
  try {
    while (true) {
      const outcome = await next;
      if ('thrown' in outcome) throw outcome.thrown;
      if (outcome.result.done === true) return;
      next = settled(entries.next());
      yield outcome.result.value;
    }
  } finally {
    await next;
    await entries.return?.();
  }
}

type Outcome<Result> = { readonly result: Result } | { readonly thrown: unknown };

/** A failure waits for the reader, who may come late, instead of counting as unhandled. */
function settled<Result>(promise: Promise<Result>): Promise<Outcome<Result>> {
  return promise.then(
    (result) => ({ result }),
    (thrown: unknown) => ({ thrown }),
  );
}
