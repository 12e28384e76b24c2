/** The only module that talks to the server. Addresses are relative: the page may lie in a folder of its host. */

/**
 * @typedef {import("../types.js").Problem} Problem
 * @typedef {import("../types.js").Spec} Spec
 * @typedef {import("../types.js").Summary} Summary
 * @typedef {"parameters"|"random"|"pca"|"between"|"from_start"} Plane
 * @typedef {{plane: Plane, run: number, x?: string, y?: string, seed?: number, biases?: boolean, other?: number,
 *   of?: string, of_step?: number}} PlaneQuery   a plane of the parameter space
 */

/** An answer that is not what was asked for. `status` 0: no answer came at all. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} detail
   * @param {Problem[]} errors
   * @param {number} retryAfter seconds
   */
  constructor(status, detail, errors = [], retryAfter = 1) {
    super(detail);
    this.status = status;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }

  /** Whether the server may answer later: it was not reached, is busy, or cannot reach what it keeps. */
  get passes() {
    return this.status === 0 || this.status === 429 || this.isAway;
  }

  /** Whether it is not known what became of the request: no answer came, or none of the store. */
  get isLost() {
    return this.status === 0 || this.isAway;
  }

  /** Whether the server cannot reach its store. */
  get isAway() {
    return this.status === 503 && this.errors[0]?.code === "store_unavailable";
  }

  /** The code of the first broken rule, or one that follows from the status. */
  get code() {
    if (this.errors[0]?.code) return this.errors[0].code;
    if (this.status === 0) return "offline";
    const byStatus = /** @type {Record<number, string>} */ ({
      404: "unknown_experiment",
      405: "method_not_allowed",
      409: "stale_version",
      413: "body_too_large",
      429: "busy",
    });
    return byStatus[this.status] ?? "internal";
  }
}

/** How much slower than usual the server wants to be asked; each of its processes has a pace of its own. */
let pace = 1;

/**
 * @param {string} method
 * @param {string} url
 * @template T   what the document says that this call answers
 * @param {{body?: object, timeout?: number, as?: "json"|"text"|"blob", signal?: AbortSignal}} [options]   `timeout` in
 *   milliseconds; `signal` ends it before
 * @returns {Promise<T>}
 */
export async function request(method, url, { body, timeout = 30000, as = "json", signal } = {}) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(url, {
      method,
      headers: body ? { "content-type": "application/json" } : {},
      body: body ? JSON.stringify(body) : undefined,
      signal: AbortSignal.any([AbortSignal.timeout(timeout), ...(signal ? [signal] : [])]),
    });
  } catch (error) {
    throw new ApiError(0, String(error));
  }
  pace += ((Number(response.headers.get("basin-pace")) || pace) - pace) / 2;
  if (!response.ok) throw await errorOf(response);
  try {
    return response.status === 204 ? /** @type {T} */ (null) : await read(response, as);
  } catch (error) {
    throw new ApiError(0, String(error)); // the connection broke in mid-answer
  }
}

/** @param {Response} response @param {"json"|"text"|"blob"} as */
async function read(response, as) {
  const answer = await response[as]();
  if (as === "json" && !isObject(answer)) throw new TypeError("no answer of Basin's");
  return answer;
}

/** The word of a gateway that the server behind it is not reached, or of one that wants a login first. */
const GATEWAY = [401, 407, 502, 503, 504, 511];

/** @param {unknown} value */
const isObject = (value) => typeof value === "object" && value !== null;

/** What a refusal says. @param {Response} response */
async function errorOf(response) {
  const { status, statusText, headers } = response;
  const told = await response.json().catch(() => null);
  /** @type {Partial<{errors: Problem[], detail: string}>} */
  const problem = isObject(told) ? told : {};
  const errors = Array.isArray(problem.errors) ? problem.errors.filter(isObject) : undefined;
  const wait = Number(headers.get("retry-after")) || 1;
  // A server that says why it cannot has been reached.
  const code = GATEWAY.includes(status) && !errors ? 0 : status;
  const used = errors?.[0]?.code === "quota_used"; // nobody waits an hour
  return new ApiError(used ? 507 : code, problem.detail ?? statusText, errors, wait);
}

