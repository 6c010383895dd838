/** Files of people in the folder of a project: `uploads/`. A project may be hostile: nothing is written through its links. */
import { mkdir, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lackingRoom } from './room.ts'

/** The absolute path; undefined when the disk, or a link in the place of the folder, refuses. */
export async function saveUpload(directory: string, name: string, data: Uint8Array): Promise<string | undefined> {
  try {
    const folder = join(await realpath(directory), 'uploads')
    await mkdir(folder, { recursive: true })
    if ((await realpath(folder)) !== folder || lackingRoom(folder, data.length) > 0) return undefined
    const path = join(folder, name)
    const draft = `${path}.part`
    await rm(draft, { force: true })
    await writeFile(draft, data, { flag: 'wx', mode: 0o600, flush: true })
    await rename(draft, path)
    return path
  } catch {
    return undefined
  }
}
