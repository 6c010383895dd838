/** What the scripted model says, in the life that is recorded and in the one that begins with its data. */
import type { Rule, Step } from 'scripted-model'

const working = (file: string | undefined, tag: string | undefined): Step => ({
  kind: 'tools',
  text: `Working on ${tag}.`,
  calls: [{ name: 'bash', args: { command: `until [ -f ${file} ]; do sleep 0.05; done`, description: 'Work' } }],
})

/** `refuses`: the provider sends every `limited` prompt away for half an hour. */
export const rules = (provider: 'refuses' | 'answers'): readonly Rule[] => [
  {
    match: /until (\S+) (#m\d+)/,
    steps: ([, file, tag]) => [working(file, tag), { kind: 'text', text: `Answer to ${tag}` }],
  },
  {
    match: /question (\S+) (#m\d+)/,
    steps: ([, file, tag]) => [
      working(file, tag),
      {
        kind: 'tools',
        calls: [
          {
            name: 'question',
            args: { questions: [{ question: 'Which colour?', header: 'Colour', options: [{ label: 'Red', description: 'r' }] }] },
          },
        ],
      },
    ],
  },
  ...(provider === 'refuses'
    ? [
        {
          match: /limited (#m\d+)/,
          steps: [{ kind: 'error', status: 429, message: 'Rate limit reached', retryAfterS: 1800 }],
        } as const,
      ]
    : []),
  { match: /(#m\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}` }] },
  // Questions aside are asked in a copy of their session: what is said there stands in two sessions, and carries no tag.
  {
    match: /build (\w+)/,
    steps: ([, what]) => [
      {
        kind: 'tools',
        text: 'I build.',
        calls: [{ name: 'bash', args: { command: `until [ -f ${what} ]; do sleep 0.05; done`, description: 'Build' } }],
      },
      { kind: 'text', text: `Built ${what}.` },
    ],
  },
  { match: /why (\w+)/, steps: ([, what]) => [{ kind: 'text', text: `Because of ${what}.` }] },
  { match: /(\w+) is (\w+)/, steps: ([, what, how]) => [{ kind: 'text', text: `I remember that ${what} is ${how}.` }] },
]
