/**
 * Takes a test from check to check between the judge's runtime and the learner's. Results come only from the judge;
 * what the learner's runtime says is bytes that the judge decodes, or is cleaned here.
 */
import type { JudgeStep, LearnerOutcome, LearnerRequest, LearnersPart, Reply } from '../../workers/python.protocol';
import { giveDigits } from './digits';
import { giveFiles } from './dropped';
import { type Runtime, RuntimeDied } from './runtime';
import type { CheckResult, ExerciseChecks, Message, PythonError, RunResult, TestOptions, TestReport } from './types';

export interface Limits {
  loadSeconds: number;
  /** What the learner's code may take within one check. */
  checkSeconds: number;
}

export const LIMITS: Limits = { loadSeconds: 10, checkSeconds: 10 };

/** What importing an exercise's packages may take on a slow machine; the learner's code doesn't wait in it. */
const IMPORT_SECONDS = 30;

export interface Parties {
  learner: Runtime;
  judge: Runtime;
  limits?: Limits;
  /** Whether the reader pressed Stop. */
  stopped: () => boolean;
}

/** Draws the number that the random inputs come from. */
export function drawSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]!;
}

export async function runTest(
  { learner, judge, limits = LIMITS, stopped }: Parties,
  exercise: ExerciseChecks,
  code: string,
  options: TestOptions,
): Promise<TestReport> {
  const started = performance.now();
  const seed = options.seed ?? drawSeed();
  const report = (status: TestReport['status'], load: RunResult, results: CheckResult[]): TestReport => ({
    status: stopped() ? 'stopped' : status,
    load,
    results,
    seed,
    ms: performance.now() - started,
  });
  let output = '';
  learner.onOutput = (chunk) => {
    if (chunk.stream === 'stdout' || chunk.stream === 'stderr') output += chunk.text;
    options.onOutput?.(chunk);
  };

  const { given, packages = [], seconds: wanted = 0 } = exercise;
  const seconds = {
    load: Math.max(limits.loadSeconds, wanted) + (packages.length > 0 ? IMPORT_SECONDS : 0),
    check: Math.max(limits.checkSeconds, wanted),
  };
  const load = await runCode(learner, { type: 'load', code, exercise: learnersPart(exercise) }, seconds.load, stopped);
  if (load.status !== 'ok') return report('not_run', load, []);

  const opened = await judge.request<{ checks: { name: string; visible: boolean }[] } | { broken: PythonError }>({
    type: 'open',
    checks: exercise.checks,
    given: given ?? null,
    seed,
    visibleOnly: options.mode === 'run',
    record: options.record ?? false,
    flavour: exercise.flavour ?? 'numpy',
  });
  if ('broken' in opened) throw new Error(`checks of ${exercise.id}: ${opened.broken.traceback}`);

  const { only } = options;
  const asked = opened.checks.filter(({ name }) => only === undefined || name === only);
  if (only !== undefined && asked.length === 0) throw new Error(`${exercise.id} has no check ${only} to ${options.mode}`);
  const results: CheckResult[] = [];
  for (const { name, visible } of asked) {
    output = '';
    const checkStarted = performance.now();
    const { outcome, learnerIsGone } = await runCheck(judge, learner, name, seconds.check, stopped);
    if (stopped()) return report('stopped', load, results);
    const result: CheckResult = { name, visible, output, ms: performance.now() - checkStarted, ...outcome };
    results.push(result);
    options.onResult?.(result);
    if (learnerIsGone) break;
  }
  return report(results.every(({ status }) => status === 'pass') ? 'passed' : 'failed', load, results);
}

/** What is left out isn't sent at all: JSON knows no undefined. */
export function learnersPart({ entry, forbid, given, packages, flavour }: ExerciseChecks): LearnersPart {
  return { entry, forbid, ...(given === undefined ? {} : { given }), ...(packages ? { packages } : {}), ...(flavour ? { flavour } : {}) };
}

