/** Takes secrets out of text: values known to be secret, and what looks like one. */

const PATTERNS: readonly RegExp[] = [
  // Discord bot tokens: base64 of the application id, a time, a signature.
  /\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}\b/g,
  /\b(?:sk|pk|rk)-[\w-]{16,}\b/g,
  /\bgh[pousr]_\w{20,}\b/g,
  /\bxox[abprs]-[\w-]{10,}\b/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
  /(?<=\b(?:Bearer|Bot|Basic) )[\w.~+/=-]{16,}/g,
]

export function redact(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) if (secret.length >= 6) clean = clean.replaceAll(secret, '[redacted]')
  for (const pattern of PATTERNS) clean = clean.replaceAll(pattern, '[redacted]')
  return clean
}
