/** The documentation as it comes with the package. */
import * as Effect from "effect/Effect"
import * as fs from "node:fs"
import { packageFile } from "../duckdb/PackageFile.js"
import type { Service } from "../mcp/Documentation.js"

const ending = ".md"

const names = Effect.orElseSucceed(
  Effect.try(() =>
    fs.readdirSync(packageFile("docs"))
      .filter((file) => file.endsWith(ending))
      .map((file) => file.slice(0, -ending.length))
  ),
  (): ReadonlyArray<string> => []
)

// Only what is listed is read, so that no name leads elsewhere.
export const pages: Service = {
  names,
  page: (name) =>
    Effect.flatMap(names, (known) =>
      known.includes(name)
        ? Effect.orElseSucceed(
          Effect.try(() => fs.readFileSync(packageFile(`docs/${name}${ending}`), "utf8")),
          () => undefined
        )
        : Effect.succeed(undefined))
}
