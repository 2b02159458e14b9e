// The built `habu-mcp sandbox` as a process of its own.
import * as Effect from "effect/Effect"
import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import * as Host from "./host.js"

export const launch = (args: ReadonlyArray<string>) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const child = spawn(process.execPath, [Host.command, "sandbox", ...args], {
        env: { PATH: process.env["PATH"] ?? "" },
        stdio: ["ignore", "pipe", "pipe"]
      })
      const output = { out: "", err: "" }
      child.stdout.on("data", (chunk: Buffer) => output.out += chunk.toString("utf8"))
      child.stderr.on("data", (chunk: Buffer) => output.err += chunk.toString("utf8"))
      const ended = new Promise<number | null>((resolve) => child.on("close", resolve))
      const first = new Promise<string>((resolve) => createInterface(child.stdout).once("line", resolve))
      return { child, output, ended, first }
    }),
    ({ child, ended }) =>
      Effect.promise(() => {
        child.kill("SIGKILL")
        return ended
      })
  )

// What it prints once it listens.
export interface Line {
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
}
