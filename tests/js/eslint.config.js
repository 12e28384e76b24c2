import js from "@eslint/js";
import globals from "globals";

/**
 * The rooms of static/js, each with those that it may import from; there is no way upward and no circle.
 * @type {Record<string, string[]>}
 */
const ROOMS = {
  server: [],
  ui: ["server"],
  experiment: ["ui", "server"],
  setup: ["experiment", "ui", "server"],
  playback: ["experiment", "ui", "server"],
  panels: ["experiment", "ui", "server"],
  share: ["experiment", "ui", "server"],
  page: ["setup", "playback", "panels", "share", "experiment", "ui", "server"],
};

/** @param {string} room */
const others = (room) =>
  Object.keys(ROOMS).filter((name) => name !== room && !ROOMS[room].includes(name));

/** Imports from a room that stands above or beside, static or on demand. */
const downward = Object.keys(ROOMS).map((room) => {
  const path = `^(\\.\\./)+(${["main\\.js", "boot\\.js", ...others(room).map((name) => `${name}/`)].join("|")})`;
  const message = `${room}/ may import from ${ROOMS[room].join(", ") || "no other room"} only.`;
  return {
    files: [`static/js/${room}/**`],
    rules: {
      "no-restricted-imports": ["error", { patterns: [{ regex: path, message }] }],
      "no-restricted-syntax": [
        "error",
        {
          selector: `ImportExpression > Literal[value=/${path.replaceAll("/", "\\/")}/]`,
          message,
        },
        { selector: "ImportExpression > :not(Literal).source", message: "Say which module." },
      ],
    },
  };
});

const FETCH = [
  { name: "fetch", message: "Only server/ talks to the server." },
  { name: "XMLHttpRequest", message: "Only server/ talks to the server." },
];
const PLOTLY = [{ name: "Plotly", message: "Ask ui/plotly.js, which loads it." }];
const STORAGE = ["localStorage", "sessionStorage"].map((name) => ({
  name,
  message: "Ask ui/storage.js, which knows that it may fail.",
}));

/** Names that are not to be used, on the window neither. @param {{name: string, message: string}[]} names */
const restricted = (names) => ({
  "no-restricted-globals": ["error", ...names],
  "no-restricted-properties": [
    "error",
    ...["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => ({
      property,
      message: "Text is textContent.",
    })),
    ...names.flatMap(({ name, message }) =>
      ["window", "globalThis", "self"].map((object) => ({ object, property: name, message })),
    ),
  ],
});

export default [
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-alert": "error",
      "no-console": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
      ...restricted([]),
    },
  },
  {
    files: ["static/js/**"],
    languageOptions: { globals: globals.browser },
    rules: {
      ...restricted([...FETCH, ...PLOTLY, ...STORAGE]),
      complexity: ["error", 12],
      "max-lines-per-function": ["error", { max: 120, skipBlankLines: true, skipComments: true }],
    },
  },
  ...downward,
  { files: ["static/js/server/**"], rules: restricted([...PLOTLY, ...STORAGE]) },
  { files: ["static/js/ui/plotly.js"], rules: restricted([...FETCH, ...STORAGE]) },
  {
    // boot.js runs before there are modules.
    files: ["static/js/ui/storage.js", "static/js/boot.js"],
    rules: restricted([...FETCH, ...PLOTLY]),
  },
  {
    files: ["tests/js/**"],
    languageOptions: { globals: globals.node },
  },
  {
    files: ["tests/js/geometry.js"], // it runs in the page
    languageOptions: { globals: globals.browser },
  },
];
