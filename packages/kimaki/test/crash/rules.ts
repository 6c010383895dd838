/** What the scripted model says in crash runs: slow enough that a kill falls into the middle of it. */
import type { Rule } from 'scripted-model'

export const CRASH_RULES: readonly Rule[] = [
  {
    match: /tool (#m\d+)/,
    steps: ([, tag]) => [
      {
        kind: 'tools',
        text: `Working on ${tag}.`,
        calls: [{ name: 'bash', args: { command: `sleep 0.3; echo ran ${tag}`, description: 'Work' } }],
      },
      { kind: 'text', text: `Done with ${tag}.`, chunks: 4, delayMs: 20 },
    ],
  },
  { match: /(#m\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}.`, chunks: 4, delayMs: 20 }] },
]
