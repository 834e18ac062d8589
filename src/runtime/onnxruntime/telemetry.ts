/**
 * onnxruntime-node 1.30 collects telemetry of its own accord: a device id and a database of events in the user's cache,
 * a log a process, look-ups of an upload host. It asks the environment whether it may; this is evaluated before the
 * library is (library.ts imports it first), and the processes started from here inherit it.
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1';
