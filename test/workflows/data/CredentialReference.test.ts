import * as NodeContext from "@effect/platform-node/NodeContext"
import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import * as CredentialReference from "../../../src/workflows/data/CredentialReference.js"

const secret = "canary-5f1e-value"

const folder = Effect.acquireRelease(
  Effect.sync(() => {
    const base = fs.mkdtempSync(path.join(os.tmpdir(), "credentials-"))
    const inside = path.join(base, "inside")
    fs.mkdirSync(path.join(inside, "aws"), { recursive: true })
    fs.writeFileSync(path.join(base, "outside"), secret)
    fs.mkdirSync(`${inside}-beside`)
    fs.writeFileSync(path.join(`${inside}-beside`, "secret"), secret)
    fs.writeFileSync(path.join(inside, "aws", "key"), `${secret}\n`)
    fs.writeFileSync(path.join(inside, "empty"), "")
    fs.writeFileSync(path.join(inside, "huge"), "x".repeat(70_000))
    fs.symlinkSync(path.join(base, "outside"), path.join(inside, "link"))
    fs.symlinkSync(`${inside}-beside`, path.join(inside, "linked"))
    fs.symlinkSync(path.join(inside, "aws", "key"), path.join(inside, "within"))
    return inside
  }),
  (inside) => Effect.sync(() => fs.rmSync(path.dirname(inside), { recursive: true }))
)

const reading = (references: ReadonlyArray<string>, settings: ReadonlyMap<string, string>) =>
  Effect.flatMap(
    CredentialReference.CredentialReference,
    ({ read }) => Effect.forEach(references, (reference) => Effect.either(read("credential_values.KEY", reference)))
  ).pipe(
    Effect.provide(Layer.provide(CredentialReference.layer, NodeContext.layer)),
    Effect.withConfigProvider(ConfigProvider.fromMap(new Map(settings)))
  )

const said = (outcomes: Effect.Effect.Success<ReturnType<typeof reading>>) =>
  outcomes.map((outcome) => outcome._tag === "Right" ? Redacted.value(outcome.right) : outcome.left.code)

describe("references to secrets", () => {
  it.scoped("are variables HABU_CREDENTIAL_* and files inside the folder", () =>
    Effect.gen(function*() {
      const inside = yield* folder
      const outcomes = yield* reading(
        ["HABU_CREDENTIAL_AWS_KEY", " aws/key ", "within"],
        new Map([["HABU_CREDENTIAL_DIR", inside], ["HABU_CREDENTIAL_AWS_KEY", secret]])
      )
      assert.deepStrictEqual(said(outcomes), [secret, secret, secret])
    }))

  it.scoped("are nothing else, and a refusal repeats neither what was given nor what lies there", () =>
    Effect.gen(function*() {
      const inside = yield* folder
      const settings = new Map([
        ["HABU_CREDENTIAL_DIR", inside],
        ["HABU_API_SECRET", secret],
        ["PATH", secret],
        ["HABU_CREDENTIALS", secret],
        ["HABU_CREDENTIAL_", secret],
        ["HABU_CREDENTIAL_EMPTY", ""]
      ])
      const references = [
        "HABU_API_SECRET",
        "PATH",
        "HABU_CREDENTIALS",
        "HABU_CREDENTIAL_",
        "HABU_CREDENTIAL_DIR",
        "HABU_CREDENTIAL_EMPTY",
        "HABU_CREDENTIAL_UNSET",
        "habu_credential_dir",
        "HABU_CREDENTIAL_X/../../outside",
        "../outside",
        "aws/../../outside",
        "aws/..",
        "..",
        ".",
        "",
        "link",
        "linked/secret",
        "../inside-beside/secret",
        path.join(inside, "aws", "key"),
        "/etc/passwd",
        "aws",
        "empty",
        "huge",
        "aws\\key",
        "aws/key\u0000",
        "file:///etc/passwd",
        "~/.aws/credentials",
        "${HABU_API_SECRET}",
        secret.repeat(20)
      ]
      const outcomes = yield* reading(references, settings)
      assert.deepStrictEqual(
        references.filter((_, index) => outcomes[index]?._tag !== "Left"),
        []
      )
      assert.notInclude(JSON.stringify(outcomes), secret)
    }))

  it.scoped("are off unless one of the two is set", () =>
    Effect.gen(function*() {
      const outcomes = yield* reading(["HABU_CREDENTIAL_AWS_KEY", "aws/key"], new Map([["HOME", "/root"]]))
      assert.deepStrictEqual(said(outcomes), ["INPUT_INVALID", "INPUT_INVALID"])
    }))
})
