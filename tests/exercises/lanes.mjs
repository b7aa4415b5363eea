// Work shared out to several sessions at once, told in the order of the list.

/**
 * Runs `work(item, resource)` for every item: each of `resources` takes the next one as soon as it is free. Yields
 * {item, result} in the items' order, each when it and those before it are done. An error of `work` ends it.
 */
export async function* inLanes(items, resources, work) {
  const results = items.map(() => {
    const told = {};
    told.promise = new Promise((resolve, reject) => Object.assign(told, { resolve, reject }));
    // Whoever waits for it is told; until then it is not an unhandled one.
    told.promise.catch(() => {});
    return told;
  });
  let next = 0;
  const lane = async (resource) => {
    while (next < items.length) {
      const at = next++;
      await Promise.resolve(work(items[at], resource)).then(results[at].resolve, results[at].reject);
    }
  };
  for (const resource of resources) void lane(resource);
  for (const [at, item] of items.entries()) yield { item, result: await results[at].promise };
}
