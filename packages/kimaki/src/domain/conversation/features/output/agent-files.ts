/** Files that the agent makes: those of its messages and of the results of its tools. The app keeps their bytes until Discord has them. */
import type { AgentFile, AgentPart, AssistantMessage } from '../../../agent.ts'
import { isShownFile } from '../../../prefs.ts'
import { blockKey } from '../../posts/block-key.ts'
import type { AttachedFile } from '../../posts/post.ts'
import type { Action } from '../../effect.ts'
import { defineFeature, keep, type FeatureChange } from '../../feature.ts'
import type { Conversation } from '../../state.ts'
import { verbosityOf } from '../verbosity.ts'

export type KeptFile =
  | ({ readonly kind: 'kept' } & AttachedFile)
  /** `limit`: bytes that Discord takes. `path`: where the file is, if anywhere. */
  | {
      readonly kind: 'too-large'
      readonly name: string
      readonly size: number
      readonly limit: number
      readonly path: string | undefined
    }
  | { readonly kind: 'missing'; readonly name: string; readonly reason: string }

/** By the id of the part. */
type FilesSlice = Readonly<Record<string, readonly KeptFile[]>>

export interface KeepFiles extends Action {
  readonly kind: 'keep-files'
  readonly messageId: string
  readonly partId: string
  /** Names of the files, in their order. */
  readonly names: readonly string[]
}

export interface FilesReport {
  readonly partId: string
  readonly files: readonly KeptFile[]
}

/** Discord has them, or will never have them. */
export interface ForgetFiles extends Action {
  readonly kind: 'forget-files'
  readonly paths: readonly string[]
}

export const agentFiles = defineFeature<FilesSlice>({
  name: 'agent-files',
  version: 1,
  initial: {},
  // What is not posted by then is asked for again.
  save: () => ({}),
  on: {
    agent: (known, { event }, state) => (event.kind === 'part' ? ask(known, state) : keep(known)),
    'session-read': (known, _event, state) => ask(known, state),
    'post-left': (known, { post }) => {
      const paths = post.attached?.map(({ path }) => path) ?? []
      const action: ForgetFiles = { kind: 'forget-files', paths }
      return { slice: known, actions: paths.length > 0 ? [action] : [] }
    },
  },
  report(known, report) {
    const { partId, files } = report as FilesReport
    return keep({ ...known, [partId]: files })
  },
  gates: {
    finish: (known, state) => (wanted(known, state).length > 0 ? 'files of its answer are being fetched' : undefined),
  },
  closeTurn: (known) => (Object.keys(known).length === 0 ? known : {}),
})

/** Names of the files of a part that the thread shows. */
export function filesOf(state: Conversation, part: AgentPart): readonly string[] {
  if (part.kind === 'file') return [nameIn(state, part, part)]
  if (part.kind !== 'tool' || part.state !== 'completed' || !part.files) return []
  return isShownFile(part.tool, verbosityOf(state, part)) ? part.files.map((file, index) => nameIn(state, part, file, index)) : []
}

/** A file that nobody has named is told from others by which call of its tool in this turn made it, and by its place among several. */
function nameIn(state: Conversation, part: AgentPart, { name, isUnnamed }: AgentFile, index = 0): string {
  if (!isUnnamed) return name
  const [, maker = name, extension = ''] = /^(.*)(\.[^.]*)$/.exec(name) ?? []
  const place = index === 0 ? '' : `-${index + 1}`
  return `${maker}-${callNumber(state, part)}${place}${extension}`
}

/** Calls begin in their order, also those that run side by side. */
function callNumber({ turn: { messages } }: Conversation, part: AgentPart): number {
  const parts = messages.flatMap((message) => (message.kind === 'assistant' ? message.parts : []))
  return parts.filter((other) => makerOf(other) === makerOf(part)).findIndex(({ id }) => id === part.id) + 1
}

const makerOf = (part: AgentPart): string => (part.kind === 'tool' ? part.tool : part.kind)

export const fileKey = (partId: string, index: number): string => blockKey('part', partId, 'file', String(index))

const ask = (known: FilesSlice, state: Conversation): FeatureChange<FilesSlice> => ({
  slice: known,
  actions: wanted(known, state),
})

/** Those that are neither at hand nor posted. */
function wanted(known: FilesSlice, state: Conversation): readonly KeepFiles[] {
  const { posted } = state.posts
  return state.turn.messages.flatMap((message) =>
    message.kind === 'assistant'
      ? withFiles(state, message)
          .filter(
            ({ partId, names }) => known[partId] === undefined && names.some((_, index) => !posted.has(fileKey(partId, index))),
          )
          .map(({ partId, names }): KeepFiles => ({ kind: 'keep-files', messageId: message.id, partId, names }))
      : [],
  )
}

const withFiles = (state: Conversation, { parts }: AssistantMessage): readonly Pick<KeepFiles, 'partId' | 'names'>[] =>
  parts.map((part) => ({ partId: part.id, names: filesOf(state, part) })).filter(({ names }) => names.length > 0)
