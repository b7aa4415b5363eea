// Every page: its address, its module, and its place in the navigation. A room enters here when it exists.
import type { Component } from 'svelte';
import type { Key } from './i18n/index.svelte.ts';

export interface Route {
  /** `/exercises/:id`; the named parts reach the page as props. */
  pattern: string;
  load: () => Promise<{ default: Component<any> }>;
  title: Key;
  /** Shown in the navigation, in the order of this list. */
  nav?: Key;
}

export const routes: Route[] = [
  { pattern: '/', load: () => import('./pages/home/HomePage.svelte'), title: 'app.title' },
  { pattern: '/exercises', load: () => import('./pages/exercises/ListPage.svelte'), title: 'exercise.list-title', nav: 'exercise.list-title' },
  { pattern: '/exercises/:id', load: () => import('./pages/exercises/ExercisePage.svelte'), title: 'exercise.list-title' },
  { pattern: '/forge', load: () => import('./pages/forge/ForgePage.svelte'), title: 'forge.title' },
  { pattern: '/progress', load: () => import('./pages/progress/ProgressPage.svelte'), title: 'progress.title' },
  { pattern: '/playground', load: () => import('./pages/playground/PlaygroundPage.svelte'), title: 'playground.title', nav: 'playground.nav' },
  { pattern: '/questions', load: () => import('./pages/questions/ListPage.svelte'), title: 'question.list-title', nav: 'question.nav' },
  { pattern: '/questions/:id', load: () => import('./pages/questions/QuestionPage.svelte'), title: 'question.list-title' },
  { pattern: '/review', load: () => import('./pages/questions/ReviewPage.svelte'), title: 'question.review-title' },
  { pattern: '/lab', load: () => import('./pages/lab/LabPage.svelte'), title: 'lab.title', nav: 'lab.nav' },
  { pattern: '/lab/:room', load: () => import('./pages/lab/LabPage.svelte'), title: 'lab.title' },
  { pattern: '/mock', load: () => import('./pages/mock/MockPage.svelte'), title: 'mock.title' },
  { pattern: '/clinic', load: () => import('./pages/clinic/ListPage.svelte'), title: 'clinic.title', nav: 'clinic.nav' },
  { pattern: '/clinic/:id', load: () => import('./pages/clinic/CasePage.svelte'), title: 'clinic.title' },
  { pattern: '/modules', load: () => import('./pages/modules/ModulesPage.svelte'), title: 'modules.title', nav: 'modules.nav' },
  { pattern: '/modules/:name', load: () => import('./pages/modules/ModulesPage.svelte'), title: 'modules.title' },
];
