/**
 * `kimaki_question`: asks people in the thread and waits for their answer. OpenCode has a tool of its own for that, but not for every client
 * it is told it serves; this one stands in where that is missing, since the model would have two of them else.
 */
import type { Bot } from '../bot.ts'
import { callTool } from '../call-tool.ts'
import type { Tool } from '../opencode.ts'

/**
 * Whether OpenCode registers its own tool. It does so by these variables, and no route can be asked: the list of tools is made once, from
 * what the plugins offer by then.
 */
export function hasOwnQuestion(environment: Readonly<Record<string, string | undefined>>): boolean {
  const client = environment['OPENCODE_CLIENT'] ?? 'cli'
  return (
    ['app', 'cli', 'desktop'].includes(client) || /^(1|true|yes|on|y)$/i.test(environment['OPENCODE_ENABLE_QUESTION_TOOL'] ?? '')
  )
}

export const question = (bot: Bot): Tool => ({
  description: DESCRIPTION,
  args: {
    questions: {
      type: 'array',
      minItems: 1,
      maxItems: 8,
      description: 'The questions, in the order in which they are asked.',
      items: {
        type: 'object',
        properties: {
          question: { type: 'string', minLength: 1, description: 'The whole question.' },
          header: { type: 'string', maxLength: 60, description: 'What it is about, in a few words.' },
          options: {
            type: 'array',
            description: 'What may be picked; none where only the person knows.',
            items: {
              type: 'object',
              properties: {
                label: { type: 'string', minLength: 1, maxLength: 100, description: 'A few words.' },
                description: { type: 'string', description: 'What picking it means.' },
              },
              required: ['label'],
            },
          },
          multiple: { type: 'boolean', description: 'Several may be picked.' },
          custom: { type: 'boolean', description: 'false: an answer in own words is not taken. Taken unless given.' },
        },
        required: ['question', 'header', 'options'],
      },
    },
  },
  execute: (args, context) => callTool(bot, { tool: 'question', args }, context),
})

const DESCRIPTION = `Asks the people in the Discord thread, and waits for their answer, however long that takes.
Use it where you need a decision or a fact to go on: ask all you need at once, with the likely answers as options.`
