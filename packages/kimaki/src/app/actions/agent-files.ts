/** Fetches the files of the agent and keeps them below the data folder until Discord has them. */
import { AgentUnavailable, isAbortError } from '../../base/errors.ts'
import { deriveId } from '../../base/ids.ts'
import type { FilesReport, ForgetFiles, KeepFiles, KeptFile } from '../../domain/conversation/features/output/agent-files.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import { safeName } from '../../domain/message/file-name.ts'
import type { FoundFile } from '../../ports/agent.ts'
import { defineAction, type ActionDeps } from './definition.ts'

/** For about ten seconds: everything that the agent says later waits for its files. */
const ATTEMPTS = 5

export const keepFiles = defineAction<KeepFiles>({
  kind: 'keep-files',
  start(deps) {
    /** Parts whose files are being fetched. */
    const fetching = new Set<string>()
    return (conversation, action) => {
      const { id, state } = conversation
      const { partId, names } = action
      const key = `${id}/${partId}`
      if (!state || fetching.has(key)) return
      fetching.add(key)
      void fetchAll(deps, state, action)
        .catch((error: unknown): readonly KeptFile[] | undefined => {
          if (isAbortError(error)) return undefined
          deps.log.error('files of the agent were not kept', { conversation: id, error: String(error) })
          return names.map((name) => ({ kind: 'missing', name, reason: 'it could not be fetched' }))
        })
        .then((files) => {
          const report: FilesReport | undefined = files && { partId, files }
          if (report) conversation.push({ kind: 'report', at: deps.clock.now(), owner: 'agent-files', report })
        })
        .finally(() => fetching.delete(key))
    }
  },
})

export const forgetFiles = defineAction<ForgetFiles>({
  kind: 'forget-files',
  start:
    ({ files, log }) =>
    (_conversation, { paths }) =>
      void files.remove(paths).catch((error: unknown) => log.warn('copies of files were not deleted', { error: String(error) })),
})

async function fetchAll(deps: ActionDeps, state: Conversation, action: KeepFiles): Promise<readonly KeptFile[]> {
  const { agent, chat, retry } = deps
  const { messageId, partId, names } = action
  if (state.session.kind !== 'open') return []
  const limit = chat.fileLimit(state.guildId)
  const request = { directory: state.directory, session: state.session.id, messageId, partId, limitBytes: limit }
  const found = await retry.until(async (failures) => {
    const answer = await agent.files(request)
    return answer instanceof AgentUnavailable && failures + 1 < ATTEMPTS ? undefined : answer
  })
  const kept: KeptFile[] = []
  for (const [index, name] of names.entries()) {
    const file: FoundFile =
      found instanceof Error
        ? { kind: 'missing', reason: found.message }
        : (found[index] ?? { kind: 'missing', reason: 'it is gone' })
    kept.push(await keepOne(deps, state.id, { name, key: `${partId}/${index}`, limit }, file))
  }
  return kept
}

async function keepOne(
  { files }: ActionDeps,
  conversationId: string,
  { name, key, limit }: { readonly name: string; readonly key: string; readonly limit: number },
  file: FoundFile,
): Promise<KeptFile> {
  if (file.kind === 'missing') return { ...file, name }
  if (file.kind === 'large') return { kind: 'too-large', name, size: file.size, limit, path: file.path }
  const { bytes, mime } = file
  const safe = safeName(name)
  const path = await files.saveAttachment(conversationId, `${deriveId('', key).slice(0, 12)}-${safe}`, bytes)
  if (bytes.length > limit) return { kind: 'too-large', name, size: bytes.length, limit, path }
  if (path === undefined) return { kind: 'missing', name, reason: 'it could not be saved on disk' }
  return { kind: 'kept', name: safe, mime, path, size: bytes.length }
}