/** @param {Record<string, string|number|boolean|null|undefined>} fields */
export function query(fields) {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null && value !== undefined) params.set(name, String(value));
  }
  return `?${params}`;
}

/** @param {string} id */
const study = (id) => `api/studies/${encodeURIComponent(id)}`;

/** @param {string} id */
const at = (id) => `api/experiments/${encodeURIComponent(id)}`;

/**
 * Every call, by the function that asks.
 * @param {typeof request} ask
 */
const callsOf = (ask) => ({
  pace: () => pace,
  /** @param {string} url @returns {Promise<Record<string, string>>} */
  messages: (url) => ask("GET", url),
  /** A text file of the page, however long it is. @param {string} url @returns {Promise<string>} */
  text: (url) => ask("GET", url, { as: "text", timeout: 300_000 }),
  /** Every choice; its words the page has already. @returns {Promise<import("../types.js").Catalog>} */
  catalog: () => ask("GET", `api/catalog${query({ words: false })}`),
  /** @param {object} body @returns {Promise<import("../types.js").FoundTable>} */
  table: (body) => ask("POST", "api/tables", { body }),
  /** @param {{formula: string, inputs: number}} body @returns {Promise<import("../types.js").FoundFormula>} */
  formula: (body) => ask("POST", "api/formulas", { body }),
  /** @param {object} body @returns {Promise<import("../types.js").Preview>} */
  recipe: (body) => ask("POST", "api/recipes/preview", { body }),
  /** @param {object} body @returns {Promise<{steps: number[], factor: number[]}>} */
  schedule: (body) => ask("POST", "api/schedules/preview", { body }),
  /** @param {Spec} spec @returns {Promise<Summary>} */
  create: (spec) => ask("POST", "api/experiments", { body: spec }),
  /** @param {string} id @returns {Promise<Summary>} */
  read: (id) => ask("GET", at(id)),
  /** @param {string} id @returns {Promise<import("../types.js").DataSet>} */
  data: (id) => ask("GET", `${at(id)}/data`),
  /** @param {string} id @param {object} change @returns {Promise<Summary>} */
  patch: (id, change) => ask("PATCH", at(id), { body: change }),
  /** @param {string} id @param {object} body @returns {Promise<import("../types.js").Block>} */
  steps: (id, body) => ask("POST", `${at(id)}/steps`, { body }),
  /** @param {string} id @param {object} body @returns {Promise<Summary>} */
  rewind: (id, body) => ask("POST", `${at(id)}/rewind`, { body }),
  /**
   * Another experiment with the past of this one up to a step, and from there on a change.
   * @param {string} id @param {{step: number, change?: object}} body @returns {Promise<Summary>}
   */
  branch: (id, body) => ask("POST", `${at(id)}/branch`, { body }),
  /**
   * Parameters set by hand: by name, all of them, or a point of a plane.
   * @param {string} id
   * @param {{run: number, values?: Record<string, number>, W?: (number|null)[][][], b?: (number|null)[][], point?: object,
   *   version?: number}} body
   * @returns {Promise<{version: number}>}
   */
  setParameters: (id, body) => ask("PATCH", `${at(id)}/parameters`, { body }),
  /** @param {string} id @param {number} points @returns {Promise<import("../types.js").Curves>} */
  loss: (id, points) => ask("GET", `${at(id)}/loss${query({ points })}`),
  /**
   * Everything that shows one moment of the past.
   * @param {string} id
   * @param {{step: number, run: number, x?: string, y?: string, size?: number, neurons?: boolean,
   *   gradients?: boolean, across?: number, up?: number}} of
   * @returns {Promise<import("../types.js").MomentFrame>}
   */
  frame: (id, of) => ask("GET", `${at(id)}/frame${query(of)}`),
  /** @param {string} id @param {{step: number}} of @returns {Promise<import("../types.js").Diagnostics>} */
  diagnostics: (id, of) => ask("GET", `${at(id)}/diagnostics${query(of)}`),
  /** @param {string} id @param {{step: number, points: number}} of @returns {Promise<import("../types.js").SignalHistory>} */
  signalHistory: (id, of) => ask("GET", `${at(id)}/diagnostics/history${query(of)}`),
  /**
   * @param {string} id @param {{run: number, step: number, parameter: string, sample?: number|null}} of
   * @returns {Promise<import("../types.js").Trace>}
   */
  trace: (id, of) => ask("GET", `${at(id)}/trace${query(of)}`),
  /** @param {string} id @param {{run: number, step: number}} of @returns {Promise<import("../types.js").Metrics>} */
  metrics: (id, of) => ask("GET", `${at(id)}/metrics${query(of)}`),
  /** @param {string} id @param {{target: string, step: number}} of @returns {Promise<string>} */
  code: (id, of) => ask("GET", `${at(id)}/code${query(of)}`, { as: "text", timeout: 300_000 }),
  /** @param {string} id @param {{step: number}} of @returns {Promise<Blob>} */
  parametersFile: (id, of) => ask("GET", `${at(id)}/parameters.npz${query(of)}`, { as: "blob" }),
  /** @param {string} id @param {{run: number, step: number}} of @returns {Promise<import("../types.js").Parameters>} */
  parameters: (id, of) => ask("GET", `${at(id)}/parameters${query(of)}`),
  /**
   * @param {string} id
   * @param {PlaneQuery & {size: number, step: number, held?: string, x_min?: number,
   *   x_max?: number, y_min?: number, y_max?: number, reach?: number, loss?: string}} of
   * @returns {Promise<import("../types.js").Surface>}
   */
  surface: (id, of) => ask("GET", `${at(id)}/surface${query(of)}`),
  /** @param {string} id @param {{run: number, step: number}} of @returns {Promise<import("../types.js").MostRelief>} */
  relief: (id, of) => ask("GET", `${at(id)}/relief${query(of)}`),
  /**
   * @param {string} id
   * @param {{run: number, step: number, parameter: string, other: string|null, size: number}} of
   * @returns {Promise<import("../types.js").Slice>}
   */
  slice: (id, of) => ask("GET", `${at(id)}/slice${query(of)}`),
  /**
   * @param {string} id
   * @param {PlaneQuery & {step: number}} of
   * @returns {Promise<import("../types.js").Curvature>}
   */
  curvature: (id, of) => ask("GET", `${at(id)}/curvature${query(of)}`),
  /** @param {string} id @param {{step: number, points: number}} of @returns {Promise<import("../types.js").Sharpness>} */
  sharpness: (id, of) => ask("GET", `${at(id)}/sharpness${query(of)}`),
  /**
   * @param {string} id
   * @param {{run: number, size: number, step: number, neurons: boolean, across?: number, up?: number,
   *   neuron?: string, samples?: boolean}} of
   * @returns {Promise<import("../types.js").Outputs>}
   */
  outputs: (id, of) => ask("GET", `${at(id)}/outputs${query(of)}`),
  /** An experiment repeated with many seeds. @param {object} body @returns {Promise<import("../types.js").StudyResult>} */
  createStudy: (body) => ask("POST", "api/studies", { body }),
  /**
   * What is known of a study so far, read at its own target or another one; of all its cells, or of one with its curves.
   * @param {string} id
   * @param {{target?: number|null, cell?: number|null}} look
   * @returns {Promise<import("../types.js").StudyResult>}
   */
  study: (id, look) => ask("GET", `${study(id)}${query(look)}`),
  /** @param {string} id @returns {Promise<import("../types.js").StudyResult>} */
  cancelStudy: (id) => ask("POST", `${study(id)}/cancel`),
  /** @param {string} id @returns {Promise<void>} */
  deleteStudy: (id) => ask("DELETE", study(id)),
  /**
   * The spec of the experiment with exactly the runs of one seed.
   * @param {string} id @param {{cell: number, seed: number}} of @returns {Promise<Spec>}
   */
  studyExperiment: (id, of) => ask("GET", `${study(id)}/experiment${query(of)}`),
  /** Where the runs of a study are found as CSV. @param {string} id @param {number|null} target @param {boolean} told whether it says who diverged */
  studyRuns: (id, target, told) =>
    `${study(id)}/runs.csv${query({ target, answers: told ? null : "off" })}`,
});

export const api = callsOf(request);

/** The same calls, until somebody has no use for their answers any more: then the server leaves off, too. @param {AbortSignal} signal @returns {typeof api} */
export const until = (signal) =>
  callsOf((method, url, options) => request(method, url, { ...options, signal }));
