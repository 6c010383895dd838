/** Where Discord's own description is not held to, and why: what Discord documents, or really does, wins. The README shows this table. */
interface Exception {
  readonly what: string
  readonly description: string
  readonly documentation: string
}

const EXCEPTIONS: readonly Exception[] = [
  {
    what: 'time-stamps that end in `+00:00`',
    description: '`date-time`, which its zod schema takes to end in `Z`',
    documentation: 'Reference > ISO8601 Date/Time; every example there ends in `+00:00`. Read as the `Z` form',
  },
  {
    what: '`allow`, `deny`, `permissions`, `default_member_permissions` in requests',
    description: 'integers',
    documentation: 'Permissions: "serialized as strings" since they outgrow 53 bits. A string of digits is read as a number',
  },
  {
    what: 'codes inside the `errors` of a refusal',
    description: 'numbers',
    documentation: 'Reference > Error Messages: words such as `BASE_TYPE_REQUIRED`. They are not looked at',
  },
  {
    what: 'four bodies: current member, member, overwrite, bulk delete',
    description: 'written down in place, so that the package of schemas has no name for them',
    documentation: 'copied field by field into `src/conformance/bodies.ts`',
  },
]

/** Routes that have no schema, and why. */
export const WITHOUT_SCHEMA: Readonly<Record<string, string>> = {
  'GET /attachments/:channel/:attachment/:filename': 'the CDN serves files, not JSON',
  'GET /oauth2/authorize': 'a page for people (OAuth2 > Authorization Code Grant)',
  'POST /oauth2/authorize': "the page's form, which is the emulator's own",
  'POST /oauth2/token': 'a form, and RFC 6749 (OAuth2 > Authorization Code Grant > Access Token Exchange)',
}

/** As Markdown, for the README. */
export function describeExceptions(): string {
  const rows = [
    ...EXCEPTIONS.map(({ what, description, documentation }) => [what, description, documentation]),
    ...Object.entries(WITHOUT_SCHEMA).map(([route, reason]) => [`\`${route}\``, 'not in it', reason]),
  ]
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [['What', 'The description says', 'The documentation says'], ['---', '---', '---'], ...rows].map(line).join('\n')
}
