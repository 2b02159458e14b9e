/**
 * Where the secret values of a data source's credential come from: the environment, or a folder of files. A caller names
 * the place and never gives the value, so that no secret passes through a model.
 *
 * A place is an environment variable `HABU_CREDENTIAL_*`, or a file inside the folder that `HABU_CREDENTIAL_DIR` names.
 * Every other name is refused. What was given is never repeated in a refusal, for it may be the secret itself.
 *
 * @since 0.1.0
 */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Workflow from "../Workflow.js"

/**
 * Reads the values that credentials of data sources name by their place.
 *
 * @since 0.1.0
 * @category models
 */
export interface Service {
  /** Reads the value that a reference stands for; `field` says in a refusal where the reference was given. */
  readonly read: (
    field: string,
    reference: string
  ) => Effect.Effect<Redacted.Redacted<string>, Workflow.InputInvalid>
}

/**
 * The places that values of credentials may come from, as a service.
 *
 * @since 0.1.0
 * @category tags
 */
export class CredentialReference extends Context.Tag("habu-mcp/workflows/CredentialReference")<
  CredentialReference,
  Service
>() {}

/**
 * What a reference may be, for people.
 *
 * @since 0.1.0
 * @category constants
 */
export const rule = "Name an environment variable HABU_CREDENTIAL_… of this server, or a file inside the folder that " +
  "HABU_CREDENTIAL_DIR names; never the value itself."

const folderVariable = "HABU_CREDENTIAL_DIR"
const variable = /^HABU_CREDENTIAL_[A-Z0-9_]{1,100}$/
const fileName = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}(\/[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}){0,5}$/
const largestFile = 64 * 1024

const refused = (field: string, problem: string, advice = rule) => new Workflow.InputInvalid({ field, problem, advice })

/**
 * Makes the reader. The environment and the folder are looked at with each call, so that a value can be put in place
 * while the server runs.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.gen(function*() {
  const files = yield* FileSystem.FileSystem
  const path = yield* Path.Path

  const fromEnvironment = (field: string, name: string) =>
    Effect.mapError(
      Config.nonEmptyString(name),
      () => refused(field, "names an environment variable that is not set in this server's environment")
    )

  // Both ends are resolved, and what was resolved is what is read: a link cannot lead out, nor be changed in between.
  const fromFolder = Effect.fnUntraced(function*(field: string, folder: string, name: string) {
    const unreadable = () => refused(field, "names no file that can be read inside HABU_CREDENTIAL_DIR")
    const root = yield* Effect.mapError(files.realPath(folder), unreadable)
    const file = yield* Effect.mapError(files.realPath(path.join(root, name)), unreadable)
    if (!file.startsWith(`${root}${path.sep}`)) return yield* Effect.fail(refused(field, "leads out of the folder"))
    const { size, type } = yield* Effect.mapError(files.stat(file), unreadable)
    if (type !== "File" || Number(size) > largestFile) return yield* Effect.fail(unreadable())
    const text = yield* Effect.mapError(files.readFileString(file), unreadable)
    const value = text.replace(/\r?\n$/, "")
    return value === "" ? yield* Effect.fail(refused(field, "names an empty file")) : value
  })

  const read = Effect.fnUntraced(function*(field: string, reference: string) {
    if (reference !== folderVariable && variable.test(reference)) return yield* fromEnvironment(field, reference)
    if (!fileName.test(reference)) return yield* Effect.fail(refused(field, "is no place that a secret may come from"))
    const folder = yield* Effect.orElseSucceed(Config.option(Config.nonEmptyString(folderVariable)), Option.none)
    return yield* Option.match(folder, {
      onNone: () => Effect.fail(refused(field, "names a file, and HABU_CREDENTIAL_DIR is not set")),
      onSome: (at) => fromFolder(field, at, reference)
    })
  })

  return CredentialReference.of({
    read: (field, reference) => Effect.map(read(field, reference.trim()), Redacted.make)
  })
})

/**
 * Provides the reader over a file system.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<CredentialReference, never, FileSystem.FileSystem | Path.Path> = Layer.effect(
  CredentialReference,
  make
)

/**
 * Provides a reader that refuses everything, for an embedder whose credentials are made elsewhere.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerOff: Layer.Layer<CredentialReference> = Layer.succeed(CredentialReference, {
  read: (field) => Effect.fail(refused(field, "cannot be read here", "Make the credential in Habu's UI."))
})
