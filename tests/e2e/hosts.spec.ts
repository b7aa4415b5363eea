// The built files themselves: nothing in them would be fetched from another host.
import { readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { dist } from './hosts.ts';

const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((path) => /\.(html|css|svg|js|mjs|json)$/.test(path));

// Hosts that library code names without ever asking them.
const named: Record<string, string> = {
  'www.w3.org': 'namespaces of SVG and MathML',
  'svelte.dev': 'Svelte’s error messages point to their explanations',
  'developer.mozilla.org': 'an error message of Pyodide’s loader points to an explanation',
  'bit.ly': 'an error message of Workbox points to an explanation',
  'github.com': 'the notice of pako’s licence says where it comes from',
  'cdn.jsdelivr.net': 'Pyodide’s default for indexURL, which the page always sets',
};

/** What a browser would load by itself: URLs in src, in a link element, in CSS. */
export function loaded(text: string): string[] {
  const patterns = [
    /\bsrc(?:set)?\s*=\s*["']?((?:https?:)?\/\/[^"'\s>]+)/g,
    /<link\b[^>]*\bhref\s*=\s*["']?((?:https?:)?\/\/[^"'\s>]+)/g,
    /url\(\s*["']?((?:https?:)?\/\/[^"')]+)/g,
    /@import\s+["']((?:https?:)?\/\/[^"']+)/g,
  ];
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1]!));
}

/** Hosts that a text names anywhere but in a link that a reader may follow. */
export function hosts(text: string): string[] {
  const withoutLinks = text.replace(/<a\b[^>]*\bhref=\\?"https?:[^"]*"/g, '');
  return [...new Set([...withoutLinks.matchAll(/\b(?:https?|wss?):\/\/([\w.-]+)/g)].map((match) => match[1]!))];
}

test('no built file loads anything from another host', () => {
  expect(files.length).toBeGreaterThan(0);
  const strange = files.flatMap((path) => {
    const text = readFileSync(join(dist, path), 'utf8');
    const asked = loaded(text).filter((url) => !url.includes('www.w3.org'));
    const unknown = hosts(text).filter((host) => !(host in named) && extname(path) !== '.css');
    return [...asked, ...unknown].map((what) => `${path}: ${what}`);
  });
  expect(strange).toEqual([]);
});

test('the check above sees what it is meant to see', () => {
  expect(loaded('<script src="https://example.com/a.js"></script>')).toHaveLength(1);
  expect(loaded('<link rel="stylesheet" href="//example.com/a.css">')).toHaveLength(1);
  expect(loaded('@font-face{src:url(https://example.com/a.woff2)}')).toHaveLength(1);
  expect(hosts('fetch("https://example.com/data")')).toEqual(['example.com']);
  expect(hosts('"<a href=\\"https://example.com/paper\\" rel=\\"noopener\\">"')).toEqual([]);
});
