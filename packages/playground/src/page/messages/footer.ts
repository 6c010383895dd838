/** What the bot says below a finished answer: `*folder ⋅ branch ⋅ duration …*`. */
export const FOOTER = /^\*[^*]* ⋅ .*\*$/
