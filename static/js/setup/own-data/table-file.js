/** How a table comes to the page: chosen as a file or dropped; a file is decoded here. */

import { el } from "../../ui/dom.js";
import * as format from "../../ui/number-format.js";
import { t } from "../../ui/i18n.js";
import { decode, noText } from "./encoding.js";

/** @typedef {{name: string, bytes: Uint8Array, decoded: import("./encoding.js").Decoded}} OpenFile */

/**
 * The text of a file; words where it cannot be taken.
 * @param {File} chosen @param {number} most bytes @returns {Promise<OpenFile|{refused: string}>}
 */
export async function openFile(chosen, most) {
  // Looked at before it is read: a file of 100 MB does not even get into the page.
  if (chosen.size > most) {
    const sizes = { size: megabytes(chosen.size), most: megabytes(most) };
    return { refused: t("table.tooLarge", sizes) };
  }
  let bytes;
  try {
    bytes = new Uint8Array(await chosen.arrayBuffer());
  } catch {
    return { refused: t("table.unreadable") }; // a folder, or a file that is gone
  }
  const other = noText(bytes);
  if (other) return { refused: t(`table.noText.${other}`) };
  return { name: chosen.name, bytes, decoded: decode(bytes) };
}

/** The same file in another encoding. @param {OpenFile} file @param {string} encoding @returns {OpenFile} */
export function decodedAs(file, encoding) {
  return { ...file, decoded: decode(file.bytes, encoding) };
}

/** @param {number} bytes */
function megabytes(bytes) {
  return `${format.plain(bytes / 1024 / 1024, 3)} MB`;
}

/** @param {number} most bytes @param {() => void} click */
export function openButton(most, click) {
  return el("button", {
    type: "button",
    id: "table-open",
    text: t("table.open"),
    class: "chip",
    hint: t("table.open.hint", { most: megabytes(most) }),
    on: { click },
  });
}

/** @param {boolean} disabled @param {() => void} click */
export function clearButton(disabled, click) {
  return el("button", {
    type: "button",
    class: "link",
    text: t("table.clear"),
    hint: t("table.clear.hint"),
    disabled,
    on: { click },
  });
}

/**
 * A file or a text that is dropped on an element.
 * @param {HTMLElement} element @param {{file: (file: File) => void, text: (text: string) => void}} take
 */
export function acceptDrops(element, take) {
  element.addEventListener("dragover", (event) => {
    event.preventDefault();
    element.dataset.over = "true";
  });
  for (const end of ["dragleave", "drop"])
    element.addEventListener(end, () => delete element.dataset.over);
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    const dropped = event.dataTransfer?.files[0];
    const words = event.dataTransfer?.getData("text/plain");
    if (dropped) take.file(dropped);
    else if (words) take.text(words);
  });
}

/** The browser's own choice of a file. @param {(file: File) => void} open */
export function fileInput(open) {
  const accept = ".csv,.tsv,.txt,.dat,text/csv,text/plain,text/tab-separated-values";
  const input = el("input", { type: "file", accept, hidden: true });
  input.addEventListener("change", () => {
    const chosen = input.files?.[0];
    input.value = "";
    if (chosen) open(chosen);
  });
  return input;
}
