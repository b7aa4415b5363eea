// What the list's search looks through, made when the site is built so that the page carries no dictionary of Chinese.
import { pinyin } from 'pinyin-pro';

const HAN = /\p{Script=Han}+/gu;

/** The syllables of each run of Han characters: `全连接层` becomes `quan lian jie ceng`; runs are parted by `|`. */
export function syllables(text) {
  return [...text.matchAll(HAN)]
    .map(([run]) => pinyin(run, { toneType: 'none', type: 'array', v: true }).join(' '))
    .join('|');
}

/** {words, pinyin}: lower-case text of both languages, and how the Chinese of it is typed. */
export function searchable({ id, title, words = [], packages = [] }) {
  const chinese = [title.zh, ...words].join(' ');
  return {
    words: [title.zh, title.en, id, ...words, ...packages].join(' ').toLowerCase(),
    pinyin: syllables(chinese),
  };
}
