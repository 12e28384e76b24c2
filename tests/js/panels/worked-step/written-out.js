/** What the page writes of traced steps, as JSON: traces come in, every equation of every phase goes out. */

import { readFileSync } from "node:fs";

import { valueOf } from "../../../../static/js/panels/worked-step/draw.js";
import { formulasOf, phasesOf } from "../../../../static/js/panels/worked-step/formulas.js";
import { plain } from "../../../../static/js/panels/worked-step/mathml.js";

/** @param {import("../../../../static/js/panels/worked-step/formulas.js").Item} item */
const written = (item) =>
  typeof item === "string"
    ? item
    : {
        symbol: plain(item.symbol),
        shape: item.shape,
        value: item.value,
        text: plain(valueOf(item)),
      };

const traces = JSON.parse(readFileSync(0, "utf8"));
const told = traces.map((/** @type {any} */ trace) =>
  ["sample", "batch"].flatMap((which) =>
    phasesOf(trace.layers.length).flatMap((phase) =>
      formulasOf(trace, phase, /** @type {"sample"|"batch"} */ (which)).map((block) => ({
        which,
        ...phase,
        ...("items" in block
          ? { items: block.items.map(written) }
          : { lines: block.lines.map(({ numbers }) => numbers && plain(numbers)) }),
      })),
    ),
  ),
);
process.stdout.write(JSON.stringify(told));
