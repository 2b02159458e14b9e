/**
 * Starts worker processes and makes folders for them.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as ChildProcess from "node:child_process"
import * as NodeFs from "node:fs"
import * as NodeOs from "node:os"
import * as NodePath from "node:path"
import { fileURLToPath } from "node:url"

const worker = fileURLToPath(new URL("./worker.ts", import.meta.url))

/** A new folder, removed with the scope. */
export const folder: Effect.Effect<string, never, Scope.Scope> = Effect.acquireRelease(
  Effect.sync(() => NodeFs.mkdtempSync(NodePath.join(NodeOs.tmpdir(), "habu-mcp-state-"))),
  (path) => Effect.sync(() => NodeFs.rmSync(path, { recursive: true, force: true }))
)

export interface Options {
  /** What `HABU_STATE` is set to. */
  readonly state?: string
  /** Runs as this user. */
  readonly user?: number
  /** The largest file it may write, in blocks of 512 bytes. */
  readonly fileBlocks?: number
}

/** Starts a worker. It is killed with the scope, if it still runs. */
export const start = (given: ReadonlyArray<string>, { fileBlocks, state, user }: Options) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const command = [process.execPath, "--import", "tsx", worker, ...given]
      const limited = fileBlocks === undefined
        ? command
        : ["sh", "-c", `ulimit -f ${fileBlocks}; exec "$@"`, "sh", ...command]
      return ChildProcess.spawn(limited[0] ?? "", limited.slice(1), {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, ...(state === undefined ? {} : { HABU_STATE: state }) },
        ...(user === undefined ? {} : { uid: user })
      })
    }),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )

export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  /** The lines of JSON that it printed. */
  readonly printed: ReadonlyArray<unknown>
  readonly errors: string
}

/** Waits until a worker prints something. */
export const printed = (child: ChildProcess.ChildProcess): Effect.Effect<void> =>
  Effect.async((resume) => {
    child.stdout?.once("data", () => resume(Effect.void))
  })

/** Waits for a worker's end. */
export const ended = (child: ChildProcess.ChildProcess): Effect.Effect<Ended> =>
  Effect.async((resume) => {
    let output = ""
    let errors = ""
    child.stdout?.setEncoding("utf8").on("data", (chunk) => output += chunk)
    child.stderr?.setEncoding("utf8").on("data", (chunk) => errors += chunk)
    child.on("close", (code, signal) => {
      // The last line of a killed process may be cut off.
      const lines = output.split("\n").slice(0, -1)
      resume(Effect.succeed({ code, signal, printed: lines.map((line) => JSON.parse(line)), errors }))
    })
  })

/** Runs a worker to its end. */
export const run = (given: ReadonlyArray<string>, options: Options): Effect.Effect<Ended> =>
  Effect.scoped(Effect.flatMap(start(given, options), ended))
