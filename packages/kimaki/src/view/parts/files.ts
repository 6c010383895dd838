/** Files of the agent, a block each: attached where Discord takes them, else named with the place where they are. */
import { agentFiles, fileKey, filesOf, type KeptFile } from '../../domain/conversation/features/output/agent-files.ts'
import type { AgentPart } from '../../domain/agent.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import type { AttachedFile } from '../../domain/conversation/posts/post.ts'
import { lineBlock, type Block } from '../blocks.ts'
import { plain } from '../text/notice.ts'

export function fileBlocks(state: Conversation, part: AgentPart): readonly Block[] {
  const kept = agentFiles.of(state)[part.id]
  return filesOf(state, part).map((name, index) => {
    const file = kept?.[index]
    const block = lineBlock(fileKey(part.id, index), fileText(name, file))
    if (file?.kind === 'kept') return { ...block, attached: attachedOf(file) }
    return { ...block, closed: kept !== undefined }
  })
}

const attachedOf = ({ name, mime, path, size }: KeptFile & { kind: 'kept' }): AttachedFile => ({ name, mime, path, size })

function fileText(name: string, file: KeptFile | undefined): string {
  const title = `📄 ${plain(name.replaceAll(INVISIBLE, ''), NAME_MAX) || 'file'}`
  if (file?.kind === 'too-large') {
    const { size, limit, path } = file
    const place = path === undefined ? 'It stays in the OpenCode session.' : `On the machine of the bot: ${plain(path, PATH_MAX)}`
    return `${title} (${megabytes(size)}): too large to attach, Discord takes ${megabytes(limit)} here\n${place}`
  }
  return file?.kind === 'missing' ? `${title}: not attached, ${plain(file.reason, REASON_MAX)}` : title
}

const megabytes = (bytes: number): string => `${Number((bytes / 1024 / 1024).toFixed(1))} MB`

/** Marks that turn the direction of writing, and others that nobody sees: a name would look like another one. */
const INVISIBLE = /\p{Cf}/gu
const NAME_MAX = 100
const PATH_MAX = 300
const REASON_MAX = 200
