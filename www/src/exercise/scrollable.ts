/** Lets the keyboard reach an element while, and only while, it has something to scroll. */
export function scrollable(element: HTMLElement) {
  const update = () => {
    const scrolls = element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight;
    if (scrolls) element.tabIndex = 0;
    else element.removeAttribute('tabindex');
  };
  const observer = new ResizeObserver(update);
  observer.observe(element);
  const mutations = new MutationObserver(update);
  mutations.observe(element, { childList: true, characterData: true, subtree: true });
  // A formula grows without its box changing when its fonts arrive.
  document.fonts.addEventListener('loadingdone', update);
  const destroy = () => {
    observer.disconnect();
    mutations.disconnect();
    document.fonts.removeEventListener('loadingdone', update);
  };
  return { destroy };
}

/** The same for every code block, table and formula inside compiled HTML. */
export function scrollableInside(element: HTMLElement) {
  const inner = [...element.querySelectorAll<HTMLElement>('pre, .table, .formula')].map(scrollable);
  return { destroy: () => inner.forEach((each) => each.destroy()) };
}
