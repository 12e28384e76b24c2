/**
 * The encoding of a file that is opened, and its text. A file says nothing of its encoding but what its bytes show:
 * a mark at its beginning, UTF-8 that is right throughout, or pairs of bytes as Chinese text has them.
 */

import { isPlausible } from "./plausible.js";

/** As `TextDecoder` names them, but for the last ones; the first ones are found, the others are there to be picked. */
export const ENCODINGS = [
  "utf-8",
  "utf-16le",
  "utf-16be",
  "gb18030",
  "windows-1252",
  "big5",
  "shift_jis",
  "euc-kr",
  "windows-1250",
  "windows-1251",
  "macintosh",
  "ibm866",
  "ibm850",
  "utf-32le",
  "utf-32be",
];

/**
 * `readings` are samples in each encoding that fits as well, the one in use first; none where it is certain.
 * @typedef {{encoding: string, sample: string}} Reading
 * @typedef {{text: string, encoding: string, lost: number, sample: string, readings: Reading[]}} Decoded
 */

/** The upper half of code page 850, in which consoles of Western Europe write. */
const CP850 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0";
/** Of encodings without a mark that can be told by their letters alone. */
const BY_LETTERS = ENCODINGS.slice(3, 13);

const LOOKED_AT = 65_536;

/**
 * The text of a file, in the encoding that is wanted or found. `lost` counts what could not be read in it, `sample`
 * is a piece of the text by whose letters one sees whether the encoding is right; empty for plain ASCII.
 * @param {Uint8Array} bytes @param {string} [wanted] @returns {Decoded}
 */
export function decode(bytes, wanted) {
  const [encoding, ...others] = wanted ? [wanted] : findEncodings(bytes);
  const text = textOf(bytes, encoding);
  const lost = text.split("\ufffd").length - 1;
  const readings = [encoding, ...others].map((one) => ({
    encoding: one,
    sample: linesOf(textOf(bytes.subarray(0, LOOKED_AT), one)),
  }));
  return { text, encoding, lost, sample: sampleOf(text), readings: others.length ? readings : [] };
}

/** The first piece of a text by which one sees whether its encoding is right. @param {string} text */
function sampleOf(text) {
  const [sample = ""] = /[^\s,;|"\t]*[^\p{ASCII}][^\n\r,;|"\t]*/u.exec(text) ?? [];
  return [...sample].slice(0, 30).join("").trim();
}

/** The first lines of a text that are not plain ASCII. @param {string} text */
function linesOf(text) {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => /[^\p{ASCII}]/u.test(line));
  return lines
    .slice(0, 3)
    .map((line) => [...line].slice(0, 60).join(""))
    .join("\n");
}

/** @param {Uint8Array} bytes @param {string} encoding */
function textOf(bytes, encoding) {
  if (encoding === "ibm850")
    return Array.from(bytes, (byte) =>
      byte < 0x80 ? String.fromCharCode(byte) : CP850[byte - 0x80],
    ).join("");
  if (!encoding.startsWith("utf-32")) return new TextDecoder(encoding).decode(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const points = Array.from({ length: bytes.length >> 2 }, (_, i) =>
    view.getUint32(4 * i, encoding === "utf-32le"),
  );
  const signs = points.map((point) => (point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd"));
  return signs.join("").replace(/^\ufeff/, "");
}

/** The encodings that fit, the likeliest first; one where it is certain. @param {Uint8Array} bytes @returns {string[]} */
export function findEncodings(bytes) {
  const certain = utf32Of(bytes) ?? markOf(bytes) ?? utf16Of(bytes);
  if (certain) return [certain];
  const sound = soundness(bytes);
  if (sound === 1) return ["utf-8"];
  const likely = ofPairs(bytes);
  /** @type {Map<string, string>} */
  const texts = new Map();
  for (const encoding of [likely, ...BY_LETTERS]) {
    const text = textOf(bytes, encoding);
    if (isPlausible(bytes, text, encoding) && !texts.has(text)) texts.set(text, encoding);
  }
  if (texts.size && sound < 0.9) return [...texts.values()];
  return [sound > 0.5 ? "utf-8" : likely];
}

/** The encoding by the mark at the beginning. @param {Uint8Array} bytes */
function markOf([a, b, c]) {
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8";
  if (a === 0xff && b === 0xfe) return "utf-16le";
  return a === 0xfe && b === 0xff ? "utf-16be" : null;
}

/** UTF-16 without a mark: digits and delimiters have a zero on one side, and nothing has one on the other. @param {Uint8Array} bytes */
function utf16Of(bytes) {
  const head = bytes.subarray(0, LOOKED_AT);
  const zeros = [0, 0];
  for (let i = 0; i < head.length; i++) if (head[i] === 0) zeros[i % 2]++;
  const [even, odd] = zeros.map((count) => count / Math.max(1, head.length / 2));
  if (odd > 0.15 && even < 0.02) return "utf-16le";
  return even > 0.15 && odd < 0.02 ? "utf-16be" : null;
}

/** UTF-32: of four bytes one or two are always zero. @param {Uint8Array} bytes */
function utf32Of(bytes) {
  if (bytes.length < 4 || bytes.length % 4) return null;
  const zeros = [0, 0, 0, 0];
  const head = bytes.subarray(0, LOOKED_AT);
  for (let i = 0; i < head.length; i++) if (head[i] === 0) zeros[i % 4]++;
  const all = head.length / 4;
  if (zeros[3] === all && zeros[2] > 0.9 * all) return "utf-32le";
  return zeros[0] === all && zeros[1] > 0.9 * all ? "utf-32be" : null;
}

/** Which share of what is not ASCII is right as UTF-8; a damaged byte does not make the rest something else. @param {Uint8Array} bytes */
function soundness(bytes) {
  const text = new TextDecoder("utf-8").decode(bytes);
  const broken = text.split("\ufffd").length - 1;
  const sound = text.match(/[^\p{ASCII}\ufffd]/gu)?.length ?? 0;
  return broken ? sound / (sound + broken) : 1;
}

/**
 * gb18030 or windows-1252. Common Chinese characters are two bytes above 0xA0; letters with accents are mostly single
 * bytes among ASCII, and a byte above 0x7F before a comma, a blank or the end of a line is no Chinese at all.
 * @param {Uint8Array} bytes
 */
function ofPairs(bytes) {
  let common = 0;
  let rare = 0;
  for (let i = 0; i < bytes.length; i++) {
    const [lead, trail] = [bytes[i], bytes[i + 1]];
    if (lead < 0x80) continue;
    if (lead > 0xa0 && lead < 0xf8 && trail > 0xa0 && trail < 0xff) common++;
    else if (lead > 0x80 && lead < 0xff && trail >= 0x30 && trail < 0xff) rare++;
    else return "windows-1252";
    i++;
  }
  return common > 2 * rare ? "gb18030" : "windows-1252";
}

/** The first bytes of what is no text at all. @type {["workbook"|"archive"|"binary", number[]][]} */
const NO_TEXT = [
  ["workbook", [0x50, 0x4b, 3, 4]],
  ["workbook", [0xd0, 0xcf, 0x11, 0xe0]],
  ["archive", [0x1f, 0x8b]],
  ["binary", [0x89, 0x50, 0x4e, 0x47]],
  ["binary", [0x25, 0x50, 0x44, 0x46]],
];

/** What a file is that is no text, by its first bytes; null for others. @param {Uint8Array} bytes */
export function noText(bytes) {
  const found = NO_TEXT.find(([, first]) => first.every((byte, i) => byte === bytes[i]));
  return found ? found[0] : null;
}
