/** `kimaki_file_upload`: asks a person for files. The call waits until they are saved in the project, or somebody declines. */
import type { Bot } from '../bot.ts'
import { callTool } from '../call-tool.ts'
import type { Tool } from '../opencode.ts'

export const fileUpload = (bot: Bot): Tool => ({
  description: DESCRIPTION,
  args: {
    prompt: { type: 'string', minLength: 1, maxLength: 500, description: 'Which files you need, and what for.' },
    maxFiles: { type: 'integer', minimum: 1, maximum: 10, description: 'How many at most; 5 unless given.' },
  },
  execute: (args, context) => callTool(bot, { tool: 'file-upload', args }, context),
})

const DESCRIPTION = `Asks the user in the Discord thread for files from their own machine, with a button that opens a file picker.
The call waits until they have sent them, and returns the absolute paths of the saved files, one a line, in the folder uploads/ of the project.
It returns a sentence instead when they decline, answer in words, or write something else.`
