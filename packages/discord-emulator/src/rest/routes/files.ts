/** The CDN: attachments by signed address (docs: Reference > Signed Attachment CDN URLs). It lives beside `/api`, needs no token. */
import { isValidSignature } from '../../world/base/signed-url.ts'
import { param, type RestAnswer, type RestRequest, type Route } from '../route.ts'

export const fileRoutes: readonly Route[] = [
  { method: 'GET', template: '/attachments/:channel/:attachment/:filename', open: true, handle: get },
]

function get(request: RestRequest): RestAnswer {
  const { realm, path, query } = request
  const file = realm.files.get(param(request, 'attachment'))
  const fits = file?.channelId === param(request, 'channel') && file.filename === param(request, 'filename')
  if (file === undefined || !fits || !isValidSignature(realm.settings, path, query)) return gone
  return { kind: 'file', status: 200, contentType: file.contentType, data: file.data }
}

const gone: RestAnswer = {
  kind: 'file',
  status: 404,
  contentType: 'text/plain;charset=UTF-8',
  data: new TextEncoder().encode('This content is no longer available.'),
}
