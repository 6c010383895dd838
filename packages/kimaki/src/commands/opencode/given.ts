/** What people give to one of OpenCode's commands. */
import type { CommandDeclaration } from '../../ports/chat.ts'

export const GIVEN: CommandDeclaration['options'] = [
  { kind: 'string', name: 'arguments', description: 'What is given to it', required: false },
  { kind: 'attachment', name: 'file', description: 'A file that goes along', required: false },
]
