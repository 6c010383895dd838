/** What the scripted model says in crash runs: slow enough that a kill falls into the middle of it. */
import type { Rule } from 'scripted-model'
import { FOLDERS, labelOf, OPTIONS, WORDS } from './answers.ts'

const refused = new Set<string>()

export const CRASH_RULES: readonly Rule[] = [
  {
    match: /long (#m\d+)/,
    steps: ([, tag]) => [
      { kind: 'tools', calls: [{ name: 'bash', args: { command: 'sleep 30', description: 'Take long' } }] },
      { kind: 'text', text: `Done with ${tag}.` },
    ],
  },
  {
    /** The provider refuses once: for a second, or for long enough that somebody stops it. */
    match: /(retry|balk) (#m\d+)/,
    steps: ([, word, tag = '']) => {
      if (refused.has(tag)) return [{ kind: 'text', text: `Answer to ${tag}.` }]
      refused.add(tag)
      return [{ kind: 'error', status: 429, message: 'Rate limit reached', retryAfterS: word === 'retry' ? 1 : 3 }]
    },
  },
  {
    /** Asks two questions at once, and says what it was told. */
    match: /pick (#m\d+)/,
    steps: ([, tag = ''], request) => [
      {
        kind: 'tools',
        calls: OPTIONS.map((options) => ({
          name: 'question',
          args: {
            questions: [
              {
                question: `Which, ${options.join(' or ')}?`,
                header: options[0],
                options: options.map((option) => ({ label: labelOf(option, tag), description: '' })),
              },
            ],
          },
        })),
      },
      { kind: 'text', text: `Picked ${told(request.body, tag)} for ${tag}.` },
    ],
  },
  {
    /** Wants to read two notes outside the project at once, and says what became of each. */
    match: /permit (#m\d+)/,
    steps: ([, tag = ''], request) => [
      {
        kind: 'tools',
        calls: FOLDERS.map((folder) => ({ name: 'read', args: { filePath: `../../asked/${labelOf(folder, tag)}/note.txt` } })),
      },
      { kind: 'text', text: `Permitted ${notes(request.body, tag)} for ${tag}.` },
    ],
  },
  {
    /** Its tool ends once there is a file of this name. */
    match: /wait (#m\d+)/,
    steps: ([, tag = '']) => [
      {
        kind: 'tools',
        calls: [{ name: 'bash', args: { command: `until [ -f ${tag.slice(1)} ]; do sleep 0.05; done`, description: 'Wait' } }],
      },
      { kind: 'text', text: `Done with ${tag}.` },
    ],
  },
  {
    match: /picture (#m\d+)/,
    steps: ([, tag]) => [
      { kind: 'tools', calls: [{ name: 'read', args: { filePath: 'dot.png' } }] },
      { kind: 'text', text: `Done with ${tag}.` },
    ],
  },
  /** A reply to a card that has ended is a message like any other. */
  { match: /about (?:north|south)\d+/, steps: [{ kind: 'text', text: 'Heard.' }] },
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
  {
    /** The words and the table stand in one message of components. */
    match: /table (#m\d+)/,
    steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}.\n\n| cup | tea |\n|---|---|\n| 1 | assam |` }],
  },
  /** The words of a slash command. */
  { match: /(#c\d+)\./, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}.`, chunks: 4, delayMs: 20 }] },
  { match: /aside (a\d+)/, steps: ([, name]) => [{ kind: 'text', text: `Answer to ${name}.`, chunks: 4, delayMs: 20 }] },
  { match: /(#m\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}.`, chunks: 4, delayMs: 20 }] },
]

/** Of each question the label that stands as its answer in what the model was sent. */
function told(body: unknown, tag: string): string {
  const words = JSON.stringify(body)
  const answers = OPTIONS.map((options) => options.map((option) => labelOf(option, tag)).find((label) => isAnswer(words, label)))
  return answers.map((label) => label ?? 'nothing').join(' ')
}

const isAnswer = (words: string, label: string): boolean =>
  words.includes(`=\\"${label}\\"`) || words.includes(`=\\\\\\"${label}`)

/** Of each note what its tool told the model. */
function notes(body: unknown, tag: string): string {
  const { messages = [] } = body as { readonly messages?: readonly { readonly role?: string }[] }
  const results = JSON.stringify(messages.filter(({ role }) => role === 'tool'))
  return FOLDERS.map((name) => {
    const folder = labelOf(name, tag)
    const [outcome = 'nothing'] = Object.entries(WORDS).find(([, words]) => results.includes(words(folder))) ?? []
    return `${folder}=${outcome}`
  }).join(' ')
}
