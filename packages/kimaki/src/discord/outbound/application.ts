/** The bot as Discord knows it. */
import { ApplicationFlags, Routes } from 'discord-api-types/v10'
import { ChatRefused } from '../../base/errors.ts'
import type { ApplicationReport } from '../../ports/application.ts'
import type { ChatError } from '../../ports/chat.ts'
import { statusOf } from '../rest/failure.ts'
import type { Rest } from '../rest/rest.ts'
import { application } from '../wire/answer.ts'

const READS = ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited

export async function readApplication(rest: Rest): Promise<ApplicationReport | ChatError> {
  const answer = await rest.read(Routes.currentApplication(), application)
  if (answer instanceof Error)
    return statusOf(answer) === 401 ? new ChatRefused({ code: 0, reason: 'Discord does not know this token' }) : answer
  return { id: answer.id, name: answer.name, mayReadMessages: (answer.flags & READS) !== 0 }
}
