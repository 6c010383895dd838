/** Unpacks the program of the page and runs it. The page's policy knows the program by its hash, so nothing else can run in its place. */
import { unpacked } from './unpacked.ts'

void unpacked('program').then((code) => {
  const script = document.createElement('script')
  script.textContent = code
  document.body.append(script)
})
