// The pages that follow from the program, as they are and as they should be.
import * as fs from "node:fs"
import * as CataloguePages from "./CataloguePages.js"
import { generated } from "./Markdown.js"
import * as ReferencePages from "./ReferencePages.js"
import * as ResourcePages from "./ResourcePages.js"
import * as ToolPages from "./ToolPages.js"

const folder = new URL("../../docs/", import.meta.url)

export const all = new Map([
  ...CataloguePages.pages,
  ...ReferencePages.pages,
  ...ResourcePages.pages,
  ...ToolPages.pages
])

const read = (path: string) => {
  const file = new URL(path, folder)
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined
}

const orphans = () =>
  fs.readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md") && !all.has(path) && read(path)?.startsWith(generated))

/** The paths of the pages that are not what they should be. */
export const stale = (): ReadonlyArray<string> => [
  ...[...all].filter(([path, text]) => read(path) !== text).map(([path]) => path),
  ...orphans()
]

export const write = (): void => {
  for (const part of ["api/", "tools/"]) fs.mkdirSync(new URL(part, folder), { recursive: true })
  for (const [path, text] of all) fs.writeFileSync(new URL(path, folder), text)
  for (const path of orphans()) fs.rmSync(new URL(path, folder))
}
