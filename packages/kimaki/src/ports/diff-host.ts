/** Where people read a diff: whoever implements it makes the changes of files readable in a browser. */
import type { DiffUnavailable } from '../base/errors.ts'
import type { Changes } from '../domain/changes.ts'
import type { AttachedFile } from '../domain/conversation/posts/post.ts'

export interface DiffToShow {
  /** Names it in file names: asked for again with the same id, it takes the place of the first. */
  readonly id: string
  readonly conversationId: string
  /** The project. */
  readonly title: string
  readonly changes: Changes
  /** Bytes that one file may have in this guild (`ChatPort.fileLimit`). */
  readonly limitBytes: number
  /** Takes known secrets out of a text (`ChatPort.clean`): what is packed is not looked through later. */
  readonly clean: (text: string) => string
}

export interface DiffHost {
  /** The pages, on the disk until Discord has them. */
  publish(diff: DiffToShow): Promise<readonly AttachedFile[] | DiffUnavailable>
}
