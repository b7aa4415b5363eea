/** Sentences of the exercise pages that are put together from a result. */
import { language, t } from '../i18n/index.svelte.ts';
import { fill, locales, sentence } from '../i18n/format.ts';
import type { CheckResult, Message, TestReport } from '../python/types.ts';

/** The judge's sentence; an unknown key is shown with its fields, so that nothing is lost. */
export function sayMessage(message: Message): string {
  const template = sentence(language(), `judge.${message.key}`);
  if (template !== undefined) return fill(template, message.fields, language());
  return [message.key, ...Object.entries(message.fields).map(([name, value]) => `${name}: ${value}`)].filter(Boolean).join(' · ');
}

/** The line of the learner's code where a check was ended; a check that broke by itself names a line of its own. */
export function learnersLine(result: CheckResult): number | undefined {
  return result.message?.key === 'check_broke' ? undefined : result.error?.line;
}

export function sayTime(at: number): string {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  const time: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hour12: false };
  return date.toLocaleString(locales[language()], today ? time : { ...time, year: 'numeric', month: 'short', day: 'numeric' });
}

export function sayDuration(ms: number): string {
  if (ms < 1) return t('exercise.under-a-millisecond');
  if (ms < 1000) return t('exercise.milliseconds', { n: Math.round(ms) });
  return t('exercise.seconds', { n: (ms / 1000).toFixed(1) });
}

export interface Counts { passed: number; failed: number; error: number; total: number }

export function count(results: CheckResult[]): Counts {
  const of = (status: CheckResult['status']) => results.filter((result) => result.status === status).length;
  return { passed: of('pass'), failed: of('fail'), error: of('error'), total: results.length };
}

/** One sentence for the head of the results and for the live region. */
export function sayReport(report: TestReport, mode: 'run' | 'submit'): string {
  const { passed, failed, error, total } = count(report.results);
  if (report.status === 'stopped') return t('exercise.stopped');
  if (report.status === 'not_run') return t('exercise.not-run');
  if (report.status === 'passed') return t(mode === 'submit' ? 'exercise.submit-passed' : 'exercise.run-passed', { total });
  const parts = [t('exercise.some-passed', { passed, total })];
  if (failed > 0) parts.push(t('exercise.some-failed', { n: failed }));
  if (error > 0) parts.push(t('exercise.some-errors', { n: error }));
  return parts.join(t('exercise.comma'));
}
