/**
 * The encoding of a file that is opened, and its text. A file says nothing of its encoding but what its bytes show:
 * a mark at its beginning, UTF-8 that is right throughout, or pairs of bytes as Chinese text has them.
 */

/** As `TextDecoder` names them; the first ones are found, the others are there to be picked. */
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
];

/** @typedef {{text: string, encoding: string, lost: number, sample: string}} Decoded */

const LOOKED_AT = 65_536;

/**
 * The text of a file, in the encoding that is wanted or found. `lost` counts what could not be read in it, `sample`
 * is a piece of the text by whose letters one sees whether the encoding is right; empty for plain ASCII.
 * @param {Uint8Array} bytes @param {string} [wanted] @returns {Decoded}
 */
export function decode(bytes, wanted) {
  const encoding = wanted ?? findEncoding(bytes);
  const text = new TextDecoder(encoding).decode(bytes);
  const lost = text.split("\ufffd").length - 1;
  const [sample = ""] = /[^\s,;|"\t]*[^\p{ASCII}][^\n\r,;|"\t]*/u.exec(text) ?? [];
  return { text, encoding, lost, sample: [...sample].slice(0, 30).join("").trim() };
}

/** @param {Uint8Array} bytes @returns {string} */
export function findEncoding(bytes) {
  return markOf(bytes) ?? utf16Of(bytes) ?? (isUtf8(bytes) ? "utf-8" : ofPairs(bytes));
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

/** Whether bytes are UTF-8; a few that are damaged do not make all others something else. @param {Uint8Array} bytes */
function isUtf8(bytes) {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    const text = new TextDecoder("utf-8").decode(bytes);
    const broken = text.split("\ufffd").length - 1;
    const sound = text.match(/[^\p{ASCII}\ufffd]/gu)?.length ?? 0;
    return sound > 10 * broken;
  }
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
