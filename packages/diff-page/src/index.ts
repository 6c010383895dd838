/** The page as those see it who make one: its program, and what it shows. */
export type { PageData, PageFile } from './data.ts'
export { bundleDiffPage, type DiffProgram } from './bundle.ts'
