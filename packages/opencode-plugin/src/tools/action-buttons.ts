/** `kimaki_action_buttons`: up to three buttons in the thread. The call ends at once; a press is a new message of whoever pressed. */
import type { Bot } from '../bot.ts'
import { callTool } from '../call-tool.ts'
import type { Tool } from '../opencode.ts'

export const actionButtons = (bot: Bot): Tool => ({
  description: DESCRIPTION,
  args: {
    buttons: {
      type: 'array',
      minItems: 1,
      maxItems: 3,
      description: 'The buttons, from left to right.',
      items: {
        type: 'object',
        properties: {
          label: {
            type: 'string',
            minLength: 1,
            maxLength: 80,
            description: 'What the button says: a short action, e.g. "Run the tests".',
          },
          color: {
            type: 'string',
            enum: ['white', 'blue', 'green', 'red'],
            description: 'White unless given; red for what destroys.',
          },
        },
        required: ['label'],
      },
    },
  },
  execute: (args, context) => callTool(bot, { tool: 'action-buttons', args }, context),
})

const DESCRIPTION = `Shows up to three buttons below your answer in the Discord thread, for next steps a person may want.
A press arrives later as a new message that names the button, so call this last, after all you have to say, and then end your turn.
The buttons hold for 24 hours, or until somebody writes in the thread. Use the question tool instead where you need the answer to go on.`
