import * as v from 'valibot';
import { LENS_ERROR_CODES, LensError, toLensError } from '../core/common/errors';

/** The shapes of one call: what goes in, what comes back, and what is reported on the way. */
export interface Method<Params = unknown, Result = unknown, Progress = unknown> {
  readonly params: v.GenericSchema<unknown, Params>;
  readonly result: v.GenericSchema<unknown, Result>;
  readonly progress: v.GenericSchema<unknown, Progress>;
}

/** All calls that two processes agreed on, by name. */
export type Contract = Readonly<Record<string, Method>>;

export type ParamsOf<M extends Method> = v.InferOutput<M['params']>;
type ResultOf<M extends Method> = v.InferOutput<M['result']>;
type ProgressOf<M extends Method> = v.InferOutput<M['progress']>;

export interface CallOptions<Progress> {
  /** Sends a cancel message when it aborts. The call settles when the other side says so. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: Progress) => void;
}

/** The contract as the calling side sees it: an object of asynchronous functions. */
export type Calls<C extends Contract> = {
  readonly [Name in keyof C]: (
    params: ParamsOf<C[Name]>,
    options?: CallOptions<ProgressOf<C[Name]>>,
  ) => Promise<ResultOf<C[Name]>>;
};

/** What a handler may do besides returning. */
export interface CallContext<Progress> {
  /** Aborts when the caller cancels or goes away. */
  readonly signal: AbortSignal;
  readonly progress: (value: Progress) => void;
}

/** The contract as the answering side implements it. */
export type Handlers<C extends Contract> = {
  readonly [Name in keyof C]: (
    params: ParamsOf<C[Name]>,
    context: CallContext<ProgressOf<C[Name]>>,
  ) => Promise<ResultOf<C[Name]>>;
};

/** One end of a connection, apart from whatever carries its messages. */
export interface Connection {
  /** Takes a message that arrived. */
  receive(message: unknown): void;
  /** The other side is gone: rejects, or aborts, everything that is under way. */
  close(reason: LensError): void;
}

const id = v.number();
const toHandler = v.variant('kind', [
  v.object({ kind: v.literal('call'), id, method: v.string(), params: v.unknown() }),
  v.object({ kind: v.literal('cancel'), id }),
]);
const failure = v.object({ code: v.picklist(LENS_ERROR_CODES), message: v.string(), detail: v.string() });
const toCaller = v.variant('kind', [
  v.object({ kind: v.literal('progress'), id, value: v.unknown() }),
  v.object({ kind: v.literal('result'), id, value: v.unknown() }),
  v.object({ kind: v.literal('failure'), id, failure }),
  /** Says only that the other side is alive. */
  v.object({ kind: v.literal('heartbeat') }),
]);

export type MessageToHandler = v.InferOutput<typeof toHandler>;
export type MessageToCaller = v.InferOutput<typeof toCaller>;

/** A call's shapes with their types kept; without `progress`, `v.never()` refuses any report. */
export function method<Params, Result, Progress = never>(shapes: {
  params: v.GenericSchema<unknown, Params>;
  result: v.GenericSchema<unknown, Result>;
  progress?: v.GenericSchema<unknown, Progress>;
}): Method<Params, Result, Progress> {
  return { progress: v.never(), ...shapes };
}

interface PendingCall {
  readonly name: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: LensError) => void;
  readonly report: ((value: unknown) => void) | undefined;
  readonly release: () => void;
}

/**
 * The calling end. Every call settles: with its result, with the LensError that the handler threw, or with the
 * reason given to `close`.
 * @param lastIdOfOthers calls are numbered from here on, where answers to an earlier caller may still arrive
 */
