// What `make lint` asks of the touchscreen's JavaScript: plain ES modules of a browser, with no build step.

import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["**/static/vendor/**"] }, // from npm: edge/vehicle/touchscreen/from_npm/README.md
  {
    ...js.configs.recommended,
    files: ["edge/**/static/**/*.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "module", globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      ...js.configs.recommended.rules,
      "array-callback-return": "error",
      "consistent-return": "error",
      eqeqeq: "error",
      "guard-for-in": "error",
      "no-duplicate-imports": "error",
      "no-eval": "error",
      "no-implicit-coercion": "error",
      "no-implicit-globals": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-param-reassign": "error",
      "no-promise-executor-return": "error",
      "no-self-compare": "error",
      "no-shadow": "error",
      "no-template-curly-in-string": "error",
      "no-throw-literal": "error",
      "no-unmodified-loop-condition": "error",
      "no-unreachable-loop": "error",
      "no-use-before-define": ["error", { functions: false, variables: false }],
      "no-var": "error",
      "prefer-const": "error",
      radix: "error",
    },
  },
];
