/** Fetches the files that a person has sent for the agent, and saves them in the project: `uploads/`. */
import { deriveId } from '../../../base/ids.ts'
import type { SaveUploads, SaveUploadsOutcome } from '../../../domain/conversation/features/asks/file-upload.ts'
import { safeName } from '../../../domain/message/file-name.ts'
import { download } from '../attachments.ts'
import { defineEffect } from '../definition.ts'

export const saveUploads = defineEffect<SaveUploads, SaveUploadsOutcome>({
  kind: 'save-uploads',
  afterCrash: { by: 'idempotent', why: 'each file has a name derived from its id, under which it is written again' },
  proof: { points: ['upload-before', 'upload-after', 'upload-outcome-before-commit', 'upload-outcome-after-commit'] },
  async run(deps, { directory, channelId, messageId, files }) {
    const paths: string[] = []
    const failed: string[] = []
    // One after the other: ten files of 20 MB would all be in memory.
    for (const file of files) {
      const data = await download(deps, { channelId, messageId }, file)
      const name = `${deriveId('', file.id).slice(0, 8)}-${safeName(file.name)}`
      const path = data instanceof Error ? undefined : await deps.files.saveUpload(directory, name, data)
      if (path === undefined)
        failed.push(`${file.name}: ${data instanceof Error ? data.reason : 'it could not be saved in uploads/'}`)
      else paths.push(path)
    }
    return { kind: 'uploads-saved', paths, failed }
  },
})