export function connectCaller<C extends Contract>(
  contract: C,
  send: (message: MessageToHandler) => void,
  lastIdOfOthers = 0,
): Connection & { readonly calls: Calls<C> } {
  const pending = new Map<number, PendingCall>();
  let lastId = lastIdOfOthers;
  let closed: LensError | null = null;

  const call = (name: string, shapes: Method, params: unknown, options: CallOptions<unknown> = {}) =>
    new Promise<unknown>((resolve, reject) => {
      const checked = v.safeParse(shapes.params, params);
      const refusal =
        closed ??
        (options.signal?.aborted ? cancelled() : null) ??
        (checked.success ? null : unreadable(name, checked.issues));
      if (refusal) {
        reject(refusal);
        return;
      }
      const callId = ++lastId;
      const cancel = () => send({ kind: 'cancel', id: callId });
      options.signal?.addEventListener('abort', cancel, { once: true });
      const release = () => options.signal?.removeEventListener('abort', cancel);
      pending.set(callId, { name, resolve, reject, report: options.onProgress, release });
      send({ kind: 'call', id: callId, method: name, params: checked.output });
    });

  const settle = (callId: number, finish: (entry: PendingCall) => void) => {
    const entry = pending.get(callId);
    if (!entry) return;
    pending.delete(callId);
    entry.release();
    finish(entry);
  };

  return {
    calls: Object.fromEntries(
      Object.entries(contract).map(([name, shapes]) => [
        name,
        (params: unknown, options?: CallOptions<unknown>) => call(name, shapes, params, options),
      ]),
    ) as Calls<C>,
    receive(message) {
      const parsed = v.safeParse(toCaller, message);
      if (!parsed.success || parsed.output.kind === 'heartbeat') return;
      const { output } = parsed;
      if (output.kind === 'failure') {
        const { code, message: sentence, detail } = output.failure;
        settle(output.id, (entry) => entry.reject(new LensError(code, sentence, { cause: detail })));
        return;
      }
      const entry = pending.get(output.id);
      const shapes = entry && contract[entry.name];
      if (!shapes) return;
      const value = v.safeParse(output.kind === 'result' ? shapes.result : shapes.progress, output.value);
      if (!value.success) settle(output.id, ({ name, reject }) => reject(unreadable(name, value.issues)));
      else if (output.kind === 'progress') entry.report?.(value.output);
      else settle(output.id, ({ resolve }) => resolve(value.output));
    },
    close(reason) {
      closed = reason;
      for (const callId of [...pending.keys()]) settle(callId, (entry) => entry.reject(reason));
    },
  };
}

/** The answering end: checks what arrives, runs the handler and sends what it returns or throws. */
export function connectHandlers<C extends Contract>(
  contract: C,
  handlers: Handlers<C>,
  send: (message: MessageToCaller) => void,
): Connection {
  const running = new Map<number, AbortController>();

  const answer = async (callId: number, name: string, params: unknown) => {
    const controller = new AbortController();
    running.set(callId, controller);
    try {
      const shapes = Object.hasOwn(contract, name) ? contract[name] : undefined;
      const handler = handlers[name];
      if (!shapes || !handler) throw new LensError('internal', `There is no call named "${name}".`);
      const checked = v.safeParse(shapes.params, params);
      if (!checked.success) throw unreadable(name, checked.issues);
      const value = await handler(checked.output, {
        signal: controller.signal,
        progress: (report) => send({ kind: 'progress', id: callId, value: report }),
      });
      send({ kind: 'result', id: callId, value });
    } catch (thrown) {
      const { code, message, cause, stack } = toLensError(thrown);
      const detail = cause instanceof Error ? (cause.stack ?? cause.message) : (stack ?? '');
      send({ kind: 'failure', id: callId, failure: { code, message, detail } });
    } finally {
      running.delete(callId);
    }
  };

  return {
    receive(message) {
      const parsed = v.safeParse(toHandler, message);
      if (!parsed.success) return;
      if (parsed.output.kind === 'cancel') running.get(parsed.output.id)?.abort(cancelled());
      else void answer(parsed.output.id, parsed.output.method, parsed.output.params);
    },
    close(reason) {
      for (const controller of running.values()) controller.abort(reason);
    },
  };
}

function cancelled(): LensError {
  return new LensError('cancelled', 'Cancelled.');
}

function unreadable(name: string, issues: readonly v.BaseIssue<unknown>[]): LensError {
  const issue = issues[0];
  const path = issue ? (v.getDotPath(issue) ?? 'its value') : 'its value';
  return new LensError(
    'internal',
    `Two parts of Neuron Lens misunderstood each other (${name}, ${path}). Reload the window; if it happens again, report it with the log.`,
    { cause: issue?.message },
  );
}
