/** The documentation as it comes with the package: its pages and its guides, by the names of their files. */
import * as Effect from "effect/Effect"
import * as fs from "node:fs"
import { packageFile } from "../duckdb/PackageFile.js"
import type { Service } from "../mcp/Documentation.js"

const ending = ".md"

const filesIn = (folder: string): ReadonlyArray<readonly [name: string, file: URL]> =>
  fs.readdirSync(packageFile(folder))
    .filter((file) => file.endsWith(ending))
    .map((file) => [file.slice(0, -ending.length), packageFile(`${folder}/${file}`)])

const files = Effect.orElseSucceed(
  Effect.try(() => new Map([...filesIn("docs/guides"), ...filesIn("docs")])),
  (): ReadonlyMap<string, URL> => new Map()
)

// Only what is listed is read, so that no name leads elsewhere.
export const pages: Service = {
  names: Effect.map(files, (known) => [...known.keys()]),
  page: (name) =>
    Effect.flatMap(files, (known) => {
      const file = known.get(name)
      return file === undefined
        ? Effect.succeed(undefined)
        : Effect.orElseSucceed(Effect.try(() => fs.readFileSync(file, "utf8")), () => undefined)
    })
}
