/**
 * The frame of the status page: its looks, and a script that fetches what it shows every few seconds. It holds no secret and nothing of the
 * bot, so everybody may have it.
 *
 * The link carries a code behind its `#`, which no browser sends by itself. The script changes the code, which counts once, for a token that
 * this tab keeps. There is no cookie: browsers send one to every port of the host, whoever listens there.
 */
export const statusFrame = (nonce: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Kimaki</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<main id="now" aria-busy="true"><h1>Kimaki</h1><p class="empty">Asking what goes on …</p></main>
<footer><p id="note" role="status"></p></footer>
<noscript><p>This page renews itself with a script. Without one, run: kimaki status</p></noscript>
<script nonce="${nonce}">${SCRIPT}</script>
</body>
</html>
`

const STYLE = `
:root { color-scheme: light dark;
  --ground: light-dark(#f7f7f5, #131416); --sheet: light-dark(#fff, #1b1d20); --line: light-dark(#e2e1dc, #2e3136);
  --ink: light-dark(#1d1d1b, #e9e9e6); --soft: light-dark(#5d5d58, #a5a8ad); --link: light-dark(#1f55a8, #92b8f7);
  --good: light-dark(#1d6a39, #82cf9d); --warn: light-dark(#875000, #efb45f); --bad: light-dark(#a2221e, #f4928a) }
* { box-sizing: border-box; margin: 0 }
body { background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums;
  max-width: 76rem; margin-inline: auto; padding: clamp(1rem, 4vw, 2.5rem); overflow-wrap: anywhere }
h1 { font-size: 1.5rem; line-height: 1.2 }
h2 { font-size: 1rem; margin-bottom: .5rem }
a { color: var(--link); text-underline-offset: .2em }
a:focus-visible { outline: 2px solid var(--link); outline-offset: 3px; border-radius: 2px }
header p { margin-top: .25rem }
.soft, .empty, .count, .details, footer { color: var(--soft) }
.soft, .why, .details, .empty, footer { font-size: .875rem }
.count { font-weight: 400 }
.state { font-weight: 600; white-space: nowrap }
header .state { white-space: normal }
.good { color: var(--good) } .warn { color: var(--warn) } .bad { color: var(--bad) }
.state.soft { font-size: 1rem; font-weight: 400 }
.sums { display: grid; grid-template-columns: repeat(4, 1fr); background: var(--line); gap: 1px; margin: 1.5rem 0;
  border: 1px solid var(--line); border-radius: 10px; overflow: hidden }
.sums div { display: flex; flex-direction: column-reverse; justify-content: flex-end; background: var(--sheet); padding: .75rem 1rem }
.sums dt { color: var(--soft); font-size: .875rem }
.sums dd { font-size: 1.75rem; line-height: 1.2 }
.columns { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 0 2rem }
section { margin-bottom: 2rem }
ul { list-style: none; padding: 0; background: var(--sheet); border: 1px solid var(--line); border-radius: 10px }
li { padding: .75rem 1rem }
li + li { border-top: 1px solid var(--line) }
.line { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem }
.figure { white-space: nowrap }
.figure .soft { font-size: inherit }
.why { margin-top: .25rem; white-space: pre-line }
.details { font-family: ui-monospace, monospace; margin-top: .25rem }
.empty { border: 1px dashed var(--line); border-radius: 10px; padding: .75rem 1rem }
meter { width: 100%; height: .5rem; display: block; margin: .25rem 0 }
#now.old { opacity: .6 }
@media (max-width: 56rem) { .columns { grid-template-columns: minmax(0, 1fr) } }
@media (max-width: 36rem) { .sums { grid-template-columns: 1fr 1fr } }
`

/** Every 5 s while somebody looks; not under a selection, which it would take away. */
const SCRIPT = `
const now = document.getElementById('now'), note = document.getElementById('note'), KEPT = 'kimaki-status'
let shown = '', answered, timer
const say = (text) => { if (note.textContent !== text) note.textContent = text }
const ask = (path, how) => fetch(path, { ...how, signal: AbortSignal.timeout(10000) })
const time = () => new Date().toLocaleTimeString()
async function enter() {
  const code = location.hash.slice(1)
  if (!code) return
  history.replaceState(null, '', location.pathname)
  const response = await ask('/enter', { method: 'POST', body: code })
  if (response.ok) sessionStorage.setItem(KEPT, await response.text())
}
function over() {
  sessionStorage.removeItem(KEPT)
  now.innerHTML = '<h1>Kimaki</h1><p class="empty">This link was used already, or Kimaki was started anew. Run kimaki status --open again.</p>'
  now.removeAttribute('aria-busy')
  say('')
}
async function renew() {
  clearTimeout(timer)
  try {
    const response = await ask('/now', { headers: { authorization: 'Bearer ' + sessionStorage.getItem(KEPT) } })
    if (response.status === 401) return over()
    if (!response.ok) throw new Error(await response.text())
    const html = await response.text()
    if (html !== shown && getSelection().isCollapsed) {
      const focused = now.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null
      now.innerHTML = shown = html
      if (focused) for (const link of now.querySelectorAll('a')) if (link.getAttribute('href') === focused) link.focus()
    }
    now.classList.remove('old')
    answered = time()
    say('Renews itself every 5 seconds.')
  } catch {
    now.classList.add('old')
    say(answered ? 'Kimaki has not answered since ' + answered + '. What stands here is from then.' : 'Kimaki does not answer.')
  }
  now.removeAttribute('aria-busy')
  if (!document.hidden) timer = setTimeout(renew, 5000)
}
document.addEventListener('visibilitychange', () => { if (!document.hidden && sessionStorage.getItem(KEPT)) renew() })
addEventListener('hashchange', () => enter().then(renew))
enter().catch(() => undefined).then(renew)
`
