/** A diff as files that go along with the answer: nothing leaves this machine but to Discord. */
import { DiffUnavailable } from '../../base/errors.ts'
import { deriveId } from '../../base/ids.ts'
import type { AttachedFile } from '../../domain/conversation/posts/post.ts'
import { safeName } from '../../domain/message/file-name.ts'
import type { DiffHost } from '../../ports/git/diffs.ts'
import type { ChatPort } from '../../ports/chat.ts'
import type { Files } from '../../ports/host.ts'
import { pageData } from '../../view/diff/page.ts'

/** Discord docs: Create Message: a request has 25 MiB at most, all else in it included. */
const REQUEST_BYTES = 24 * 1024 * 1024

export interface AttachedDiffsOptions {
  readonly files: Pick<Files, 'saveAttachment'>
  /** How large a file may be, and which values are secret: what is packed is not looked through when it is sent. */
  readonly chat: Pick<ChatPort, 'fileLimit' | 'clean'>
}

export function createAttachedDiffs({ files, chat }: AttachedDiffsOptions): DiffHost {
  return {
    async publish({ requestId, guildId, conversationId, directory, changes }) {
      const limitBytes = Math.min(chat.fileLimit(guildId), REQUEST_BYTES)
      const title = directory.split(/[\\/]/).findLast((name) => name !== '') ?? directory
      // What makes pages is loaded with the first diff.
      const [{ readProgram }, { documentsOf }] = await Promise.all([import('./program.ts'), import('./document.ts')])
      const program = await readProgram()
      if (program instanceof Error) return program
      const data = pageData(title, changes, { languages: program.languages.ofNames, clean: (text) => chat.clean(text) })
      const pagesMax = Math.max(1, Math.floor(REQUEST_BYTES / limitBytes))
      const documents = documentsOf(program, data, { limitBytes, pagesMax })
      const attached: AttachedFile[] = []
      for (const [index, html] of documents.entries()) {
        const bytes = Buffer.from(html)
        const name = `diff-${safeName(title)}${documents.length > 1 ? `-${index + 1}` : ''}.html`
        const path = await files.saveAttachment(
          conversationId,
          `${deriveId('', `diff/${requestId}/${index}`).slice(0, 12)}-${name}`,
          bytes,
        )
        if (path === undefined) return new DiffUnavailable({ reason: 'the page could not be saved on the disk' })
        attached.push({ name, mime: 'text/html', path, size: bytes.length })
      }
      return attached
    },
  }
}
