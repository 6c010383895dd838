/** Fits Markdown to Discord: escapes what stands inside a line, and limits headings. */

/** Dynamic text that stands inside `*`, `_` or `**`: one that holds such characters must not end them. */
export function escapeInline(text: string): string {
  return text.replaceAll(/[*_~|`\\]/g, String.raw`\$&`)
}

/** Discord knows three levels of headings; deeper ones become the third. Code in fences stays as it is. */
export function limitHeadings(text: string): string {
  return text.replaceAll(FENCE_OR_DEEP_HEADING, (match, _fence: unknown, indent: unknown) =>
    typeof indent === 'string' ? `${indent}###` : match,
  )
}

/** A whole fence (to the end of the text when nothing closes it), or the start of a heading below the third level. */
const FENCE_OR_DEEP_HEADING = /^[ \t>]*(`{3,}|~{3,})[^]*?(?:^[ \t>]*\1[`~]*[ \t]*$|(?![^]))|^([ \t>]*)#{4,6}(?=[ \t])/gm
