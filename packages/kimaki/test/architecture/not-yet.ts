/** What still breaks a rule. These lists only shrink: an entry that breaks nothing any more is told, and goes. */
/** Tests that wait for time, and what they could wait for. */
export const SLEEPING: Readonly<Record<string, string>> = {
  'packages/kimaki/test/cli/take-over.test.ts': '200 ms in which a take-over must not have ended',
  'packages/kimaki/test/crash/mixes.ts': 'a look every few ms for a retry that can be stopped',
  'packages/kimaki/test/crash/random-kills.ts': 'jitter before a kill; looks for a stage and for the end',
  'packages/kimaki/test/crash/red-controls.ts': 'a weakened store that commits late',
  'packages/kimaki/test/crash/rules.ts': 'tools that take 0.3 s and 30 s',
  'packages/kimaki/test/crash/victims.ts': 'an until of its own',
  'packages/kimaki/test/e2e/interrupt.test.ts': 'a step of 0.4 s that ends before the interrupt is due',
  'packages/kimaki/test/e2e/model-faults.test.ts': 'a tool that is silent for longer than the model may be',
  'packages/kimaki/test/e2e/patience.test.ts': 'a job of JOB_S seconds',
  'packages/kimaki/test/e2e/rules.ts': 'a tool of 2 s, to have a run in the middle of its work',
  'packages/kimaki/test/e2e/shell.test.ts': 'lines 1.3 s and 0.1 s apart, for edits that are told apart',
  'packages/kimaki/test/e2e/titles-and-typing.test.ts': '8 s in which typing must have been renewed',
  'packages/kimaki/test/e2e/weakened-bot.ts': 'a look every 20 ms for a file',
  'packages/kimaki/test/faults/discord/gateway.ts': 'an outage that lasts OUTAGE_MS',
  'packages/kimaki/test/faults/discord/rest.ts': 'time for three tries that must not come; 4 s for an exit',
  'packages/kimaki/test/faults/discord/row.ts': 'a journal that stays quiet; an until of its own',
  'packages/kimaki/test/faults/discord/safeguards.ts':
    'a weakened gateway that tells a fresh session 2 s late; the product’s pause',
  'packages/kimaki/test/faults/discord/start.test.ts': '4 s in which a weakened start must not have tried again',
  'packages/kimaki/test/host/fixtures/shell-world.ts': 'an until of its own',
  'packages/kimaki/test/host/shell.test.ts': 'a background process of 3 s; ticks 20 ms apart',
  'packages/kimaki/test/host/shell/output.test.ts': 'output in pieces, up to 3 s long',
  'packages/kimaki/test/opencode/commands.test.ts': 'a command whose words take 0.7 s to expand',
  'packages/kimaki/test/opencode/fixtures/world.ts': 'an until of its own',
  'packages/kimaki/test/support/servers.ts': 'an until of its own',
}
