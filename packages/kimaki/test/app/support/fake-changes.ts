/** What was changed in a folder, as a test says; a page of it is its summary in a file. */
import type { Changes } from '../../../src/domain/changes.ts'
import type { ChangesUnreadable } from '../../../src/base/errors.ts'
import type { Against, ChangesPort, DiffsPort, DiffToShow } from '../../../src/ports/git/diffs.ts'
import type { Files } from '../../../src/ports/host.ts'

const ONE_FILE: Changes = {
  what: 'since the last commit (a1b2c3d4)',
  files: [
    {
      path: 'src/tea.ts',
      status: 'changed',
      added: 2,
      deleted: 1,
      content: {
        kind: 'patch',
        patch: 'diff --git a/src/tea.ts b/src/tea.ts\n--- a/src/tea.ts\n+++ b/src/tea.ts\n@@ -1 +1,2 @@\n-a\n+b\n+c\n',
      },
    },
  ],
}

export class FakeChanges implements ChangesPort {
  /** What is compared with what, as it was asked for. */
  readonly asked: Against[] = []
  /** What the folder has; an error where it has no repository. */
  found: Changes | ChangesUnreadable = ONE_FILE

  async read(_directory: string, against: Against): Promise<Changes | ChangesUnreadable> {
    this.asked.push(against)
    return this.found
  }

  async revisions(_directory: string, limit: number) {
    return [
      { id: 'a1b2c3d', subject: 'Brew' },
      { id: 'b2c3d4e', subject: 'Pour' },
    ].slice(0, limit)
  }
}

export const fakeDiffs = (changes: FakeChanges, files: Pick<Files, 'saveAttachment'>, shown: DiffToShow[] = []): DiffsPort => ({
  read: (...asked) => changes.read(...asked),
  revisions: (...asked) => changes.revisions(...asked),
  async publish(diff) {
    shown.push(diff)
    const bytes = Buffer.from(diff.changes.files.map(({ path }) => path).join('\n'))
    const path = (await files.saveAttachment(diff.conversationId, `${diff.requestId}.html`, bytes)) ?? ''
    return [{ name: `diff-${diff.directory.split('/').at(-1)}.html`, mime: 'text/html', path, size: bytes.length }]
  },
})
