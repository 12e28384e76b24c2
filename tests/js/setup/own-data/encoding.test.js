import assert from "node:assert/strict";
import { test } from "node:test";

import { ENCODINGS, decode, noText } from "../../../../static/js/setup/own-data/encoding.js";

/** Bytes of text in an encoding that has one byte for a letter. @param {string} text @param {Record<string, number>} letters */
const single = (text, letters) =>
  Uint8Array.from(text, (letter) => letters[letter] ?? letter.charCodeAt(0));

const LATIN = { ä: 0xe4, ö: 0xf6, ü: 0xfc, é: 0xe9, è: 0xe8, "€": 0x80, "°": 0xb0, ñ: 0xf1 };

/** UTF-16 with or without a mark. @param {string} text @param {boolean} little @param {boolean} mark */
function utf16(text, little, mark) {
  const units = [...(mark ? "\ufeff" : ""), ...text].join("");
  const bytes = new Uint8Array(2 * units.length);
  const view = new DataView(bytes.buffer);
  [...units].forEach((unit, i) => view.setUint16(2 * i, unit.charCodeAt(0), little));
  return bytes;
}

/** 萼片长,种类 and rows of 山鸢尾 in GBK. */
const GBK = Uint8Array.from([
  ...[0xdd, 0xe0, 0xc6, 0xac, 0xb3, 0xa4, 0x2c, 0xd6, 0xd6, 0xc0, 0xe0, 0x0a],
  ...[0x35, 0x2e, 0x31, 0x2c, 0xc9, 0xbd, 0xf0, 0xb0, 0xce, 0xb2, 0x0d, 0x0a],
]);

test("plain text and UTF-8 are read, with or without a mark", () => {
  const utf8 = new TextEncoder();
  assert.deepEqual(decode(utf8.encode("a,b\n1,2")), {
    text: "a,b\n1,2",
    encoding: "utf-8",
    lost: 0,
    sample: "",
    readings: [],
  });
  const text = "Länge,萼片\n1,2";
  assert.equal(decode(utf8.encode(text)).text, text);
  assert.equal(decode(utf8.encode(text)).sample, "Länge");
  assert.equal(decode(utf8.encode(`\ufeff${text}`)).text, text);
});

test("UTF-16 is found by its mark or by its zeros", () => {
  for (const text of ["a;b\n1;2\n", "萼片长;种类\n5,1;山鸢尾\n4,9;山鸢尾\n"])
    for (const little of [true, false])
      for (const mark of [true, false]) {
        const found = decode(utf16(text, little, mark));
        assert.equal(found.encoding, little ? "utf-16le" : "utf-16be");
        assert.equal(found.text, text);
      }
});

test("Chinese Excel writes GBK", () => {
  const found = decode(GBK);
  assert.equal(found.encoding, "gb18030");
  assert.equal(found.text, "萼片长,种类\n5.1,山鸢尾\r\n");
  assert.equal(found.sample, "萼片长");
});

test("Western Excel writes windows-1252", () => {
  for (const text of [
    "Länge,Art\n1,Müller\n",
    "prix €;température °C\n1;2\n",
    "año\n1\n",
    "née;créée\n1;2\n",
    "Länge\n",
    "ä\n",
  ]) {
    const found = decode(single(text, LATIN));
    assert.equal(found.encoding, "windows-1252", text);
    assert.equal(found.text, text);
    assert.equal(found.lost, 0);
  }
});

test("a damaged byte does not make another encoding of the rest", () => {
  const bytes = new TextEncoder().encode("Größe,Länge,Höhe\nüber,für,grün\näußere,Öl,Übung\n");
  const found = decode(Uint8Array.from([...bytes, 0xff]));
  assert.equal(found.encoding, "utf-8");
  assert.equal(found.lost, 1);
});

test("what is found can be picked otherwise", () => {
  assert.equal(decode(GBK, "windows-1252").encoding, "windows-1252");
  assert.equal(decode(single("ä", LATIN), "utf-8").lost, 1);
  const own = /^(?:ibm850|utf-32)/;
  for (const name of ENCODINGS.filter((one) => !own.test(one)))
    assert.equal(new TextDecoder(name).encoding, name);
});

test("a workbook, an archive or a picture is no text", () => {
  assert.equal(noText(Uint8Array.from([0x50, 0x4b, 3, 4, 20])), "workbook");
  assert.equal(noText(Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0])), "workbook");
  assert.equal(noText(Uint8Array.from([0x1f, 0x8b, 8])), "archive");
  assert.equal(noText(Uint8Array.from([0x89, 0x50, 0x4e, 0x47])), "binary");
  assert.equal(noText(new TextEncoder().encode("PK,x\n")), null);
  assert.equal(noText(new Uint8Array()), null);
});

/** @param {string} text @param {string} encoding */
const bytesIn = (text, encoding) => {
  const decoder = new TextDecoder(encoding);
  const letters = Object.fromEntries(
    Array.from({ length: 128 }, (_, i) => [decoder.decode(Uint8Array.of(128 + i)), 128 + i]),
  );
  return single(text, letters);
};

test("the encoding of other countries is found, or asked about with both readings", () => {
  for (const [text, encoding] of [
    ["город,x\nМосква,1\nКазань,2\n", "windows-1251"],
    ["miasto,x\nŁódź,1\nKraków,2\nGdańsk,3\nŻuławy,4\n", "windows-1250"],
    ["Länge,Art\n1,Müller\n2,Größe\n", "macintosh"],
    ["prix,né\nPère,1\n", "windows-1252"],
  ]) {
    const { encoding: first, readings } = decode(bytesIn(text, encoding));
    const offered = readings.length ? readings.map((one) => one.encoding) : [first];
    assert.ok(offered.includes(encoding), `${encoding}: ${offered}`);
  }
  const { readings } = decode(bytesIn("jméno,x\nDvořák,1\nČapek,2\n", "windows-1250"));
  assert.ok(readings.length > 1);
  assert.ok(readings.some(({ sample }) => sample.includes("Dvořák")));
});

test("a console's code page, UTF-32 and one bad byte are read", () => {
  const cp850 = Uint8Array.from([...new TextEncoder().encode("x\nK"), 0x94, 0x6c, 0x6e, 0x0a]);
  assert.ok(decode(cp850).readings.some(({ sample }) => sample === "Köln"));
  assert.equal(decode(cp850, "ibm850").text, "x\nKöln\n");
  const text = "a,ö\n1,2\n";
  const wide = new Uint8Array(4 * text.length);
  [...text].forEach((sign, i) =>
    new DataView(wide.buffer).setUint32(4 * i, sign.charCodeAt(0), true),
  );
  assert.equal(decode(wide).text, text);
  const utf8 = new TextEncoder().encode("Stadt,x\nKöln,1\nZürich,2\n");
  const damaged = decode(Uint8Array.from([...utf8, 0x33, 0xe4, 0x0a]));
  assert.deepEqual([damaged.encoding, damaged.lost], ["utf-8", 1]);
});
