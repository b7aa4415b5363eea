// Light or dark: the system's at first, the reader's choice from then on.
export type Theme = 'light' | 'dark';

const remembered = 'danlu.theme';
const systemDark = window.matchMedia('(prefers-color-scheme: dark)');

function readChoice(): Theme | undefined {
  try {
    const value = localStorage.getItem(remembered);
    return value === 'light' || value === 'dark' ? value : undefined;
  } catch {
    return undefined;
  }
}

let chosen = $state<Theme | undefined>(readChoice());
let system = $state<Theme>(systemDark.matches ? 'dark' : 'light');
systemDark.addEventListener('change', (event) => (system = event.matches ? 'dark' : 'light'));
applyToDocument();

function applyToDocument() {
  if (chosen) document.documentElement.dataset.theme = chosen;
  else delete document.documentElement.dataset.theme;
}

export function theme(): Theme {
  return chosen ?? system;
}

export function setTheme(next: Theme) {
  chosen = next;
  applyToDocument();
  try {
    localStorage.setItem(remembered, next);
  } catch {
    // The choice then lasts for this visit.
  }
}
