/**
 * Images of tools that are too large for models are made smaller by the bot, before OpenCode looks at them: it would do so itself, on the
 * thread that serves every session, which stands still meanwhile. An image that the bot does not answer for in time stays as it is.
 */
import type { Bot } from '../bot.ts'
import type { ToolOutput } from '../opencode.ts'
import { isTooLarge } from './size.ts'

/** A tool waits no longer than this for all its images. */
const ANSWER_MS = 8000
/** Base64 of the bytes in which the size of an image stands: before it there may be profiles and previews. */
const HEAD = 4 * 128 * 1024

/** An image in the output of a tool; `put` takes its place. */
interface Found {
  readonly base64: string
  readonly put: (mime: string, base64: string) => void
}

export async function shrinkImages(bot: Bot, session: string, output: ToolOutput): Promise<void> {
  const large = imagesIn(output).filter(({ base64 }) => isLarge(base64))
  await Promise.all(
    large.map(async ({ base64, put }) => {
      const answer = await bot.call('/agent/image', { session, image: base64 }, { timeoutMs: ANSWER_MS })
      const { mime, image } = (answer.kind === 'answer' ? answer.body : {}) as Readonly<Record<string, unknown>>
      if (typeof mime === 'string' && typeof image === 'string') put(mime, image)
    }),
  )
}

const isLarge = (base64: string): boolean => isTooLarge(Buffer.from(base64.slice(0, HEAD), 'base64'), (base64.length / 4) * 3)

/** Tools of OpenCode attach files with data URLs; of tools by MCP the hook gets what their server has sent. */
function imagesIn({ attachments = [], content = [] }: ToolOutput): readonly Found[] {
  const attached = attachments.flatMap((file) => {
    const [, base64] = /^data:image\/[^;,]*;base64,(.*)$/s.exec(file.url ?? '') ?? []
    const put = (mime: string, data: string): void => void Object.assign(file, { mime, url: `data:${mime};base64,${data}` })
    return base64 === undefined ? [] : [{ base64, put }]
  })
  const sent = content.flatMap((item): readonly Found[] => {
    const { data, resource } = item
    if (item.type === 'image' && data !== undefined)
      return [{ base64: data, put: (mimeType, image) => void Object.assign(item, { mimeType, data: image }) }]
    if (item.type !== 'resource' || resource?.blob === undefined || !resource.mimeType?.startsWith('image/')) return []
    return [{ base64: resource.blob, put: (mimeType, blob) => void Object.assign(resource, { mimeType, blob }) }]
  })
  return [...attached, ...sent]
}
