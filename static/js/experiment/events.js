/** What was changed on the way, in words. */

import * as format from "../ui/number-format.js";
import { label, t } from "../ui/i18n.js";
import { runName } from "./run-names.js";
import { runNames } from "./state.js";

/** What happened, in words. @param {import("../types.js").Event} event @param {import("./state.js").State} state */
export function eventInWords(event, state) {
  const who = event.run === null || event.run === undefined ? "" : runNames(state)[event.run];
  const { optimizer, schedule, clipping, regularizer, parameters, recipe } = event;
  let what = "";
  if (optimizer)
    what = t("time.event.optimizer", {
      name: label("optimizers", optimizer),
      rate: format.plain(optimizer.learning_rate),
    });
  else if (schedule) what = t("time.event.schedule", { name: label("schedules", schedule) });
  else if (clipping) what = t("time.event.clipping", { name: label("clippings", clipping) });
  else if (regularizer)
    what = t("time.event.regularizer", { name: label("regularizers", regularizer) });
  else if (recipe) what = t("time.event.recipe", { name: runName({ recipe }, state.catalog) });
  else if (parameters) what = t("time.event.parameters");
  const step = format.count(event.step);
  return who ? t("time.event.run", { step, what, name: who }) : t("time.event", { step, what });
}
