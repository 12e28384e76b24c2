/** What is said of a run: its status, the number that shows it, the cause, and what to try. */

import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";

/** @typedef {import("../../types.js").Diagnosis} Diagnosis */

/** Two updates with a smaller cosine lead back and forth; the server counts them so, too. */
const TURN = -0.8;

/** A loss that has fallen is not gone, however many of its digits are. */
const ALL = 0.999;

/** A smaller fall of J is written as 0 %. */
const UNSEEN = 5e-4;

/** Updates whose length changes by a smaller share are as long as each other. */
const SAME = 5e-3;

/** The number of a status as its word wants it. @param {Diagnosis} diagnosis */
function valueInWords({ code, value }) {
  if (value === null) return "–";
  if (code === "diverged") return format.count(value);
  if (["training", "plateau", "oscillating"].includes(code)) {
    return code === "training" && value > 0.99
      ? format.percent1(Math.min(value, ALL))
      : format.percent(Math.abs(value));
  }
  return code === "converged" || code === "not_begun" ? format.loss(value) : format.number(value);
}

/** Which words of a status fit its numbers: the end of their key, or "". @type {Record<string, (diagnosis: Diagnosis) => string>} */
const KIND_OF_STATUS = {
  training: ({ value }) => {
    if (value !== null && value < 0) return ".up";
    return Math.abs(value ?? 0) < UNSEEN ? ".begins" : "";
  },
  unstable: ({ value }) => (value === null ? ".far" : ""),
  oscillating: ({ turn, stretch }) => {
    if ((turn ?? 0) > TURN) return "";
    return Math.abs((stretch ?? 1) - 1) < SAME ? ".back.same" : ".back";
  },
};

/** The same of a cause. @type {Record<string, (value: number|null) => string>} */
const KIND_OF_CAUSE = {
  learning_rate: (value) => (value === null ? ".unknown" : ""),
  penalty: (value) => (value === null ? ".holds" : ""),
  decay: (value) => (value === null ? ".holds" : ""),
  vanishing: (value) => (value === 0 ? ".wholly" : ""),
};

/** The status of a run and the number that shows it. @param {Diagnosis} diagnosis */
function statusInWords(diagnosis) {
  const { code, stretch } = diagnosis;
  return t(`signals.diagnosis.${code}${KIND_OF_STATUS[code]?.(diagnosis) ?? ""}`, {
    value: valueInWords(diagnosis),
    stretch: format.number(stretch ?? 1),
  });
}

/** Why it is so, or "". @param {Diagnosis} diagnosis */
function causeInWords({ cause, cause_value: value, layer }) {
  if (cause === null) return "";
  const share = cause === "dead" || cause === "saturation";
  const number = value === null ? "–" : share ? format.percent(value) : format.number(value);
  const kind = KIND_OF_CAUSE[cause]?.(value) ?? "";
  return t(`signals.cause.${cause}${kind}`, { value: number, layer: layer ?? "" });
}

/** A run's status in words, the number, the cause, and what to try. @param {Diagnosis} diagnosis */
export function diagnosisInWords(diagnosis) {
  const [status, cause] = [statusInWords(diagnosis), causeInWords(diagnosis)];
  const found = cause ? t("signals.because", { status, cause }) : status;
  const held = diagnosis.cause_value === null && diagnosis.advice.startsWith("weaker_");
  return { found, todo: t(`signals.advice.${diagnosis.advice}${held ? ".holds" : ""}`) };
}
