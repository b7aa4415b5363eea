// How a training program reads its data, whichever library it trains with.
import type { Model } from '../model.ts';
import { indented, py } from './code.ts';

/** What the program says of the file it wants. */
export function fileLine(model: Model): string {
  if (model.inputs.length === 1) return 'The file holds x_train and y_train, and x_test and y_test if there are any; bytes become 0 to 1.';
  return `The file holds ${model.inputs.map(({ name }) => `${name}_train`).join(', ')} and y_train, and the same with _test if there are any.`;
}

/** `read(path, part, …more)`; `made` makes the library's `xs` and `y` of `arrays`, which are (array, shape), and `y`. */
export function readLines(model: Model, more: string[], made: string[]): string[] {
  const numbered = model.inputs.length > 1;
  const shapes = model.inputs.map(({ name, shape }) => `(${py(numbered ? name : 'x')}, ${py(shape)})`);
  return [
    `def read(${['path', 'part', ...more].join(', ')}):`,
    ...indented([
      '"""Samples, each as the model takes it, and targets; None where the file has no such part."""',
      'with np.load(path) as file:',
      ...indented([
        'if f"y_{part}" not in file:',
        '    return None',
        `arrays = [(file[f"{name}_{part}"], shape) for name, shape in [${shapes.join(', ')}]]`,
        'y = file[f"y_{part}"]',
      ]),
      ...made,
      `return ${numbered ? 'xs' : 'xs[0]'}, y`,
    ]),
  ];
}
