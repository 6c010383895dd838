/** What the scripted model says in the end-to-end tests. Every prompt carries a tag, `#m1` and so on. */
import type { Rule } from 'scripted-model'

const LONG = Array.from(
  { length: 90 },
  (_, index) => `Line ${index + 1} of a long answer, long enough to need several messages in a thread.`,
).join('\n')
const CODE = `\`\`\`ts\n${Array.from({ length: 60 }, (_, index) => `const value${index} = ${index} // a line of code that fills the fence`).join('\n')}\n\`\`\``
const HUGE = Array.from({ length: 400 }, (_, index) => `Paragraph ${index + 1}: ${'words '.repeat(12)}`).join('\n')

export const E2E_RULES: readonly Rule[] = [
  {
    match: /write (\S+) (#m\d+)/,
    steps: ([, name, tag]) => [
      { kind: 'tools', text: 'I will write it.', calls: [{ name: 'write', args: { filePath: name, content: 'hello\n' } }] },
      {
        kind: 'tools',
        calls: [
          { name: 'read', args: { filePath: name } },
          { name: 'edit', args: { filePath: name, oldString: 'hello', newString: 'good\nmorning' } },
        ],
      },
      { kind: 'tools', calls: [{ name: 'bash', args: { command: `cat ${name}`, description: 'Show it' } }] },
      { kind: 'text', text: `Written ${tag}` },
    ],
  },
  { match: /long (#m\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}\n${LONG}\n${CODE}\nThe end.` }] },
  { match: /huge (#m\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}\n${HUGE}` }] },
  { match: /unauthorized (#m\d+)/, steps: [{ kind: 'error', status: 401, message: 'the key is not valid' }] },
  { match: /silent (#m\d+)/, steps: [{ kind: 'empty', finish: 'none' }] },
  {
    match: /ask (#m\d+)/,
    steps: ([, tag]) => [
      {
        kind: 'tools',
        text: 'May I?',
        calls: [{ name: 'bash', args: { command: 'cat ../outside.txt', description: 'Look outside', workdir: '/' } }],
      },
      { kind: 'text', text: `Asked ${tag}` },
    ],
  },
  {
    match: /question (#m\d+)/,
    steps: ([, tag]) => [
      {
        kind: 'tools',
        calls: [
          {
            name: 'question',
            args: { questions: [{ question: 'Which colour?', header: 'Colour', options: [{ label: 'Red', description: 'r' }] }] },
          },
        ],
      },
      { kind: 'text', text: `Coloured ${tag}` },
    ],
  },
  {
    match: /menu (#m\d+)/,
    steps: ([, tag]) => [
      {
        kind: 'tools',
        calls: [
          {
            name: 'question',
            args: {
              questions: [
                {
                  question: 'Which sizes?',
                  header: 'Sizes',
                  multiple: true,
                  options: ['S', 'M', 'L'].map((label) => ({ label, description: '' })),
                },
              ],
            },
          },
        ],
      },
      { kind: 'text', text: `Sized ${tag}` },
    ],
  },
  {
    match: /slow tool (#m\d+)/,
    steps: ([, tag]) => [
      { kind: 'tools', text: `Working on ${tag}.`, calls: [{ name: 'bash', args: { command: 'sleep 2', description: 'Wait' } }] },
      { kind: 'text', text: `Done with ${tag}` },
    ],
  },
  {
    /** It is cut off, however long that takes. */
    match: /endless tool (#m\d+)/,
    steps: ([, tag]) => [
      {
        kind: 'tools',
        text: `Working on ${tag}.`,
        calls: [{ name: 'bash', args: { command: 'until [ -f never ]; do sleep 0.2; done', description: 'Wait' } }],
      },
      { kind: 'text', text: `Done with ${tag}` },
    ],
  },
  {
    match: /slow text (#m\d+)/,
    steps: ([, tag]) => [{ kind: 'text', text: `Slowly answered ${tag}`, chunks: 20, delayMs: 100 }],
  },
  {
    match: /environment (#m\d+)/,
    steps: [
      { kind: 'tools', calls: [{ name: 'bash', args: { command: 'env > env.txt; echo $PATH', description: 'Look' } }] },
      { kind: 'text', text: 'Looked.' },
    ],
  },
  { match: /(#m\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}` }] },
]
