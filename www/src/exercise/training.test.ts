import { describe, expect, it } from 'vitest';
import { addTo, begin, measures, readProgress } from './training.ts';

const told = (step: number, epoch: number, metrics: Record<string, number>) => readProgress(JSON.stringify({ step, epoch, metrics }))!;

describe('what Keras tells of a training', () => {
  it('becomes a curve for each measure, held-out data by themselves', () => {
    let training = begin(told(1, 0.5, { loss: 2, accuracy: 0.1 }));
    training = addTo(training, told(2, 1, { loss: 1, accuracy: 0.5 }));
    training = addTo(training, told(2, 1, { loss: 1.5, accuracy: 0.5, val_loss: 1.25 }));
    expect(training.series['loss']).toEqual({ x: [0.5, 1], y: [2, 1.5] });
    expect(training.series['val_loss']).toEqual({ x: [1], y: [1.25] });
    expect(measures(training)).toEqual(['loss', 'accuracy']);
  });

  it('is refused where it has another form', () => {
    for (const json of ['', '3', 'null', '{"step":1}', '{"step":"1","epoch":0,"metrics":{}}', '{"step":-1,"epoch":0,"metrics":{}}']) {
      expect(readProgress(json)).toBeNull();
    }
    expect(readProgress('{"step":1,"epoch":1,"metrics":{"loss":"high","a":1}}')!.metrics).toEqual({ a: 1 });
  });

  it('stays small however long it runs', () => {
    let training = begin(told(0, 0, { loss: 1 }));
    for (let step = 1; step < 9000; step++) training = addTo(training, told(step, step / 100, { loss: 1 }));
    expect(training.series['loss']!.x.length).toBeLessThanOrEqual(2000);
  });
});
