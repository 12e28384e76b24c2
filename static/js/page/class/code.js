/** A link as a QR code: shown, and saved as SVG or PNG. */

import { classApi } from "../../server/classes.js";

/** So wide is the PNG at least, in pixels: it is projected. */
const WIDTH = 1024;

/** @param {string} text @returns {Promise<Blob>} the code as SVG */
export async function codeOf(text) {
  return new Blob([await classApi.qrCode(text)], { type: "image/svg+xml" });
}

/** The same as PNG; every square of it is a whole number of pixels wide. @param {Blob} svg @returns {Promise<Blob>} */
export async function pngOf(svg) {
  const url = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const side = image.naturalWidth * Math.ceil(WIDTH / image.naturalWidth);
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = side;
    const context = canvas.getContext("2d");
    if (!context) throw new Error("there is no canvas");
    context.imageSmoothingEnabled = false;
    context.drawImage(image, 0, 0, side, side);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture")))),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}
