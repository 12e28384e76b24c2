/** How the page was looked at before a lesson, so that it is looked at so again: a card opens on a view of its own. */

/** @typedef {import("../../experiment/state.js").State} State */

/**
 * All that a card changes of it.
 * @param {State} state
 */
export function sightOf({ tab, chosen, axes, view, network, landscape }) {
  const { logLoss, testLoss, logSurface, showTest } = view;
  const { mode, other: beside, plane: inputs } = network;
  const { view: how, plane, found, picked, along, seed, biases, other, pin, top } = landscape;
  return {
    tab,
    chosen,
    axes,
    view: { logLoss, testLoss, logSurface, showTest },
    network: { mode, other: beside, plane: inputs },
    landscape: { view: how, plane, found, picked, along, seed, biases, other, pin, top },
  };
}

/**
 * Looks so again at the experiment, which may have been made again since.
 * @param {State} state
 * @param {{show: (tab: string) => void}} tabs
 * @param {ReturnType<typeof sightOf>} sight
 * @param {string} id   of the experiment that was looked at
 */
export function takeBack(state, tabs, { tab, landscape, ...sight }, id) {
  const { found } = landscape;
  const here = found?.id === id ? { ...found, id: state.summary.id } : found;
  state.patch({ ...sight, landscape: { ...landscape, found: here } });
  tabs.show(tab);
}
