/** Views that are waited for, by what is made from them: a saved figure is of the moment that is shown. */

/** After so long, whoever needs a view has heard of what was changed before: a browser delays no timer of 0 by more. */
const ANNOUNCED = 10;

/**
 * Resolves once these views are of the moment that is shown: at once where none is on its way. A server that had no
 * answer for one is asked once more.
 * @param {ReturnType<typeof import("./view-loader.js").createViewLoader>} loader
 * @param {string[]} names
 * @throws what one was refused with
 */
export async function settled(loader, names) {
  const { refusals } = loader;
  const before = names.map((name) => refusals.get(name));
  const isTried = () => names.every((name, i) => !before[i] || refusals.get(name) !== before[i]);
  await new Promise((done) => setTimeout(done, ANNOUNCED));
  while (!loader.quiet || (loader.busy && !isTried())) await loader.moved();
  for (const name of names) if (refusals.has(name)) throw refusals.get(name);
}
