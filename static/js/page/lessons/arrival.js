/** How the experiment of a card comes to the page, with the map and the first weights that the card shows. */

import { setupOf } from "../../experiment/edits.js";
import { landOf } from "./course.js";
import { comparesRecipes, firstWeights } from "./first-weights.js";
import { isOfStudy, speedFor, tabOf } from "./lesson.js";

/**
 * @typedef {import("./lesson.js").Card} Card
 * @typedef {import("./course.js").Phase} Phase
 * @typedef {{land: import("./course.js").Land|null, first: import("./first-weights.js").First[]|null}} Arrived
 */

/** What a card opens on, in words of a link. @param {Card} card */
function lookOf({ look: { tab: _, log = false, ...look } }) {
  const said = Object.entries(look).filter(([, value]) => value !== null);
  return { plane: "parameters", ...Object.fromEntries(said), log };
}

/**
 * The two parameters that a card opens on: they are its experiment's, which is not there yet, so that a link's way of naming
 * them would look for them in the one before.
 * @param {import("../lessons.js").Parts["state"]} state @param {Card} card
 */
export function takeAxes(state, { look: { x, y } }) {
  if (!x || !y) return;
  const axes = { x: String(x), y: String(y) };
  state.patch({ axes, landscape: { picked: axes } });
}

/** @param {import("../lessons.js").Parts} parts */
export function createArrival({ state, api, conductor, tabs, takeLook, speeds }) {
  /** The experiment of a card, as it is to be seen. @param {Card} card @param {number} step */
  function show(card, step) {
    state.patch({ view: { speed: speedFor(card.steps, speeds) } });
    return conductor.replace(setupOf(card.setup.spec), {
      step,
      also() {
        takeLook(state, lookOf(card));
        takeAxes(state, card);
        tabs.show(tabOf(card));
      },
    });
  }

  /** The map of a card on which one descends; null for any other. @param {Card} card @param {number} step */
  const landAt = async (card, step) =>
    card.predict.kind === "descend" ? landOf(card, state.summary.id, api, step) : null;

  return {
    /**
     * The map of a card once it is trained; who does not wait for that sees all the same what came of it.
     * @param {Card} card @param {Arrived["land"]} before
     */
    async outcomeOf(card, before) {
      const there = state.serverStep >= card.steps || (await show(card, card.steps));
      return there ? landAt(card, card.steps) : before;
    },
    /**
     * The experiment of a card comes; then the map if one descends, and the first weights if recipes are compared.
     * @param {Card} card @param {{phase: Phase, isWanted: () => boolean}} how
     * @returns {Promise<Arrived>}
     */
    async arrive(card, { phase, isWanted }) {
      // An answer that is known is seen with the training that it comes from.
      const step = phase === "known" && !isOfStudy(card) ? card.steps : 0;
      const shown = await show(card, step);
      if (!shown || !isWanted()) return { land: null, first: null };
      const { id } = state.summary;
      const [land, first] = await Promise.all([
        landAt(card, step),
        comparesRecipes(card) ? firstWeights(card, id, api) : null,
      ]);
      return { land, first };
    },
  };
}
