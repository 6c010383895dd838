import type { StopCommand } from '../../domain/conversation/features/shell.ts'
import { defineAction } from './definition.ts'

/** Ends a person's shell command. */
export const stopCommand = defineAction<StopCommand>({
  kind: 'stop-command',
  start: ({ shell }) => (_, { commandId }) => shell.stop(commandId),
})
