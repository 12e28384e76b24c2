/** The calls for classes, apart from the others: the page asks for them when a class needs them. */

import { request } from "./api.js";

/** @typedef {import("../types.js").Summary} Summary */

export const classApi = {
  /** A text as a QR code: an SVG document. @param {string} text @returns {Promise<string>} */
  qrCode: (text) => request("POST", "api/qr-code", { body: { text }, as: "text" }),
  /**
   * Keeps a spec as a mystery.
   * @param {object} body @returns {Promise<import("../types.js").Mystery>}
   */
  seal: (body) => request("POST", "api/mysteries", { body }),
  /**
   * Tells the recipes of an experiment from now on.
   * @param {string} id of the experiment @param {{word?: string, version?: number}} body @returns {Promise<Summary>}
   */
  reveal: (id, body) =>
    request("POST", `api/experiments/${encodeURIComponent(id)}/reveal`, { body }),
};
