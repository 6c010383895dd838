/** Ends a person's shell command. */
import type { StopCommand } from '../../domain/conversation/features/shell.ts'
import { defineAction } from './definition.ts'

export const stopCommand = defineAction<StopCommand>({
  kind: 'stop-command',
  start:
    ({ shell }) =>
    (_, { commandId }) =>
      shell.stop(commandId),
})
