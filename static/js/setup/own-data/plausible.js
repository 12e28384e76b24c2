/**
 * Whether bytes give words in an encoding. Every byte is a letter in some of them; what tells is whether the letters
 * would stand so in a word: KÃ¶ln and MŸller do not, nor do Cyrillic letters within a Latin word.
 */

/** Signs that texts have beside letters. */
const SIGNS = /[\u00a0°€£¥§%‰µ²³½¼·×±–—…“”„‘’«»‹›•、。，；：！？（）「」《》￥]/u;
const WORD = /[\p{L}\p{M}\p{N}\p{S}\p{Po}\p{Pf}\p{Pi}]*[^\p{ASCII}][^\s,;|"]*/gu;
const ENOUGH = 200;

/** Pairs of bytes that are common characters: the first bytes from and to. @type {Record<string, [number, number]>} */
const COMMON = {
  gb18030: [0xb0, 0xd7],
  big5: [0xa4, 0xc6],
  shift_jis: [0x81, 0x97],
  "euc-kr": [0xb0, 0xc8],
};

/** @param {Uint8Array} bytes @param {string} text @param {string} encoding */
export function isPlausible(bytes, text, encoding) {
  if (/[\ufffd\u0080-\u009f]/u.test(text) || !/[^\p{ASCII}]/u.test(text)) return false;
  if (encoding in COMMON) return areCommon(bytes, text, COMMON[encoding]);
  const words = [...text.slice(0, 65_536).matchAll(WORD)].slice(0, ENOUGH).map(([word]) => word);
  const good = words.filter(isWord).length;
  return good >= 0.95 * words.length;
}

/** Whether letters stand as they do in words. @param {string} word */
function isWord(word) {
  const inner = word.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  if (!inner) return [...word].every((sign) => /\p{ASCII}/u.test(sign) || SIGNS.test(sign));
  if (/[\p{L}][^\p{L}\p{M}\p{ASCII}’‐–·\u00a0]+\p{L}/u.test(inner)) return false; // K¶ln
  if (/\p{Ll}(?!\p{ASCII})\p{Lu}|\p{Ll}\p{Lu}\p{Ll}/u.test(inner)) return false; // MŸller
  const cyrillic = /\p{Script=Cyrillic}/u.test(inner);
  if (cyrillic) return !/\p{Script=Latin}/u.test(inner);
  const letters = [...inner].filter((sign) => /\p{L}/u.test(sign));
  const accented = letters.filter((sign) => !/\p{ASCII}/u.test(sign)).length;
  return accented <= 1 || accented < letters.length; // Ìîñêâà
}

/** Whether most pairs of bytes are common characters. @param {Uint8Array} bytes @param {string} text @param {[number, number]} range */
function areCommon(bytes, text, [from, to]) {
  if (/[\uff61-\uff9f\ue000-\uf8ff]/u.test(text)) return false;
  if (/[A-Za-z][^\p{ASCII}][a-z]/u.test(text)) return false; // K罵n
  let [pairs, common] = [0, 0];
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] < 0x80) continue;
    pairs++;
    common += Number(bytes[i] >= from && bytes[i] <= to);
    i++;
  }
  return common >= 0.85 * pairs;
}
