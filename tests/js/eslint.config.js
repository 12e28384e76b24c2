import js from "@eslint/js";
import globals from "globals";

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
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Text is textContent." },
        { property: "outerHTML", message: "Text is textContent." },
        { property: "insertAdjacentHTML", message: "Text is textContent." },
      ],
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
  {
    files: ["static/js/**"],
    languageOptions: { globals: { ...globals.browser, Plotly: "readonly" } },
  },
  {
    files: ["tests/js/**"],
    languageOptions: { globals: globals.node },
  },
];
