/** What the model says: to every message one answer, in one piece. */
import type { Rule, ScriptedModel } from 'scripted-model'

/** Outside of the project, in the folder of the harness: the agent has to ask. */
export const NOTE = 'asked/note.txt'

/** `#m7` for a message through the bot (the checker looks for these), `#a7` for one to OpenCode alone. */
export const RULES: readonly Rule[] = [
  {
    match: /sleep (#m\d+)/,
    steps: ([, tag]) => [
      { kind: 'tools', calls: [{ name: 'bash', args: { command: 'sleep 60', description: 'Wait' } }] },
      { kind: 'text', text: `Answer to ${tag}`, chunks: 1 },
    ],
  },
  {
    match: /permit (#m\d+)/,
    steps: ([, tag]) => [
      { kind: 'tools', calls: [{ name: 'read', args: { filePath: `../../${NOTE}` } }] },
      { kind: 'text', text: `Answer to ${tag}`, chunks: 1 },
    ],
  },
  { match: /#[am]\d+/, steps: ([tag]) => [{ kind: 'text', text: `Answer to ${tag}`, chunks: 1 }] },
]

/** The token of the answer to the text with this tag, once the model has been asked. */
export function tokenFor({ log }: ScriptedModel, tag: string): string | undefined {
  const whole = new RegExp(`${tag}\\b`)
  return log.findLast(({ hasTools, answers }) => hasTools && answers.some((text) => whole.test(text)))?.token
}
