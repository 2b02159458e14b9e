/**
 * The one folder that files are written into: `HABU_EXPORT_DIR`. No name leads out of it, and nothing in it is
 * overwritten.
 *
 * @since 0.1.0
 */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Fs from "node:fs"
import * as Path from "node:path"
import { pathToFileURL } from "node:url"
import { ResultsFailed, ResultsRefused } from "./ResultsError.js"

/**
 * A file that was written.
 *
 * @since 0.1.0
 * @category models
 */
export interface Written {
  readonly path: string
  readonly uri: string
  readonly name: string
  readonly bytes: number
}

const setting = "HABU_EXPORT_DIR"

const unset = new ResultsFailed({
  code: "EXPORT_FOLDER_UNSET",
  problem: `Nothing can be exported: ${setting} is not set.`,
  advice: `Set ${setting} to the folder that exports may be written to, and start habu-mcp anew.`
})

const failed = (what: string) => (cause: unknown) =>
  new ResultsFailed({
    code: "RESULTS_FAILED",
    problem: `${what}: ${cause instanceof Error ? cause.message : String(cause)}`,
    advice: `Check the folder ${setting} and its room, and try again.`
  })

/**
 * The folder that the environment names, with no link left in its path.
 *
 * @since 0.1.0
 * @category getters
 */
export const folder: Effect.Effect<string, ResultsFailed> = Config.option(Config.nonEmptyString(setting)).pipe(
  Effect.mapError(() => unset),
  Effect.flatMap(Option.match({
    onNone: () => Effect.fail(unset),
    onSome: (path) =>
      Effect.try({
        try: () => {
          Fs.mkdirSync(path, { recursive: true, mode: 0o700 })
          return Fs.realpathSync(path)
        },
        catch: failed("The export folder cannot be used")
      })
  }))
)

const longestName = 120
const plain = /^[\p{L}\p{N}][\p{L}\p{N} ._()+-]*$/u
// Names that Windows keeps for devices.
const device = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

const badName = (name: string) =>
  new ResultsRefused({
    field: "file_name",
    problem: `is ${JSON.stringify(name.slice(0, 80))}, which is no plain file name`,
    advice: "Give a name without folders: letters, digits, blanks, and . _ - ( ) +, beginning with a letter or digit."
  })

/**
 * A name given for a file, with the ending of its format.
 *
 * @since 0.1.0
 * @category constructors
 */
export const named = (name: string, ending: string): Effect.Effect<string, ResultsRefused> => {
  const whole = name.toLowerCase().endsWith(`.${ending}`) ? name : `${name}.${ending}`
  return plain.test(whole) && whole.length <= longestName && !device.test(whole) && !whole.includes("..")
    ? Effect.succeed(whole)
    : Effect.fail(badName(name))
}

/**
 * A text as part of a file's name.
 *
 * @since 0.1.0
 * @category formatting
 */
export const slug = (text: string): string =>
  text.normalize("NFKD").replace(/\p{M}+/gu, "").replace(/[^A-Za-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60)
    .toLowerCase() || "results"

const taken = (name: string) =>
  new ResultsRefused({
    field: "file_name",
    problem: `is ${JSON.stringify(name)}, and a file of that name is there already`,
    advice: "Give another name: nothing is overwritten."
  })

type Placed = Written | "taken"

// Exclusive: neither a file nor a link of that name is written through.
const place = (from: string, into: string, name: string): Effect.Effect<Placed, ResultsFailed> => {
  const path = Path.join(into, name)
  return Effect.try({
    try: () => Fs.copyFileSync(from, path, Fs.constants.COPYFILE_EXCL),
    catch: (cause) => cause as NodeJS.ErrnoException
  }).pipe(
    Effect.as<Placed>({ path, name, uri: pathToFileURL(path).href, bytes: 0 }),
    Effect.catchIf(({ code }) => code === "EEXIST", () => Effect.succeed<Placed>("taken")),
    Effect.mapError(failed(`${name} could not be written`))
  )
}

/**
 * Puts a finished file into the folder, by the name given, or by the first free one like the name proposed.
 *
 * @since 0.1.0
 * @category constructors
 */
export const put = (
  from: string,
  into: string,
  name: { readonly given: string } | { readonly proposed: string }
): Effect.Effect<Written, ResultsFailed | ResultsRefused> => {
  const sized = (written: Written) =>
    Effect.map(
      Effect.try({ try: () => Fs.statSync(from).size, catch: failed("The file could not be read") }),
      (bytes): Written => ({ ...written, bytes })
    )
  if ("given" in name) {
    return Effect.flatMap(
      place(from, into, name.given),
      (placed): Effect.Effect<Written, ResultsFailed | ResultsRefused> =>
        placed === "taken" ? Effect.fail(taken(name.given)) : sized(placed)
    )
  }
  const { ext, name: stem } = Path.parse(name.proposed)
  const attempt = (number: number): Effect.Effect<Written, ResultsFailed | ResultsRefused> =>
    Effect.flatMap(
      place(from, into, number === 1 ? name.proposed : `${stem}-${number}${ext}`),
      (placed) => placed !== "taken" ? sized(placed) : number < 1_000 ? attempt(number + 1) : Effect.fail(taken(stem))
    )
  return attempt(1)
}
