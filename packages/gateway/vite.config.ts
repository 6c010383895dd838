/** `npm run build` makes `dist/main.js`, which holds everything but Node's own modules: the package installs nothing beside itself. */
import { defineConfig } from 'vite'

/** `ws` uses these where they happen to be installed, and does without them everywhere else. */
const OPTIONAL_NATIVES = ['bufferutil', 'utf-8-validate']

export default defineConfig({
  root: import.meta.dirname,
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: true,
    target: 'node24',
    outDir: 'dist',
    emptyOutDir: true,
    sourcemap: false,
    // A stack in an operator's log stays readable.
    minify: false,
    // The bundle holds the code of others, whose licences ask to go along.
    license: { fileName: 'licenses.md' },
    rolldownOptions: { input: { main: 'src/main.ts' }, external: OPTIONAL_NATIVES, output: { entryFileNames: '[name].js' } },
  },
})
