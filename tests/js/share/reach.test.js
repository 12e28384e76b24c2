/** A link says where it opens. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { reachOf } from "../../../static/js/share/reach.js";

/** @type {[import("../../../static/js/share/reach.js").Reach, string[]][]} */
const HOSTS = [
  ["computer", ["localhost", "LOCALHOST.", "basin.localhost", "127.0.0.1", "0.0.0.0", "[::1]"]],
  ["network", ["10.1.2.3", "192.168.0.7", "172.16.0.1", "172.31.9.9", "169.254.1.1", "100.64.0.1"]],
  ["network", ["[fd00::1]", "[fe80::1]", "mac.local", "router.lan", "pi.home.arpa", "server"]],
  ["anywhere", ["basin.example.org", "8.8.8.8", "172.32.0.1", "172.1.0.1", "100.128.0.1"]],
  ["anywhere", ["[2001:db8::1]", "localhost.example.org", "10.example.org", "127.example.org"]],
];
for (const [reach, hosts] of HOSTS)
  for (const host of hosts)
    test(`${host} can be opened from this ${reach}`, () => assert.equal(reachOf(host), reach));
