/** From where an address can be opened, as far as its host tells. */

/** @typedef {"computer"|"network"|"anywhere"} Reach */

const COMPUTER = [/^localhost$/, /\.localhost$/, /^127(\.\d+){3}$/, /^0\.0\.0\.0$/, /^\[::1?\]$/];
const NETWORK = [
  /^10(\.\d+){3}$/,
  /^192\.168(\.\d+){2}$/,
  /^172\.(1[6-9]|2\d|3[01])(\.\d+){2}$/,
  /^169\.254(\.\d+){2}$/,
  /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])(\.\d+){2}$/, // shared by the customers of a provider
  /^\[(f[cd]|fe[89ab])/,
  /\.(local|lan|internal|home\.arpa)$/,
  /^[^.[]+$/, // a bare name, which only the own network knows
];

/**
 * @param {string} host as in a URL: "127.0.0.1", "[::1]", "basin.example.org"
 * @returns {Reach}
 */
export function reachOf(host) {
  const plain = host.toLowerCase().replace(/\.$/, "");
  if (COMPUTER.some((one) => one.test(plain))) return "computer";
  return NETWORK.some((one) => one.test(plain)) ? "network" : "anywhere";
}
