/** Files that the page makes and the browser saves. */

/** Saves a blob, or what an address leads to, under a name. @param {Blob|string} content @param {string} name */
export function download(content, name) {
  const url = typeof content === "string" ? content : URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  if (typeof content !== "string") setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