/** Runs code or loads it; never throws for what the learner's code does. */
export async function runCode(
  learner: Runtime,
  request: Extract<LearnerRequest, { type: 'run' | 'scratch' | 'load' }>,
  seconds: number | null,
  stopped: () => boolean,
): Promise<RunResult> {
  await giveDigits(learner, request.code);
  await giveFiles(learner);
  if (stopped()) return { status: 'stopped', ms: 0 };
  const started = performance.now();
  const reply = await answerWithin<LearnerOutcome>(learner, request, seconds);
  const ms = performance.now() - started;
  if (stopped()) return { status: 'stopped', ms };
  if ('gone' in reply) {
    return { status: reply.gone.key === 'timeout' ? 'timeout' : 'crashed', message: reply.gone, ms };
  }
  const { status, error } = reply.answer ?? {};
  if (status !== 'ok' && status !== 'error') {
    // The learner's code tampered with what answers for it; the next run gets a runtime without that.
    learner.end();
    return { status: 'crashed', message: { key: 'unreadable_answer', fields: {} }, ms };
  }
  return status === 'ok' ? { status, ms } : { status: 'error', error: cleanError(error), ms };
}

async function runCheck(judge: Runtime, learner: Runtime, name: string, seconds: number, stopped: () => boolean) {
  let left = seconds;
  let learnerIsGone = false;
  let step = await judge.request<JudgeStep>({ type: 'begin', name });
  while ('call' in step && !stopped()) {
    const asked = performance.now();
    const reply = await answerWithin<Uint8Array>(learner, { type: 'call', request: step.call }, left, seconds);
    left -= (performance.now() - asked) / 1000;
    if ('gone' in reply) {
      learnerIsGone = true;
      step = await judge.request<JudgeStep>({ type: 'interrupt', message: reply.gone });
    } else if (stopped()) {
      step = await judge.request<JudgeStep>({ type: 'interrupt', message: { key: 'stopped', fields: {} } });
    } else {
      const answer = reply.answer instanceof Uint8Array ? reply.answer : new Uint8Array();
      step = await judge.request<JudgeStep>({ type: 'resume', answer });
      if ('outcome' in step && step.outcome.message?.key === 'unreadable_answer') {
        learner.end();
        learnerIsGone = true;
      }
    }
  }
  return { outcome: 'outcome' in step ? step.outcome : { status: 'error' as const }, learnerIsGone };
}

/** The reply, or why there is none: the runtime took too long and was ended, or died. */
async function answerWithin<T extends Reply>(
  runtime: Runtime,
  request: Parameters<Runtime['request']>[0],
  seconds: number | null,
  namedSeconds = seconds,
): Promise<{ answer: T } | { gone: Message }> {
  let late = false;
  const timer =
    seconds === null
      ? undefined
      : setTimeout(() => {
          late = true;
          runtime.end();
        }, Math.max(0, seconds * 1000));
  try {
    return { answer: await runtime.request<T>(request) };
  } catch (error) {
    if (!(error instanceof RuntimeDied)) throw error;
    if (late) return { gone: { key: 'timeout', fields: { seconds: namedSeconds! } } };
    const overflow = /call stack|too much recursion/i.test(error.message);
    // The reason is for whoever mends it; the reader's sentence leaves it out.
    const reason = error.message.slice(0, 2000);
    return { gone: { key: overflow ? 'stack_overflow' : 'crashed', fields: { reason } } };
  } finally {
    clearTimeout(timer);
  }
}

const LEARNER_MESSAGES = new Set([
  'figure_limit',
  'hidden_name',
  'missing_entry',
  'no_keyboard',
  'output_limit',
  'too_large',
  'too_many_items',
  'unreachable_module',
  'unsendable',
]);

/** What the learner's runtime calls an error, reduced to the types that the page expects. */
function cleanError(error: unknown): PythonError {
  const given = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const clean: PythonError = { type: text(given.type), text: text(given.text), traceback: text(given.traceback) };
  if (Number.isInteger(given.line)) clean.line = given.line as number;
  const message = given.message as Partial<Message> | undefined;
  if (message && LEARNER_MESSAGES.has(message.key as string) && typeof message.fields === 'object') {
    const fields = Object.entries(message.fields).filter(([, value]) => ['string', 'number'].includes(typeof value));
    clean.message = { key: message.key as string, fields: Object.fromEntries(fields) };
  }
  return clean;
}
