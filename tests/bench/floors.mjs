// The least that each kernel must do, as a share of the peak loop measured in the same run: a
// compiler that spills registers halves a kernel, and no test of numbers would notice.
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = new URL('floors.json', import.meta.url);

/** Of what was measured: others share the processor with us, but spilled registers cost half. */
const MARGIN = 0.6;

/** Shares by variant, then by kernel. */
export const readFloors = () => JSON.parse(readFileSync(FILE, 'utf8'));

/**
 * What is wrong, a sentence each. `measured` holds `{ variant, name, share }`; a kernel without a
 * floor is held by nothing, and a floor without a kernel holds nothing. `all` tells that every
 * kernel was measured.
 */
export function breaches(measured, floors, all) {
  const found = [];
  for (const { variant, name, share } of measured) {
    const floor = floors[variant]?.[name];
    const percent = (value) => `${(100 * value).toFixed(1)} %`;
    if (floor === undefined) found.push(`${variant}: ${name} has no floor`);
    else if (share < floor) found.push(`${variant}: ${name} reaches ${percent(share)} of the peak loop, its floor is ${percent(floor)}`);
  }
  if (!all) return found;
  const known = new Set(measured.map(({ variant, name }) => `${variant}: ${name}`));
  for (const [variant, kernels] of Object.entries(floors)) {
    if (!measured.some((one) => one.variant === variant)) continue;
    for (const name of Object.keys(kernels)) {
      if (!known.has(`${variant}: ${name}`)) found.push(`${variant}: ${name} has a floor but was not measured`);
    }
  }
  return found;
}

/** Floors for what was measured. */
export function floorsUnder(measured) {
  const floors = {};
  for (const { variant, name, share } of measured) {
    floors[variant] ??= {};
    floors[variant][name] = Number((MARGIN * share).toPrecision(2));
  }
  return floors;
}

export const writeFloors = (floors) => writeFileSync(FILE, `${JSON.stringify(floors, null, 2)}\n`);
